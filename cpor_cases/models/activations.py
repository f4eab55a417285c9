"""The activation of an account by the link in its first mail."""

import datetime as dt
import uuid

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cpor_core.spellings import fold_name

from .case_accesses import CaseAccess


class ActivationQuerySet(models.QuerySet):
    def for_clerk(self, user) -> "ActivationQuerySet":
        """Those of people who may see a case of the clerk's courts now."""
        rights = CaseAccess.objects.in_force().for_clerk(user)
        return self.filter(Exists(rights.filter(account=OuterRef("account"))))


class Activation(models.Model):
    """The activation of an account by the link in its first mail.

    The link itself is never stored: it is signed over `public_id` and `round` when the mail is sent, so that a new round
    voids every earlier link.
    """

    account = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="activation",
        verbose_name=pgettext_lazy("account", "account"),
    )
    public_id = models.UUIDField(default=uuid.uuid4, editable=False, unique=True)
    round = models.PositiveSmallIntegerField(_("round"), default=1)
    link_expires_at = models.DateTimeField(_("link expires"))
    wrong_names = models.PositiveSmallIntegerField(_("wrong names"), default=0)
    locked_at = models.DateTimeField(pgettext_lazy("link", "locked"), null=True, blank=True)
    activated_at = models.DateTimeField(_("activated"), null=True, blank=True)

    objects = ActivationQuerySet.as_manager()

    class Meta:
        verbose_name = _("activation")
        verbose_name_plural = _("activations")
        indexes = [
            # The links that are not used: the first page lists those that are locked, or have been so for days.
            models.Index(
                fields=["link_expires_at", "locked_at"],
                condition=models.Q(activated_at=None),
                name="unused_activations",
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def is_activated(self) -> bool:
        return self.activated_at is not None

    @property
    def is_locked(self) -> bool:
        return self.locked_at is not None

    def is_expired(self, at: dt.datetime | None = None) -> bool:
        return (at or timezone.now()) >= self.link_expires_at

    def accepts_name(self, name: str) -> bool:
        """Whether `name` is the one on an application of a live access of this account."""
        names = CaseAccess.objects.live().filter(account_id=self.account_id)
        known = names.values_list("application__applicant_name", flat=True)
        return bool(fold_name(name)) and fold_name(name) in {fold_name(each) for each in known}
