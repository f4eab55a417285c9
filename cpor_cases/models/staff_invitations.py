"""Invitations to work in the office, until they are accepted, withdrawn or too old."""

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cpor_core.email_addresses import NormalEmailField
from cpor_core.models.courts import Court


class StaffInvitation(models.Model):
    """Somebody was invited by mail to work in the office, in a role and at a court; accepting it deletes the row.

    The account owns the address. It gets no rights before the invitation is accepted, and none at all if it turns out
    to be a litigant's: whoever invites sees the same row either way (rule 4). The link is the account's EnrolmentLink.
    """

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="staff_invitations",
        verbose_name=pgettext_lazy("account", "account"),
    )
    address = NormalEmailField(_("address"))
    last_name = models.CharField(_("family name"), max_length=150)
    first_name = models.CharField(_("given name"), max_length=150, blank=True)
    role = models.ForeignKey(
        Group, on_delete=models.CASCADE, related_name="+", verbose_name=pgettext_lazy("staff", "role")
    )
    court = models.ForeignKey(
        Court, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("court")
    )
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("invited by"),
        help_text=_("Nobody: a command of the operator."),
    )
    sent_at = models.DateTimeField(_("link sent"), default=timezone.now)
    expires_at = models.DateTimeField(_("link expires"))

    class Meta:
        verbose_name = pgettext_lazy("staff", "invitation")
        verbose_name_plural = pgettext_lazy("staff", "invitations")
        ordering = ["-sent_at", "-pk"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["account", "court"], name="one_invitation_per_court")]

    def __str__(self) -> str:
        return f"{self.role} · {self.court}" if self.court else str(self.role)
