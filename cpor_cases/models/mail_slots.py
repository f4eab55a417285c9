"""When the next mail may go to a domain that limits how many it accepts per minute."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class MailSlot(models.Model):
    """When the next mail may go to a domain whose server takes so many a minute, or (`*`) to anybody at all."""

    name = models.CharField(_("domain"), max_length=255, unique=True)
    free_at = models.DateTimeField(_("next free"))

    class Meta:
        verbose_name = _("slot for mail")
        verbose_name_plural = _("slots for mail")

    def __str__(self) -> str:
        return self.name
