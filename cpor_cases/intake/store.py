"""Clean rows → entries on record, a batch in one transaction, in a fixed number of statements.

Each batch is stored whole or not at all, with the mails that tell of it.
"""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from cpor_cases import notifications
from cpor_cases.actions.closing_days import keep_closing_days
from cpor_cases.models import Case, Court, ImportRun, ProgressEntry

from .checks import CleanRow

_COMPARED = ("recorded_at", "kind_id", "detail", "hearing_at", "courtroom")
_STAMPS = ("first_seen_at", "held_until", "corrected_at", "withdrawn_at", "changed_in")


class RunEnded(Exception):
    """The run was broken off meanwhile (silent too long): it must not write any more."""


@dataclass
class Outcome:
    """What became of the rows of one batch."""

    created: list[ProgressEntry] = field(default_factory=list)
    changed: list[ProgressEntry] = field(default_factory=list)
    withdrawn: list[ProgressEntry] = field(default_factory=list)
    unchanged: int = 0
    rejected: list[tuple[CleanRow, str]] = field(default_factory=list)

    @property
    def touched_cases(self) -> set[int]:
        return {entry.case_id for entry in [*self.created, *self.changed, *self.withdrawn]}

    @property
    def cases_with_news(self) -> set[int]:
        """The cases of which people are told: not those whose entry is on hold, or was withdrawn before anybody could
        see it."""
        published = (entry for entry in [*self.created, *self.changed] if entry.held_until is None)
        seen = (entry for entry in self.withdrawn if entry.withdrawn_at != entry.first_seen_at)
        return {entry.case_id for entry in [*published, *seen]}


@transaction.atomic
def store(run: ImportRun, rows: list[CleanRow], now: dt.datetime | None = None) -> Outcome:
    """Store one batch and write the mails that tell of it.

    `rows` holds no entry twice. Raises RunEnded if the run may not write any more.
    """
    _hold(run, {row.court_id for row in rows})
    cases = _find_or_make_cases(rows)
    outcome = _compare(run, rows, cases, now or timezone.now())
    ProgressEntry.objects.bulk_create(
        [*outcome.created, *(e for e in outcome.withdrawn if e.pk is None)], 500
    )
    ProgressEntry.objects.bulk_update(
        [*outcome.changed, *(e for e in outcome.withdrawn if e.pk is not None)],
        [*(name.removesuffix("_id") for name in _COMPARED), *_STAMPS],
        batch_size=200,
    )
    keep_closing_days(outcome.touched_cases)
    notifications.progress(run, outcome.cases_with_news)
    _count(run, outcome)
    return outcome


def _hold(run: ImportRun, courts: set[int]) -> None:
    """Keep out a second import of the same courts, and end here if this run was broken off."""
    list(Court.objects.select_for_update(no_key=True).filter(pk__in=courts).order_by("pk").values_list("pk"))
    state = ImportRun.objects.select_for_update().values_list("state", flat=True).get(pk=run.pk)
    if state != ImportRun.State.RUNNING:
        raise RunEnded


def _find_or_make_cases(rows: list[CleanRow]) -> dict[tuple, Case]:
    """Return the case of each row's key, made if it is new, with division and cause as last sent."""
    wanted = _facts_sent(rows)
    found = _cases(wanted)
    missing = [
        Case(
            court_id=key[0],
            category=key[1],
            year=key[2],
            word=key[3],
            number=key[4],
            division=division,
            cause=cause,
        )
        for key, (division, cause) in wanted.items()
        if key not in found
    ]
    if missing:
        # A clerk may record an application for the same new case at this moment: theirs or ours, but one.
        Case.objects.bulk_create(missing, batch_size=500, ignore_conflicts=True)
        found = _cases(wanted)
    _update_facts(found, wanted)
    return found


def _facts_sent(rows: list[CleanRow]) -> dict[tuple, tuple[str, str]]:
    """Return division and cause of each case as last sent; an empty cell takes nothing back."""
    facts: dict[tuple, tuple[str, str]] = {}
    for row in rows:
        division, cause = facts.get(row.case_key, ("", ""))
        facts[row.case_key] = (row.division or division, row.cause or cause)
    return facts


