"""Recording, approving and refusing applications."""

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from cpor_cases import signals
from cpor_cases.mail import notifications
from cpor_cases.models import Application, Case, CaseAccess, Petition, RefusalReason
from cpor_cases.permissions import require_right
from cpor_core.case_numbers import CaseNumber
from cpor_core.email_addresses import usable
from cpor_core.models import Court, PartyRole
from cpor_core.translated.fields import first_text

from . import access, account_activation, entitlement


class NotPending(Exception):
    """The application has been decided already."""


class Forbidden(Exception):
    """The rules forbid the approval; `obstacles` says why."""

    def __init__(self, obstacles: list[entitlement.Obstacle]):
        super().__init__(", ".join(obstacles))
        self.obstacles = obstacles


class OtherName(Exception):
    """The address belongs to an account that does not carry this name; the clerk must say that it is the same person.

    The names are not given here: some may be another court's (rule 8).
    """


@transaction.atomic
def record(
    *,
    court: Court,
    category: str,
    number: CaseNumber,
    applicant_name: str,
    role: PartyRole,
    email: str,
    received_on: dt.date,
    by,
    receipt_number: str = "",
    phone: str = "",
    language: str = settings.LANGUAGE_CODE,
    petition: Petition | None = None,
    address_proved_at: dt.datetime | None = None,
    log_data: dict | None = None,
) -> Application:
    """Record an application from a paper form as pending; its case is created if it is new.

    Of a paper that was made on the site, `petition_papers` gives the `petition`, and when its address was proved.
    """
    require_right(by, "add_application", court)
    case = find_or_make_case(court=court, category=category, number=number)
    application = Application.objects.create(
        case=case,
        court=court,
        applicant_name=applicant_name.strip(),
        role=role,
        email=usable(email) if email.strip() else "",
        language=language,
        received_on=received_on,
        receipt_number=receipt_number.strip(),
        phone=phone.strip(),
        petition=petition,
        address_proved_at=address_proved_at,
        recorded_by=by,
    )
    log(instance=application, action="wagtail.create", user=by, data=log_data)
    return application


def find_or_make_case(*, court: Court, category: str, number: CaseNumber) -> Case:
    """Return the case of a number, created if it is new, locked until the transaction ends: no merge can delete it."""
    numbered = Case.objects.of_number(court=court, category=category, number=number)
    while True:
        Case.objects.get_or_create(court=court, category=category, **number._asdict())
        case = numbered.select_for_update(no_key=True).first()
        if case:
            return case


@transaction.atomic
def approve(
    *, application: Application, by, same_person: bool = False, now: dt.datetime | None = None
) -> CaseAccess:
    """Accept a pending application: open its case to the account of its address, and write the mail that says so.

    The first approval makes the account, inactive, and posts the activation link. With `same_person` the clerk confirms
    that an account under another name is this applicant's. Raises NotPending, Forbidden or OtherName.
    """
    application = _locked(application, by)
    if found := entitlement.obstacles_of(application):
        raise Forbidden(found)
    account, is_new = account_activation.find_or_make_inactive(
        email=application.email, language=application.language
    )
    is_other_name = not is_new and account_activation.is_other_name(account, application.applicant_name)
    if is_other_name and not same_person:
        raise OtherName

    application.status = Application.Status.APPROVED
    application.account = account
    _decide(application, by, now)
    try:
        granted = access.grant(application=application, account=account, now=now)
    except access.StaffAccount as became_staff:
        raise Forbidden([entitlement.Obstacle.STAFF_ACCOUNT]) from became_staff
    data = {"same_person_under_another_name": True} if is_other_name else None
    log(instance=application, action="cpor_cases.application.approve", user=by, data=data)

    if not account.is_active:
        account_activation.invite(account=account, application=application, now=now)
    elif granted.application_id == application.pk:  # otherwise the person follows the case already
        notifications.case_added(granted)
    return granted


@transaction.atomic
def refuse(*, application: Application, by, reason: RefusalReason, now: dt.datetime | None = None) -> None:
    """Refuse a pending application for one of the fixed reasons. Nothing is sent (rule 1). Raises NotPending."""
    application = _locked(application, by)
    application.status = Application.Status.REFUSED
    application.refusal_reason = reason
    _decide(application, by, now)
    data = {"reason": reason.code, "reason_given": first_text(reason, "name")}
    log(instance=application, action="cpor_cases.application.refuse", user=by, data=data)


def _locked(application: Application, by) -> Application:
    """Return the row as it is now, locked against a second clerk. Raises NotPending.

    Its case is read after the lock is held: a merge may have replaced it by then.
    """
    application = Application.objects.select_for_update().get(pk=application.pk)
    require_right(by, "change_application", application.case.court)
    if not application.is_pending:
        raise NotPending
    return application


def _decide(application: Application, by, now: dt.datetime | None) -> None:
    application.decided_by = by
    application.decided_at = now or timezone.now()
    application.save(update_fields=["status", "account", "refusal_reason", "decided_by", "decided_at"])
    decided = {"application": application.pk, "status": str(application.status)}
    signals.send_on_commit(signals.application_decided, Application, **decided)
