"""The rate at which mail goes out: to one domain, and in all."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RateSlot(models.Model):
    """The rate at which mail goes out: to one domain, and in all."""

    name = models.CharField(_("domain"), max_length=255, unique=True)
    free_at = models.DateTimeField(_("next free"))

    class Meta:
        verbose_name = _("slot for mail")
        verbose_name_plural = _("slots for mail")

    def __str__(self) -> str:
        return self.name
