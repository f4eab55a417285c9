"""Sessions: renewed, and ended."""

from allauth.usersessions.models import UserSession
from django.db import transaction
from django.http import HttpRequest

from cpor_cases.actions import staff
from cpor_cases.permissions import require_charge
from cpor_core.security_log import Event, Reason, record


def renew(request: HttpRequest) -> None:
    """Give the current session a new key, so that a stolen older key does not benefit from what was just proven."""
    former = request.session.session_key
    request.session.cycle_key()
    UserSession.objects.filter(session_key=former).update(session_key=request.session.session_key)


@transaction.atomic
def end_all(account, *, but: str | None = None) -> int:
    """End every session of an account, except the one whose key is `but`; return how many were ended."""
    sessions = list(UserSession.objects.filter(user=account).exclude(session_key=but or ""))
    for session in sessions:
        session.end()
    return len(sessions)


@transaction.atomic
def end_of_staff(*, account, by, keys: list[str] | None = None) -> int:
    """End the sessions of a member of staff, or only those with these session keys; return how many were ended.

    Raises PermissionDenied.
    """
    require_charge(by, account)
    sessions = UserSession.objects.filter(user=account)
    if keys is not None:
        sessions = sessions.filter(session_key__in=keys)
    ended = list(sessions)
    for session in ended:
        session.end()
    if ended:
        staff.log_about(account, "session.end", by=by)
        record(Event.SESSION_ENDED, reason=Reason.OTHER_SESSION, account=account, actor=by)
    return len(ended)
