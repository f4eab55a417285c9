"""Granting and ending the access of an account to a case."""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from cpor_cases import signals
from cpor_cases.mail import notifications
from cpor_cases.models import Application, CaseAccess
from cpor_cases.permissions import is_staff_account, require_right


class StaffAccount(Exception):
    """The account may enter the office: it receives no case (rule 4)."""


def require_litigant(account) -> None:
    """Raise StaffAccount if this account cannot receive a case. Every action that gives access calls this."""
    if is_staff_account(account):
        raise StaffAccount


@transaction.atomic
def grant(*, application: Application, account, now: dt.datetime | None = None) -> CaseAccess:
    """Let `account` see the case of an approved application; return its live access.

    A live access stays as it is: there is one per account and case. Raises StaffAccount.
    """
    require_litigant(account)
    access, made = CaseAccess.objects.live().get_or_create(
        account=account,
        case=application.case,
        defaults={"application": application, "granted_at": now or timezone.now(), "ended_at": None},
    )
    if made:
        log(instance=access, action="cpor_cases.access.grant", user=application.decided_by)
    return access


@transaction.atomic
def revoke(
    *,
    access: CaseAccess,
    by,
    reason: CaseAccess.EndReason = CaseAccess.EndReason.REVOKED,
    remark: str = "",
    now: dt.datetime | None = None,
) -> None:
    """End an access for the court; from now on the case is neither shown nor mailed about.

    The `remark` is logged and shown to nobody outside the court.
    """
    require_right(by, "change_caseaccess", access.case.court)
    access = CaseAccess.objects.select_for_update().get(pk=access.pk)
    if access.ended_at is not None:
        return
    access.ended_at = now or timezone.now()
    access.ended_by = by
    access.end_reason = reason
    access.save(update_fields=["ended_at", "ended_by", "end_reason"])
    data = {"reason": str(reason)} | ({"reason_given": remark} if remark else {})
    log(instance=access, action="cpor_cases.access.revoke", user=by, data=data)
    _tell_end(access)


@transaction.atomic
def leave(*, access: CaseAccess, now: dt.datetime | None = None) -> None:
    """End an access for its person; their own name and note of the case are deleted and a mail confirms it.

    The history of the case shows it to the court. Only a new application gives access again.
    """
    access = CaseAccess.objects.select_for_update(of=("self",)).select_related("account").get(pk=access.pk)
    if access.ended_at is not None:
        return
    access.ended_at = now or timezone.now()
    access.ended_by = access.account
    access.end_reason = CaseAccess.EndReason.LEFT
    access.own_name = access.note = ""
    access.save(update_fields=["ended_at", "ended_by", "end_reason", "own_name", "note"])
    log(instance=access, action="cpor_cases.access.leave", user=access.account)
    notifications.case_left(access)
    _tell_end(access)


def _tell_end(access: CaseAccess) -> None:
    ended = {"access": access.pk, "reason": str(access.end_reason)}
    signals.send_on_commit(signals.access_ended, CaseAccess, **ended)
