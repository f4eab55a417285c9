"""The ground of `time_to_know`: people who follow a case each, files of their courts, and mails of an import to come."""

import csv
import datetime as dt
import io
import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.utils import timezone

from cpor_cases.intake.columns import HEADINGS
from cpor_cases.models import Announcement, ImportRun, OutgoingMail, ProgressEntry
from cpor_core.models import Court
from tests import factories

from .clerk import CLERK

MAILS_EACH = 100  # of the mails that wait, to one person
OF_FILES, OF_SMALL_FILES = 1_000_000, 5_000_000  # from which their cases are numbered


@dataclass
class Follower:
    """Somebody who follows one case, in which a hearing is set for the day after tomorrow."""

    address: str
    case: int
    number: int


@dataclass
class Ground:
    court: Court
    other_court: Court
    token: str
    other_token: str
    followers: list[Follower]
    serial: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def news(self, follower: Follower, *, others: int = 0) -> bytes:
        """Return a file with one entry of somebody's case, after those of `others` whom nobody follows."""
        key = next(self.serial)
        first = OF_SMALL_FILES + 1000 * key
        rows = [row(self.court, first + n, f"S{key}-{n}") for n in range(others)]
        return as_csv([*rows, row(self.court, follower.number, f"N{key}")])

    def changed_hearing(self, follower: Follower) -> bytes:
        moved = {"kind": "hearing_changed", "hearing_at": moment(days=3)}
        return as_csv([row(self.court, follower.number, f"H{next(self.serial)}") | moved])


def make_ground(*, followers: int, waiting: int) -> Ground:
    court, other = (Court.objects.get(code=code) for code in ("TPD", "SLD"))
    factories.make_clerk(court, CLERK, password=None)
    people = [_follower(court, number) for number in range(1, followers + 1)]
    _hold_mails(court, waiting)
    tokens = [factories.make_token(each)[1] for each in (court, other)]
    return Ground(court, other, *tokens, people)


def _follower(court: Court, number: int) -> Follower:
    person = factories.make_user(f"follower-{number}", password=None)
    case = factories.make_case(court, number=number)
    factories.make_access(person, case)
    in_two_days = timezone.now() + dt.timedelta(days=2)
    factories.make_entry(case, "preparatory", hearing_at=in_two_days, recorded_at=timezone.now())
    return Follower(person.email, case.pk, number)


def _hold_mails(court: Court, count: int) -> None:
    """Write the mails of imports that have not ended, a hundred to a person: each tells of an entry of its own."""
    people = -(-count // MAILS_EACH)
    waiting = [factories.make_user(f"waiting-{n}", password=None) for n in range(people)]
    accesses = [factories.make_access(person, factories.make_case(court)) for person in waiting]
    for start in range(0, count, max(people, 1)):
        run = factories.make_run(court=court)
        _hold_mails_of(run, accesses[: count - start])


def _hold_mails_of(run: ImportRun, accesses: list) -> None:
    kind, now = factories.make_kind("judgment"), timezone.now()
    facts = {"kind": kind, "court": run.court, "recorded_at": now, "changed_in": run}
    ProgressEntry.objects.bulk_create(
        ProgressEntry(case_id=access.case_id, entry_id=f"W{run.pk}-{access.pk}", **facts)
        for access in accesses
    )
    Announcement.objects.bulk_create(Announcement(run=run, access=access) for access in accesses)
    OutgoingMail.objects.bulk_create(
        OutgoingMail(
            kind=OutgoingMail.Kind.PROGRESS,
            account=access.account,
            address=access.account.email,
            court=run.court,
            run=run,
            state=OutgoingMail.State.HELD,
        )
        for access in accesses
    )


def let_mails_wait() -> None:
    """Let the held mails be due, as at the end of their imports."""
    now = timezone.now()
    held = OutgoingMail.objects.filter(state=OutgoingMail.State.HELD)
    held.update(state=OutgoingMail.State.WAITING, not_before=now, next_attempt_at=now)


# Files


def large_file(court: Court, rows: int) -> bytes:
    """Return a court's morning file: ten entries to a case; nobody follows these cases."""
    return as_csv(row(court, OF_FILES + n // 10, f"L{n:08d}") for n in range(rows))


def as_csv(rows: Iterable[dict]) -> bytes:
    text = io.StringIO(newline="")
    lines = csv.DictWriter(text, HEADINGS, restval="")
    lines.writeheader()
    lines.writerows(rows)
    return text.getvalue().encode()


def row(court: Court, number: int, entry_id: str) -> dict:
    return {
        "court": court.code,
        "category": "civil",
        "year": "115",
        "word": "訴",
        "number": number,
        "division": "孝",
        "cause": "返還借款",
        "entry_id": entry_id,
        "recorded_at": moment(days=0),
        "kind": "judgment",
        "detail": "原告之訴駁回，訴訟費用由原告負擔",
    }


def moment(*, days: int) -> str:
    at = timezone.localtime() + dt.timedelta(days=days)
    return f"{at:%Y-%m-%dT%H:%M}"
