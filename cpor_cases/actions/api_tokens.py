"""The tokens of a court's own system for the API: issued and revoked by a court manager."""

import datetime as dt
import secrets

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables
from wagtail.log_actions import log

from cpor_cases.models import ApiToken
from cpor_cases.models.api_tokens import hash_of
from cpor_cases.permissions import can_manage_tokens
from cpor_core import conf
from cpor_core.models import Court

MARK = "cpor_"  # so that people and secret scanners recognise a token of this service
PREFIX_LENGTH = len(MARK) + 8
USE_NOTED_EVERY = dt.timedelta(minutes=10)


class LabelTaken(Exception):
    """A token of this court that has not been revoked has the same label."""


@sensitive_variables("secret")
@transaction.atomic
def issue(*, court: Court, label: str, by, now: dt.datetime | None = None) -> tuple[ApiToken, str]:
    """Issue a token for the court's system; return it with its secret, which is not stored. Raises LabelTaken."""
    if not can_manage_tokens(by, court):
        raise PermissionDenied
    now = now or timezone.now()
    secret = MARK + secrets.token_hex(32)
    try:
        with transaction.atomic():
            token = ApiToken.objects.create(
                court=court,
                label=label,
                prefix=secret[:PREFIX_LENGTH],
                secret_hash=hash_of(secret),
                created_at=now,
                created_by=by,
                expires_at=now + dt.timedelta(days=conf.API_TOKEN_DAYS),
            )
    except IntegrityError as error:
        if ApiToken.objects.filter(court=court, label=label, revoked_at=None).exists():
            raise LabelTaken from error
        raise
    log(instance=token, action="cpor_cases.token.issue", user=by)
    return token, secret


@transaction.atomic
def revoke(*, token: ApiToken, by, now: dt.datetime | None = None) -> bool:
    """Revoke a token; return whether it had not been revoked before."""
    if not can_manage_tokens(by, token.court):
        raise PermissionDenied
    standing = ApiToken.objects.filter(pk=token.pk, revoked_at=None)
    if not standing.update(revoked_at=now or timezone.now(), revoked_by=by):
        return False
    log(instance=token, action="cpor_cases.token.revoke", user=by)
    return True


def note_use(token: ApiToken, now: dt.datetime | None = None) -> None:
    """Record when a token was last used, to within ten minutes, so that not every call writes a row."""
    now = now or timezone.now()
    if token.last_used_at and now - token.last_used_at < USE_NOTED_EVERY:
        return
    stale = Q(last_used_at=None) | Q(last_used_at__lte=now - USE_NOTED_EVERY)
    ApiToken.objects.filter(stale, pk=token.pk).update(last_used_at=now)
