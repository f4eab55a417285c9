"""Ending the sessions of an account."""

from allauth.usersessions.models import UserSession
from django.db import transaction


@transaction.atomic
def end_all(account, *, but: str | None = None) -> int:
    """End every session of an account, except the one whose key is `but`; return how many were ended."""
    sessions = list(UserSession.objects.filter(user=account).exclude(session_key=but or ""))
    for session in sessions:
        session.end()
    return len(sessions)
