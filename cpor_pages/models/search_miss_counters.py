"""Searches without a hit by month: no person, address or session is kept with them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SearchMissCounter(models.Model):
    """A search that found nothing, and how often in a month."""

    query = models.CharField(_("searched for"), max_length=100)
    month = models.DateField(_("month"))
    count = models.PositiveIntegerField(_("times"), default=0)

    class Meta:
        verbose_name = _("search without a hit")
        verbose_name_plural = _("searches without a hit")
        constraints = [models.UniqueConstraint(fields=["query", "month"], name="unique_search_miss_counter")]

    def __str__(self) -> str:
        return self.query
