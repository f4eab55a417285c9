"""What the session at hand has proven by a second factor, and what it may do with it."""

import time
import uuid

from allauth.account import app_settings as account_settings
from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.http import HttpRequest

from cpor_cases.actions.second_factors import FACTORS, has_second_factor, is_link_usable
from cpor_cases.permissions import is_staff_account
from cpor_core.allauth_internals import record_authentication

LINK_IN_SESSION = "enrolment_link"
BY_LINK = "logged_in_by_enrolment_link"


def keep_link(request: HttpRequest, public_id: str) -> None:
    """Note in the session which enrolment link was opened in it; the note survives the log-in that follows."""
    request.session[LINK_IN_SESSION] = public_id


def note_log_in_by_link(request: HttpRequest) -> None:
    """Note in the session that an enrolment link alone opened it: it opens no office before a factor is set up."""
    request.session[BY_LINK] = True


def is_by_link(request: HttpRequest) -> bool:
    """Whether an enrolment link alone opened the session of the request."""
    return request.session.get(BY_LINK, False)


def link_of(request: HttpRequest) -> str:
    """Return the public id of the enrolment link noted in the session; without one, an id that no link has."""
    return request.session.get(LINK_IN_SESSION, uuid.UUID(int=0).hex)


def may_add_factor(request: HttpRequest) -> bool:
    """Whether the person may add a factor in the session of the request: staff add their first one only by an enrolment link."""
    user = request.user
    return not is_staff_account(user) or has_second_factor(user) or is_link_usable(user, link_of(request))


def may_change_address(request: HttpRequest, account) -> bool:
    """Whether the session of the request may change the e-mail address of an account.

    Staff get their enrolment links at that address, so a password alone must not be enough to change it.
    """
    if not is_staff_account(account):
        return True
    return request.user.is_authenticated and request.user.pk == account.pk and is_proven(request)


def record_enrolment(request: HttpRequest, authenticator: Authenticator) -> None:
    """Note in the session that this factor was used: a person who has just set it up has just used it."""
    record_authentication(
        request,
        authenticator.user,
        "mfa",
        id=authenticator.pk,
        type=authenticator.type,
        reauthenticated=True,
    )


def is_proven(request: HttpRequest) -> bool:
    """Whether the session of the request has itself proven a second factor that the account still has."""
    proven = {record.get("id") for record in _proofs(request)}
    if not proven:
        return False
    types = dict(Authenticator.objects.filter(user_id=request.user.pk).values_list("pk", "type"))
    return not proven.isdisjoint(types) and not set(FACTORS).isdisjoint(types.values())


def is_confirmed(request: HttpRequest) -> bool:
    """Whether a second factor was used again in the session of the request within the reauthentication time-out."""
    latest = max((record["at"] for record in _proofs(request) if record.get("reauthenticated")), default=0)
    return time.time() - latest < account_settings.REAUTHENTICATION_TIMEOUT


def _proofs(request: HttpRequest) -> list[dict]:
    return [each for each in get_authentication_records(request, request.user) if each["method"] == "mfa"]
