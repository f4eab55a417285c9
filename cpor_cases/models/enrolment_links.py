"""Links by which members of staff set up their first second factor."""

import datetime as dt
import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class EnrolmentLink(models.Model):
    """The link of one member of staff: a new one voids it. The link itself is signed when it is sent, and never stored."""

    account = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="enrolment_link",
        verbose_name=pgettext_lazy("account", "account"),
    )
    public_id = models.UUIDField(_("public id"), default=uuid.uuid4, unique=True, editable=False)
    issued_at = models.DateTimeField(_("issued"), default=timezone.now)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("issued by"),
        help_text=_("Nobody: a command of the operator."),
    )
    expires_at = models.DateTimeField(_("link expires"))
    used_at = models.DateTimeField(_("used"), null=True, blank=True)

    class Meta:
        verbose_name = _("enrolment link")
        verbose_name_plural = _("enrolment links")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.pk}"

    def is_usable(self, at: dt.datetime | None = None) -> bool:
        """Whether the link is neither used nor expired."""
        return self.used_at is None and (at or timezone.now()) < self.expires_at
