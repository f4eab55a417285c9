"""Correcting the address of an approved application."""

import datetime as dt

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from wagtail.log_actions import log

from cpor_cases.actions.access import require_litigant
from cpor_cases.actions.applications import OtherName
from cpor_cases.mail import notifications
from cpor_cases.models import Activation, Application, CaseAccess, OutgoingMail
from cpor_cases.permissions import require_right
from cpor_core.email_addresses import usable

from . import account_activation


class AlreadyActive(Exception):
    """The account is in use: its person changes the address, after logging in."""


class NothingToMove(Exception):
    """The application has no live access, or the account of the address has one to this case already."""


@transaction.atomic
def correct(
    *, application: Application, email: str, by, same_person: bool = False, now: dt.datetime | None = None
) -> CaseAccess:
    """Move the access of an approved application to the account of `email`, and write the mail that says so.

    Only while the former account is inactive. Its activation links are void once it has no other live access. Raises
    AlreadyActive, NothingToMove, OtherName or StaffAccount.
    """
    application = Application.objects.select_for_update().get(pk=application.pk)
    require_right(by, "change_application", application.case.court)
    access = application.accesses.live().first()
    before = application.account
    if access is None or before is None:
        raise NothingToMove
    if before.is_active:
        raise AlreadyActive
    email = usable(email)
    account, is_new = account_activation.find_or_make_inactive(email=email, language=application.language)
    require_litigant(account)
    if account == before or CaseAccess.objects.live().filter(account=account, case=access.case).exists():
        raise NothingToMove
    is_other_name = not is_new and account_activation.is_other_name(account, application.applicant_name)
    if is_other_name and not same_person:
        raise OtherName

    _move(application, access, account=account, email=email)
    _void_unused_links(before, now or timezone.now())
    data = {"same_person_under_another_name": True} if is_other_name else None
    log(instance=application, action="cpor_cases.application.readdress", user=by, data=data)

    if account.is_active:
        notifications.case_added(access)
    else:
        account_activation.invite(account=account, application=application, now=now)
    return access


def _move(application: Application, access: CaseAccess, *, account, email: str) -> None:
    application.email, application.account, access.account = email, account, account
    application.address_proved_at = None
    application.save(update_fields=["email", "account", "address_proved_at"])
    access.save(update_fields=["account"])


def _void_unused_links(account, now: dt.datetime) -> None:
    """Void the links and drop the waiting mails of an account without any live access."""
    if CaseAccess.objects.live().filter(account=account).exists():
        return
    Activation.objects.filter(account=account).update(round=F("round") + 1)
    unsent = OutgoingMail.objects.unsent().filter(account=account, lease=None)
    unsent.update(state=OutgoingMail.State.DROPPED, ended_at=now)
