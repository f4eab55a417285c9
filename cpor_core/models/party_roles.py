"""The roles in which somebody takes part in a case."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cpor_core.translated.fields import TranslatedField
from cpor_core.translated.lookups import FirstLanguage

from .courts import Category


class PartyRole(models.Model):
    """身分: as what somebody takes part in a case of one category, and whether that entitles to follow it."""

    category = models.CharField(_("category"), max_length=20, choices=Category.choices)
    name = TranslatedField(pgettext_lazy("role of a party", "name"), max_length=80)
    is_entitled = models.BooleanField(_("may apply"), default=False)
    source = models.CharField(_("source"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        ordering = ["category", "pk"]
        constraints = [
            models.UniqueConstraint(
                "category",
                FirstLanguage("name"),
                name="unique_role",
                violation_error_message=_("There is already a role with this name in this category."),
            )
        ]

    def __str__(self) -> str:
        return self.name
