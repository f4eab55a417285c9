"""At which step people stop filling in a petition: counts by month. No person, address or session is kept with them."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class PetitionCounter(models.Model):
    """How many petitions reached a step in a month, each counted once however often its person came back to it."""

    month = models.DateField(_("month"), help_text=_("Its first day."))
    step = models.CharField(pgettext_lazy("of a petition", "step"), max_length=20)
    reached = models.PositiveIntegerField(pgettext_lazy("petitions", "reached"), default=0)

    class Meta:
        verbose_name = _("petitions that reached a step")
        verbose_name_plural = _("petitions that reached a step")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["month", "step"], name="unique_petition_counter")]

    def __str__(self) -> str:
        return f"{self.step} {self.month:%Y-%m}"
