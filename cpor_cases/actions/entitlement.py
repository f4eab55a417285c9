"""Who may have a case opened to them: what forbids approving an application (rules 1 and 4)."""

import datetime as dt
from enum import StrEnum

from django.utils.translation import gettext as _

from cpor_cases.address_register import find_by_address
from cpor_cases.models import Application
from cpor_cases.permissions import is_staff_account
from cpor_core.models import CaseWord, Court, PartyRole


class Obstacle(StrEnum):
    """What forbids the approval of an application (rules 1 and 4)."""

    NO_EMAIL = "no_email"
    ROLE_NOT_ENTITLED = "role_not_entitled"
    WORD_UNKNOWN = "word_unknown"
    WORD_NOT_OPEN = "word_not_open"
    STAFF_ACCOUNT = "staff_account"

    @property
    def sentence(self) -> str:
        return {
            Obstacle.NO_EMAIL: _("The form gives no email address, so it cannot be approved."),
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


def obstacles_of(application: Application) -> list[Obstacle]:
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