def _cases(wanted: dict[tuple, tuple[str, str]]) -> dict[tuple, Case]:
    near = Case.objects.filter(
        court__in={key[0] for key in wanted},
        year__in={key[2] for key in wanted},
        word__in={key[3] for key in wanted},
        number__in={key[4] for key in wanted},
    )
    keyed = {(case.court_id, case.category, case.year, case.word, case.number): case for case in near}
    return {key: keyed[key] for key in wanted if key in keyed}


def _update_facts(found: dict[tuple, Case], wanted: dict[tuple, tuple[str, str]]) -> None:
    changed = []
    for key, (sent_division, sent_cause) in wanted.items():
        case = found[key]
        division, cause = sent_division or case.division, sent_cause or case.cause
        if (division, cause) != (case.division, case.cause):
            case.division, case.cause = division, cause
            changed.append(case)
    Case.objects.bulk_update(changed, ["division", "cause"], batch_size=200)


def _compare(run: ImportRun, rows: list[CleanRow], cases: dict[tuple, Case], now: dt.datetime) -> Outcome:
    outcome = Outcome()
    on_record = _entries(rows)
    for row in rows:
        case, entry = cases[row.case_key], on_record.get(row.entry_key)
        if entry is None:
            entry = _new_entry(run, row, case, now)
            (outcome.withdrawn if row.withdrawn else outcome.created).append(entry)
        elif entry.case_id != case.pk:
            outcome.rejected.append(
                (row, _("This entry number already stands in another case of this court."))
            )
        elif _same(entry, row):
            outcome.unchanged += 1
        else:
            _correct(entry, run, row, now)
            (outcome.withdrawn if row.withdrawn else outcome.changed).append(entry)
    return outcome


def _entries(rows: list[CleanRow]) -> dict[tuple[int, str], ProgressEntry]:
    ids_by_court: dict[int, list[str]] = defaultdict(list)
    for row in rows:
        ids_by_court[row.court_id].append(row.entry_id)
    which = Q(pk__in=[])
    for court, ids in ids_by_court.items():
        which |= Q(court=court, entry_id__in=ids)
    return {(entry.court_id, entry.entry_id): entry for entry in ProgressEntry.objects.filter(which)}


def _new_entry(run: ImportRun, row: CleanRow, case: Case, now: dt.datetime) -> ProgressEntry:
    return ProgressEntry(
        case=case,
        court_id=row.court_id,
        entry_id=row.entry_id,
        first_seen_at=now,
        held_until=None if row.withdrawn else run.end_of_hold(now),
        withdrawn_at=now if row.withdrawn else None,
        changed_in=run,
        **{name: getattr(row, name) for name in _COMPARED},
    )


def _same(entry: ProgressEntry, row: CleanRow) -> bool:
    if row.withdrawn or entry.withdrawn_at:
        # What a withdrawn entry said no longer matters.
        return row.withdrawn == bool(entry.withdrawn_at)
    return all(getattr(entry, name) == getattr(row, name) for name in _COMPARED)


def _correct(entry: ProgressEntry, run: ImportRun, row: CleanRow, now: dt.datetime) -> None:
    was_on_hold = entry.held_until is not None
    entry.changed_in = run
    if was_on_hold:  # nobody has seen it: it is as if it had been sent like this, or never
        entry.first_seen_at = now
        entry.held_until = None if row.withdrawn else run.end_of_hold(now)
    if row.withdrawn:
        entry.withdrawn_at = now
        return
    for name in _COMPARED:
        setattr(entry, name, getattr(row, name))
    entry.withdrawn_at = None
    entry.corrected_at = None if was_on_hold else now


def _count(run: ImportRun, outcome: Outcome) -> None:
    ImportRun.objects.filter(pk=run.pk).update(
        rows_created=F("rows_created") + len(outcome.created),
        rows_changed=F("rows_changed") + len(outcome.changed),
        rows_withdrawn=F("rows_withdrawn") + len(outcome.withdrawn),
        rows_unchanged=F("rows_unchanged") + outcome.unchanged,
        last_sign_at=timezone.now(),
    )
