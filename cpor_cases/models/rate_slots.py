"""Rate slots: when the next mail may be sent."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RateSlot(models.Model):
    """When the next mail may go to a domain that limits how many it accepts per minute, or (`*`) to anybody at all."""

    name = models.CharField(_("domain"), max_length=255, unique=True)
    free_at = models.DateTimeField(_("next free"))

    class Meta:
        verbose_name = _("rate slot of email")
        verbose_name_plural = _("rate slots of email")

    def __str__(self) -> str:
        return self.name
