"""Petitions filled in on the site: the code that proves an address, and the finished petition.

Whoever fills one in has no account, and proves nothing else. A clerk who records the paper names the petition in the
application (`Application.petition`).
"""

import datetime as dt

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from cpor_cases.mail import notifications, petition_codes
from cpor_cases.models import Petition, PetitionCounter
from cpor_core import conf
from cpor_core.case_numbers import CaseNumber
from cpor_core.email_addresses import normalise, usable
from cpor_core.models import Court, PartyRole

from . import entitlement


class NotCovered(Exception):
    """The rules would forbid an application with these facts; `obstacles` says why."""

    def __init__(self, obstacles: list[entitlement.Obstacle]):
        super().__init__(", ".join(obstacles))
        self.obstacles = obstacles


def send_code(*, draft: str, address: str, language: str) -> None:
    """Mail the code that proves an address for a draft, whose random key this is."""
    notifications.petition_code(address=usable(address), draft=draft, language=language)


def is_right_code(typed: str, *, draft: str, address: str, now: dt.datetime | None = None) -> bool:
    return petition_codes.is_right(typed, draft, normalise(address), now)


def obstacles_of(
    *, court: Court, category: str, word: str = "", role: PartyRole | None = None
) -> list[entitlement.Obstacle]:
    """Return what would forbid an application today, whoever's it is; of a case without a number yet not its word.

    No account is asked for: nobody learns here whether an address has one.
    """
    found = entitlement.find_obstacles(
        court=court, category=category, word=word, role=role, email="-", received_on=timezone.localdate()
    )
    of_words = {entitlement.Obstacle.WORD_UNKNOWN, entitlement.Obstacle.WORD_NOT_OPEN}
    return [each for each in found if word or each not in of_words]


@transaction.atomic
def make(
    *,
    court: Court,
    category: str,
    role: PartyRole,
    applicant_name: str,
    address: str,
    is_address_proved: bool,
    language: str,
    number: CaseNumber | None = None,
    division: str = "",
    former_case: str = "",
    phone: str = "",
    now: dt.datetime | None = None,
) -> Petition:
    """Keep a finished petition until its paper is handed in, or for KEEP_PETITION_DAYS. Raises NotCovered."""
    if found := obstacles_of(court=court, category=category, word=number.word if number else "", role=role):
        raise NotCovered(found)
    now = now or timezone.now()
    year, word, serial = number or (None, "", None)
    return Petition.objects.create(
        court=court,
        category=category,
        case_year=year,
        case_word=word,
        case_serial=serial,
        division=division.strip(),
        former_case=former_case,
        role=role,
        applicant_name=applicant_name.strip(),
        phone=phone.strip(),
        address=usable(address),
        address_proved_at=now if is_address_proved else None,
        language=language,
        made_at=now,
        expires_at=now + dt.timedelta(days=conf.KEEP_PETITION_DAYS),
    )


@transaction.atomic
def discard(petition: Petition) -> bool:
    """Delete a petition, as its person wishes; return whether it is gone. One that the court has received stays."""
    petition = Petition.objects.select_for_update().get(pk=petition.pk)
    if petition.application:
        return False
    petition.delete()
    return True


def find(*, number: str, address: str, now: dt.datetime | None = None) -> Petition | None:
    """Return the petition of this number and address, however both are typed; None if there is none.

    It takes the same steps whichever of the two is wrong.
    """
    found = Petition.objects.current(now).numbered(number).filter(address=normalise(address))
    return found.select_related("court", "role").first()


def of_keys(keys: list[int]) -> QuerySet[Petition]:
    """Return the petitions with these keys, which a browser's session names, in the order in which they were made."""
    return Petition.objects.current().filter(pk__in=keys).select_related("court", "role").order_by("pk")


def count_step(step: str, now: dt.datetime | None = None) -> None:
    """Count one more petition that has reached a step."""
    month = timezone.localdate(now).replace(day=1)
    counter, _made = PetitionCounter.objects.get_or_create(month=month, step=step)
    PetitionCounter.objects.filter(pk=counter.pk).update(reached=F("reached") + 1)
