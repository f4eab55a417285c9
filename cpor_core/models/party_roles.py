"""The roles in which somebody takes part in a case."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .bilingual import in_reader_language
from .courts import Category


class PartyRole(models.Model):
    """身分: as what somebody takes part in a case of one category, and whether that entitles to follow it."""

    category = models.CharField(_("category"), max_length=20, choices=Category.choices)
    name_zh = models.CharField(_("name in Chinese"), max_length=40)
    name_en = models.CharField(_("name in English"), max_length=80)
    is_entitled = models.BooleanField(_("may apply"), default=False)
    source = models.CharField(_("source"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        ordering = ["category", "pk"]
        constraints = [models.UniqueConstraint(fields=["category", "name_zh"], name="unique_role")]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return in_reader_language(self.name_zh, self.name_en)
