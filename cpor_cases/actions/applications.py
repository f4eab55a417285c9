"""Recording, approving and refusing applications."""

import datetime as dt
from enum import StrEnum

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cpor_cases.address_register import find_by_address
from cpor_cases.mail import notifications
from cpor_cases.models import Application, Case, CaseAccess, RefusalReason
from cpor_cases.permissions import is_staff_account, require_post
from cpor_core.case_numbers import CaseNumber
from cpor_core.email_addresses import usable
from cpor_core.models import CaseWord, Court, PartyRole

from . import access, account_activation


class Obstacle(StrEnum):
    """What the law forbids: with any of these an application cannot be approved (law of the house, 1)."""

    NO_EMAIL = "no_email"
    ROLE_NOT_ENTITLED = "role_not_entitled"
    WORD_UNKNOWN = "word_unknown"
    WORD_NOT_OPEN = "word_not_open"
    STAFF_ACCOUNT = "staff_account"

    @property
    def sentence(self) -> str:
        return {
            Obstacle.NO_EMAIL: _("The form gives no e-mail address, so it cannot be approved."),
            Obstacle.ROLE_NOT_ENTITLED: _("In a case of this category this role does not entitle to apply."),
            Obstacle.WORD_UNKNOWN: _("This case word is not in use at this court in this category."),
            Obstacle.WORD_NOT_OPEN: _(
                "This case word was not open to queries on the day the form was received."
            ),
            Obstacle.STAFF_ACCOUNT: _(
                "The address belongs to an account of the court's staff. Such accounts receive no case: "
                "the applicant needs another address."
            ),
        }[self]


class NotPending(Exception):
    """The application has been decided already."""


class Forbidden(Exception):
    """The law of the house forbids the approval; `obstacles` says why."""

    def __init__(self, obstacles: list[Obstacle]):
        super().__init__(", ".join(obstacles))
        self.obstacles = obstacles


class OtherName(Exception):
    """The address belongs to an account that does not carry this name; the clerk must say that it is the same person.

    The names are not told here: some may be another court's (law of the house, 8).
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
    language: str = "zh-hant",
) -> Application:
    """Put a paper application on record as pending; the case is made if it is new."""
    require_post(by, court)
    case = find_or_make_case(court=court, category=category, number=number)
    application = Application.objects.create(
        case=case,
        applicant_name=applicant_name.strip(),
        role=role,
        email=usable(email) if email.strip() else "",
        language=language,
        received_on=received_on,
        receipt_number=receipt_number.strip(),
        recorded_by=by,
    )
    log(instance=application, action="wagtail.create", user=by)
    return application


def find_or_make_case(*, court: Court, category: str, number: CaseNumber) -> Case:
    """Return the case of a number, made if it is new, and held until the transaction ends: no merge takes it away."""
    facts = {
        "court": court,
        "category": category,
        "year": number.year,
        "word": number.word,
        "number": number.number,
    }
    while True:
        Case.objects.get_or_create(**facts)
        case = Case.objects.select_for_update(no_key=True).filter(**facts).first()
        if case:
            return case


def obstacles(application: Application) -> list[Obstacle]:
    """Return what forbids approving `application`, in the order of the form."""
    case = application.case
    return find_obstacles(
        court=case.court,
        category=case.category,
        word=case.word,
        role=application.role,
        email=application.email,
        received_on=application.received_on,
        account=find_by_address(application.email) if application.email else None,
    )


def find_obstacles(
    *,
    court: Court,
    category: str,
    word: str,
    role: PartyRole | None,
    email: str,
    received_on: dt.date,
    account=None,
) -> list[Obstacle]:
    """Return what would forbid approving an application with these facts (rules 1 and 4).

    `account` is the one that owns the address already, if any.
    """
    found = []
    words = CaseWord.objects.of_court(court, category).filter(word=word)
    if not words.exists():
        found.append(Obstacle.WORD_UNKNOWN)
    elif not words.open_on(received_on).exists():
        found.append(Obstacle.WORD_NOT_OPEN)
    if role and not (role.is_entitled and role.category == category):
        found.append(Obstacle.ROLE_NOT_ENTITLED)
    if not email:
        found.append(Obstacle.NO_EMAIL)
    if account and is_staff_account(account):
        found.append(Obstacle.STAFF_ACCOUNT)
    return found


@transaction.atomic
def approve(
    *, application: Application, by, same_person: bool = False, now: dt.datetime | None = None
) -> CaseAccess:
    """Accept a pending application: open its case to the account of its address, and write the mail that says so.

    The first approval makes the account, inactive, and posts the activation link. `same_person` is the clerk's word that
    an existing account that does not carry this name is this applicant's. Raises NotPending, Forbidden or OtherName.
    """
    application = _locked(application, by)
    if found := obstacles(application):
        raise Forbidden(found)
    account, is_new = account_activation.find_or_make_asleep(
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
        raise Forbidden([Obstacle.STAFF_ACCOUNT]) from became_staff
    data = {"same_person_under_another_name": True} if is_other_name else None
    log(instance=application, action="cpor_cases.application.approve", user=by, data=data)

    if account.is_active:
        notifications.case_added(granted)
    else:
        account_activation.invite(account=account, application=application, now=now)
    return granted


@transaction.atomic
def refuse(*, application: Application, by, reason: RefusalReason, now: dt.datetime | None = None) -> None:
    """Turn a pending application down for one of the fixed reasons. Nothing is sent: the court does not ask for a
    correction. Raises NotPending."""
    application = _locked(application, by)
    application.status = Application.Status.REFUSED
    application.refusal_reason = reason
    _decide(application, by, now)
    data = {"reason": reason.code, "reason_given": reason.name_zh}
    log(instance=application, action="cpor_cases.application.refuse", user=by, data=data)


def _locked(application: Application, by) -> Application:
    """Return the row as it stands now, held against a second clerk, if it is still to be decided.

    Its case is read after the lock is had: it may be another one by then (cases are merged).
    """
    application = Application.objects.select_for_update().get(pk=application.pk)
    require_post(by, application.case.court)
    if not application.is_pending:
        raise NotPending
    return application


def _decide(application: Application, by, now: dt.datetime | None) -> None:
    application.decided_by = by
    application.decided_at = now or timezone.now()
    application.save(update_fields=["status", "account", "refusal_reason", "decided_by", "decided_at"])
