"""The paper of a petition that was filled in on the site, as it comes in at the court: found by its number, recorded, approved."""

import datetime as dt
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.utils import timezone

from cpor_cases.models import Application, Petition
from cpor_core import petition_numbers
from cpor_core.email_addresses import normalise

from . import applications


class Obstacle(StrEnum):
    """Why no paper can be recorded by a number."""

    MISTYPED = "mistyped"
    UNKNOWN = "unknown"
    OTHER_COURT = "other_court"
    EXPIRED = "expired"
    RECORDED = "recorded"


class NotToRecord(Exception):
    """The paper of this number cannot be recorded; `application` is the one recorded from it, within the clerk's horizon."""

    def __init__(self, obstacle: Obstacle, application: Application | None = None):
        super().__init__(obstacle)
        self.obstacle, self.application = obstacle, application


def find(typed: str, *, by, now: dt.datetime | None = None) -> Petition:
    """Return the petition whose number was typed or scanned, if its paper can be recorded. Raises NotToRecord.

    Of a petition for a court that is not the clerk's nothing is told but that, in whatever state it is (rule 8).
    """
    if petition_numbers.parse(typed) is None:
        raise NotToRecord(Obstacle.MISTYPED)
    numbered = Petition.objects.numbered(typed)
    petition = numbered.for_clerk(by).select_related("court", "role").first()
    if petition is None:
        raise NotToRecord(Obstacle.OTHER_COURT if numbered.exists() else Obstacle.UNKNOWN)
    require_recordable(petition, by=by, now=now)
    return petition


def require_recordable(petition: Petition, *, by, now: dt.datetime | None = None) -> None:
    """Raise NotToRecord for a petition that was recorded already, or has expired."""
    if recorded := petition.application:
        seen = Application.objects.for_clerk(by).filter(pk=recorded.pk).first()
        raise NotToRecord(Obstacle.RECORDED, seen)
    if petition.expires_at <= (now or timezone.now()):
        raise NotToRecord(Obstacle.EXPIRED)


@transaction.atomic
def record(
    *,
    petition: Petition,
    by,
    is_approved: bool,
    same_person: bool = False,
    now: dt.datetime | None = None,
    **facts: Any,
) -> Application:
    """Record the application of a petition's paper with these facts (those of `applications.record`), and approve it at once
    if `is_approved`: both or nothing.

    The log says in which facts the paper differs from what was typed on the site, not how. The address counts as proved
    only if it is the one that was. Raises NotToRecord, and what `applications.approve` does.
    """
    petition = Petition.objects.select_for_update().for_clerk(by).get(pk=petition.pk)
    require_recordable(petition, by=by, now=now)
    is_same_address = normalise(facts["email"]) == petition.address
    application = applications.record(
        by=by,
        petition=petition,
        address_proved_at=petition.address_proved_at if is_same_address else None,
        log_data={"differs": differences(petition, facts)},
        **facts,
    )
    if is_approved:
        applications.approve(application=application, by=by, same_person=same_person, now=now)
    return application


def differences(petition: Petition, facts: dict[str, Any]) -> list[str]:
    """Return the fields of an application in which these facts differ from what was typed on the site."""
    typed = {
        "court": petition.court,
        "applicant_name": petition.applicant_name,
        "role": petition.role,
        "phone": petition.phone,
        "language": petition.language,
    }
    differing = [name for name, value in typed.items() if facts[name] != value]
    if normalise(facts["email"]) != petition.address:
        differing.append("email")
    if facts["category"] != petition.category or petition.case_number not in (None, facts["number"]):
        differing.append("case")
    return sorted(differing)
