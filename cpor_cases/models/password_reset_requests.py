"""Requests for a new password that the worker has not answered yet."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class PasswordResetRequest(models.Model):
    """What somebody typed who forgot a password, whether there is such an account or not, until the worker answers it.

    The web request only writes this row, so that its response time does not tell whether the account exists.
    """

    typed = models.CharField(_("account name or email address"), max_length=254)
    requested_at = models.DateTimeField(_("requested"), default=timezone.now)

    class Meta:
        verbose_name = _("request for a new password")
        verbose_name_plural = _("requests for a new password")

    def __str__(self) -> str:
        return f"{self.pk}"
