"""The tokens with which courts' systems authenticate at the API."""

import datetime as dt
import hashlib

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from cpor_core.models.courts import Court


def hash_of(secret: str) -> str:
    """Return what is stored of a token's secret.

    One round of SHA-256 suffices, unlike for passwords: the secret is 256 random bits, which nobody can guess however
    fast each try is, and a plain hash can be found by an index at every call.
    """
    return hashlib.sha256(secret.encode()).hexdigest()


class ApiTokenQuerySet(models.QuerySet):
    def for_clerk(self, user) -> "ApiTokenQuerySet":
        return self.filter(court__in=Court.objects.for_clerk(user))

    def active(self, at: dt.datetime | None = None) -> "ApiTokenQuerySet":
        """The tokens that are neither revoked nor expired at that moment."""
        return self.filter(revoked_at=None, expires_at__gt=at or timezone.now())

    def of_secret(self, secret: str) -> "ApiTokenQuerySet":
        return self.filter(secret_hash=hash_of(secret))


class ApiToken(models.Model):
    """One token of a court's system for the API. The secret itself is shown once and never stored."""

    court = models.ForeignKey(
        Court, on_delete=models.PROTECT, related_name="api_tokens", verbose_name=_("court")
    )
    label = models.CharField(
        pgettext_lazy("token", "label"),
        max_length=60,
        help_text=_("Which system or machine uses it: Case system, main hall."),
    )
    prefix = models.CharField(_("begins with"), max_length=20)
    secret_hash = models.CharField(pgettext_lazy("secret", "hash"), max_length=64)
    created_at = models.DateTimeField(pgettext_lazy("token", "created"), default=timezone.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("created by")
    )
    expires_at = models.DateTimeField(_("expires"))
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("revoked by"),
    )

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("court system", "API token")
        verbose_name_plural = pgettext_lazy("court system", "API tokens")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["secret_hash"], name="unique_token_secret"),
            # It also keeps a form that is sent twice from making a second token.
            models.UniqueConstraint(
                fields=["court", "label"], condition=Q(revoked_at=None), name="unique_label_of_standing_token"
            ),
            models.CheckConstraint(
                condition=Q(revoked_at=None, revoked_by=None)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="token_revoked_at_and_by",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")), name="token_expires_after_it_was_created"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label} ({self.prefix}…)"

    @property
    def is_revoked(self) -> bool:
        return self.revoked_at is not None

    @property
    def is_expired(self) -> bool:
        return self.expires_at <= timezone.now()

    @property
    def is_active(self) -> bool:
        return not self.is_revoked and not self.is_expired

    @property
    def state(self) -> str:
        if self.is_revoked:
            return gettext("revoked")
        return pgettext("token", "expired") if self.is_expired else gettext("in use")
