"""The security log: one JSON line per event that matters to whoever guards the service.

Log-ins and failed ones, log-outs, second factors, changes of passwords, addresses, roles and posts, refusals and rate limits.
Its values are keys, members of the enumerations below and names of our own views: nothing that anybody typed can get in.
"""

import hashlib
import hmac
import json
import logging
from enum import StrEnum

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.dispatch import Signal
from django.utils import timezone

from . import request_ids
from .actors import ActorKind, kind_of

logger = logging.getLogger("cpor.security")

# Sent for each line, with the arguments of `record`; `data` is for the audit alone, which may name staff.
recorded = Signal()


class Event(StrEnum):
    """What happened. A new kind of event is a new line here."""

    LOGIN = "login"
    LOGOUT = "logout"
    REAUTHENTICATION = "reauthentication"
    SECOND_FACTOR = "second_factor"
    FACTOR_ADDED = "factor_added"
    FACTOR_REMOVED = "factor_removed"
    FACTOR_RESET = "factor_reset"
    ENROLMENT_LINK = "enrolment_link"
    SESSION_ENDED = "session_ended"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 (an event, not a password)
    PASSWORD_RESET = "password_reset"  # noqa: S105
    ADDRESS_CHANGED = "address_changed"
    ACCOUNT_RENAMED = "account_renamed"
    ACCOUNT_ACTIVATED = "account_activated"
    ACCOUNT_DEACTIVATED = "account_deactivated"
    ROLES_CHANGED = "roles_changed"
    POST_ASSIGNED = "post_assigned"
    POST_REMOVED = "post_removed"
    REFUSAL = "refusal"
    RATE_LIMIT = "rate_limit"


class Outcome(StrEnum):
    SUCCESS = "success"
    FAILURE = "failure"


class Reason(StrEnum):
    """Why, where the event alone does not say it. A new reason is a new line here."""

    NONE = ""
    WRONG_CREDENTIALS = "wrong_credentials"
    WRONG_CODE = "wrong_code"
    NOT_AUTHENTICATED = "not_authenticated"
    NOT_PERMITTED = "not_permitted"
    NOT_FOUND = "not_found"
    TOO_MANY = "too_many"
    PLAIN_HTTP = "plain_http"
    WEBAUTHN = "webauthn"
    TOTP = "totp"
    RECOVERY_CODES = "recovery_codes"
    GROUPS = "groups"
    PERMISSIONS = "permissions"
    SUPERUSER = "superuser"
    BY_COMMAND = "by_command"
    OTHER_SESSION = "other_session"
    EXPIRED = "expired"
    UNDONE = "undone"


def record(
    event: Event,
    *,
    outcome: Outcome = Outcome.SUCCESS,
    reason: Reason = Reason.NONE,
    account=None,
    actor=None,
    request=None,
    data: dict | None = None,
) -> None:
    """Write one line: who did what to whose account, from where, with what outcome.

    `account` is the user whom the event concerns; `actor` the one who caused it, by default the user of the `request` or,
    if nobody is logged in yet, `account`; without a request the system. `event`, `outcome` and `reason` must be members of
    the enumerations above (ValueError otherwise), so that no caller can pass on text that somebody typed. The source is a keyed digest of the internet address: equal
    digests are equal addresses, and nobody without the site's key can tell which.
    """
    is_proven = outcome == Outcome.SUCCESS and request is not None
    actor = actor or _user_of(request) or (account if is_proven else None)
    kind = ActorKind.ANONYMOUS if request is not None and actor is None else kind_of(actor)
    facts = {
        "time": timezone.now().isoformat(timespec="milliseconds"),
        "event": Event(event).value,
        "outcome": Outcome(outcome).value,
        "reason": Reason(reason).value,
        "account": _key_of(account),
        "actor": _key_of(actor),
        "actor_kind": kind.value,
        "view": _view_of(request),
        "request": request_ids.current(),
        "source": source_of(request),
    }
    logger.info(json.dumps(facts))
    recorded.send(
        Event, event=Event(event), outcome=Outcome(outcome), account=account, actor=actor, data=data
    )


def record_rate_limit(request, *, account=None) -> None:
    """Write the line of a limit that a form answers with a sentence; the middleware sees those answered with 429."""
    record(
        Event.RATE_LIMIT, outcome=Outcome.FAILURE, reason=Reason.TOO_MANY, account=account, request=request
    )


def source_of(request) -> str:
    """Return the keyed digest of the internet address that a request came from; empty without one."""
    if request is None or not request.META.get("REMOTE_ADDR"):
        return ""
    address = get_adapter().get_client_ip(request)  # counts the trusted proxies, as the rate limits do
    key = hashlib.sha256(b"cpor_core.security_log" + settings.SECRET_KEY.encode()).digest()
    return hmac.new(key, str(address).encode(), hashlib.sha256).hexdigest()[:16]


def _user_of(request):
    user = getattr(request, "user", None)
    return user if user is not None and user.is_authenticated else None


def _key_of(user) -> int | None:
    return getattr(user, "pk", None)


def _view_of(request) -> str:
    """The name of the view: the path itself may hold a secret or a key."""
    match = getattr(request, "resolver_match", None)
    return match.view_name if match and match.view_name else ""
