"""Hashes of the latest passwords of accounts, so that none of them is used again."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class PastPassword(models.Model):
    """The hash of one password of an account; of the present one, too."""

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="past_passwords",
        verbose_name=pgettext_lazy("account", "account"),
    )
    hash = models.CharField(pgettext_lazy("secret", "hash"), max_length=128)
    set_at = models.DateTimeField(_("set at"), default=timezone.now)

    class Meta:
        verbose_name = _("earlier password")
        verbose_name_plural = _("earlier passwords")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.pk}"
