"""Staged rows → entries on record: a batch in one transaction, in a fixed number of statements.

Each batch is stored whole or not at all, with the mails that tell of it.
"""

import datetime as dt

from django.db import connection, transaction
from django.db.models import F
from django.db.models.expressions import RawSQL
from django.utils import timezone

from cpor_cases.hearings.unclear import keep_unclear
from cpor_cases.mail import notifications, outbox
from cpor_cases.models import Case, ImportRun, PastEntry, ProgressEntry
from cpor_cases.query_period import keep_closing_days
from cpor_core.models import Court
from cpor_core.search_text import folded_in_sql

from . import overtaking, warnings
from . import temporary_tables as tables
from .batches import Batch
from .columns import CASE_TEXTS
from .compare import CASE, ENTRY, Outcome, case_texts_differ, compare

_SENT_CASES = """
INSERT INTO sent_case (case_line, {number}, {texts})
SELECT named.case_line, {numbers_sent}, {texts_sent}
FROM (
    SELECT case_line, max(last_line) AS last_line, {last_lines}
    FROM staged_case WHERE line BETWEEN %s AND %s AND case_line IN (SELECT case_line FROM change_set)
    GROUP BY case_line
) AS named
JOIN staged_case AS one ON one.last_line = named.last_line AND one.line BETWEEN %s AND %s
{joins}
"""
# A clerk may record an application for the same new case at this moment: theirs or ours, but one.
# Thousands of cases have the same few causes: each is folded once.
_MAKE_CASES = """
WITH spelled AS MATERIALIZED (
    SELECT {texts}, {search_text} AS search_text FROM (SELECT DISTINCT {texts} FROM sent_case) AS named
)
INSERT INTO {cases} ({number}, {texts}, search_text, public_id)
SELECT {number}, {texts}, search_text, {uuid}
FROM sent_case JOIN spelled USING ({texts}) WHERE NOT EXISTS (
    SELECT 1 FROM {cases} AS known WHERE {same_number}
) ORDER BY case_line
ON CONFLICT DO NOTHING
"""
_FIND_CASES = """
UPDATE sent_case SET case_id = (SELECT known.id FROM {cases} AS known WHERE {same_number})
"""
_UPDATE_CASES = """
UPDATE {cases} AS known SET {texts_now}, search_text = {search_text}
FROM sent_case WHERE known.id = sent_case.case_id AND ({differs})
"""
_ADD_ENTRIES = """
INSERT INTO {entries} (case_id, court_id, entry_id, {values}, first_seen_at, withdrawn_at, changed_in_id)
SELECT sent_case.case_id, staged.court_id, staged.entry_id, {staged_values}, %s, CASE WHEN staged.withdrawn THEN %s END, %s
FROM change_set JOIN staged ON staged.line = change_set.line JOIN sent_case ON sent_case.case_line = change_set.case_line
WHERE change_set.is_unknown AND staged.line BETWEEN %s AND %s ORDER BY staged.line
"""
# What nobody has seen, on hold or not, is no former wording.
_KEEP_PAST = """
INSERT INTO {past} (entry_id, {values}, replaced_at)
SELECT entry.id, {values}, %s FROM change_set JOIN {entries} AS entry ON entry.id = change_set.entry
WHERE change_set.change = 'corrected' AND NOT change_set.was_on_hold
"""
_CORRECT_ENTRIES = """
UPDATE {entries} SET {values_now}, withdrawn_at = NULL, corrected_at = %s, changed_in_id = %s
FROM change_set JOIN staged ON staged.line = change_set.line
WHERE change_set.change = 'corrected' AND staged.line BETWEEN %s AND %s AND change_set.entry = {entries}.id
"""
_WITHDRAW_ENTRIES = """
UPDATE {entries} SET withdrawn_at = %s, changed_in_id = %s
FROM change_set WHERE change_set.change = 'withdrawn' AND change_set.entry = {entries}.id
"""
_NOTE_TOUCHED = """
INSERT INTO touched (case_id, may_close, is_news, about_hearing, may_change_hearing)
SELECT case_id, count(CASE WHEN may_close THEN 1 END) > 0, count(CASE WHEN is_news THEN 1 END) > 0,
    count(CASE WHEN about_hearing THEN 1 END) > 0, count(CASE WHEN is_news AND may_change_hearing THEN 1 END) > 0
FROM (
    SELECT coalesce(change_set.case_id, sent_case.case_id) AS case_id, may_close, is_news, about_hearing,
        changes_hearing OR change IN ('corrected', 'withdrawn') AS may_change_hearing
    FROM change_set LEFT JOIN sent_case ON sent_case.case_line = change_set.case_line
) AS changed WHERE case_id IS NOT NULL GROUP BY case_id
ON CONFLICT (case_id) DO UPDATE SET may_close = touched.may_close OR excluded.may_close,
    is_news = touched.is_news OR excluded.is_news,
    about_hearing = touched.about_hearing OR excluded.about_hearing,
    may_change_hearing = touched.may_change_hearing OR excluded.may_change_hearing
"""
# A number of the fourth kind (RFC 9562), as the rows that Django makes have.
_UUID = {
    "postgresql": "gen_random_uuid()",
    "sqlite": """lower(hex(randomblob(6)) || '4' || substr(hex(randomblob(2)), 2) ||
        substr('89ab', 1 + (random() & 3), 1) || substr(hex(randomblob(8)), 2))""",
}


class RunEnded(Exception):
    """The run was ended meanwhile (no heartbeat for too long, or a clerk stopped it): it must not write any more."""


@transaction.atomic
def store(run: ImportRun, batch: Batch, now: dt.datetime | None = None) -> Outcome:
    """Store one batch of what is staged and write the mails that tell of it. Raises RunEnded if the run may not write."""
    now = now or timezone.now()
    end_of_hold = run.end_of_hold(now)
    _lock(run, batch.courts)
    is_overtaken = overtaking.is_overtaken(run, batch)
    if is_overtaken:
        overtaking.leave_out_case_texts(run, batch)
    outcome = compare(batch, puts_on_hold=end_of_hold is not None, overtaken=run if is_overtaken else None)
    if outcome.touches_the_record:
        _store_cases(batch)
        _store_entries(run, batch, now, outcome)
        if end_of_hold or outcome.touches_what_is_on_hold:
            _put_on_hold(run, now, end_of_hold)
        tables.empty("touched", rows=batch.rows)
        note_touched()
        if closed := _touched_where("may_close"):
            keep_closing_days(closed)
        keep_unclear(case for (case,) in tables.select("SELECT case_id FROM touched WHERE about_hearing"))
        if not end_of_hold:  # who types an entry is asked which hearing it is about
            warnings.record(run, batch)
        if news := _touched_where("is_news"):
            changed_hearings = _touched_where("may_change_hearing") or ()
            notifications.progress(run, news, changed_hearings=changed_hearings, is_ahead=batch.is_ahead)
            if batch.is_ahead:
                outbox.release_mails_ahead(run, now)
    if overtaking.overtakes(run, batch):
        overtaking.note(run, batch)
    _count(run, outcome)
    return outcome


def _lock(run: ImportRun, courts: set[int]) -> None:
    """Keep out a second import of the same courts, and end here if this run was ended."""
    list(Court.objects.select_for_update(no_key=True).filter(pk__in=courts).order_by("pk").values_list("pk"))
    state = ImportRun.objects.select_for_update().values_list("state", flat=True).get(pk=run.pk)
    if state != ImportRun.State.RUNNING:
        raise RunEnded


def _store_cases(batch: Batch) -> None:
    """Make the cases that are new, with their texts as last sent; an empty cell takes nothing back."""
    find_cases(batch, and_make=True)
    names = _texts()
    now = {
        name: f"CASE WHEN sent_case.{name} <> '' THEN sent_case.{name} ELSE known.{name} END"
        for name in names
    }
    statement = _UPDATE_CASES.format(
        cases=CASE,
        texts_now=_assigned(now),
        search_text=folded_in_sql(*(now.get(name, f"known.{name}") for name in _searched())),
        differs=case_texts_differ("sent_case", "known"),
    )
    tables.run(statement)


def find_cases(batch: Batch, *, and_make: bool = False) -> None:
    """Find the cases that a batch names; make those that are new only if told to."""
    tables.empty("sent_case", rows=batch.rows)
    statement, ranges = _sent_cases()
    tables.run(statement, *(batch.first, batch.last) * ranges)
    number, texts = tables.numbers_of_case(), _texts()
    same_number = " AND ".join(f"known.{name} = sent_case.{name}" for name in number)
    if and_make:
        statement = _MAKE_CASES.format(
            cases=CASE,
            number=", ".join(number),
            texts=", ".join(texts),
            same_number=same_number,
            search_text=folded_in_sql(*_searched()),
            uuid=_UUID[connection.vendor],
        )
        tables.run(statement)
    tables.run(_FIND_CASES.format(cases=CASE, same_number=same_number))


def _sent_cases() -> tuple[str, int]:
    """Return the statement that notes the cases of a batch, and how many times it asks for the batch's first and last line."""
    number, texts = tables.numbers_of_case(), _texts()
    statement = _SENT_CASES.format(
        number=", ".join(number),
        texts=", ".join(texts),
        numbers_sent=", ".join(f"one.{name}" for name in number),
        texts_sent=", ".join(f"coalesce({name}_sent.{name}, '')" for name in texts),
        last_lines=", ".join(
            f"max(CASE WHEN {name} <> '' THEN last_line END) AS {name}_line" for name in texts
        ),
        joins="\n".join(
            f"LEFT JOIN staged_case AS {name}_sent ON {name}_sent.last_line = named.{name}_line "
            f"AND {name}_sent.line BETWEEN %s AND %s"
            for name in texts
        ),
    )
    return statement, 2 + len(texts)


def _store_entries(run: ImportRun, batch: Batch, now: dt.datetime, outcome: Outcome) -> None:
    moment = connection.ops.adapt_datetimefield_value(now)
    names = tables.columns_of_entry()
    staged = {name: f"staged.{name}" for name in names}
    add = _ADD_ENTRIES.format(
        entries=ENTRY, values=", ".join(names), staged_values=", ".join(staged.values())
    )
    tables.run(add, moment, moment, run.pk, batch.first, batch.last)
    if outcome.changed:
        _keep_past(moment)
    correct = _CORRECT_ENTRIES.format(entries=ENTRY, values_now=_assigned(staged))
    tables.run(correct, moment, run.pk, batch.first, batch.last)
    tables.run(_WITHDRAW_ENTRIES.format(entries=ENTRY), moment, run.pk)


def _keep_past(moment: str | None) -> None:
    """Keep what the entries that are corrected have said so far."""
    names = tables.columns_of_entry()
    statement = _KEEP_PAST.format(past=PastEntry._meta.db_table, entries=ENTRY, values=", ".join(names))
    tables.run(statement, moment)


def _assigned(values: dict[str, str]) -> str:
    return ", ".join(f"{name} = {value}" for name, value in values.items())


def _texts() -> list[str]:
    return [column.sql_name for column in CASE_TEXTS]


def _searched() -> tuple[str, ...]:
    """Return the texts of a case that are searched."""
    return Case._meta.get_field("search_text").sources


def _put_on_hold(run: ImportRun, now: dt.datetime, end_of_hold: dt.datetime | None) -> None:
    """Nobody has seen what is on hold: corrected it is as if it had been sent like this, withdrawn as if never."""
    changed = ProgressEntry.objects.filter(changed_in=run)
    changed.on_hold().filter(withdrawn_at__isnull=False).update(first_seen_at=now, held_until=None)
    changed.on_hold().update(first_seen_at=now, held_until=end_of_hold, corrected_at=None)
    if end_of_hold:
        changed.filter(first_seen_at=now, withdrawn_at=None).update(held_until=end_of_hold)


def note_touched() -> None:
    """Add to `touched` the cases in which a batch changes something, whether people are told of it, and whether it may
    move the day on which the case was closed, is about a hearing, or may change one."""
    tables.run(_NOTE_TOUCHED)


def _touched_where(mark: str) -> RawSQL | None:
    """Return the cases with a mark in `touched`; None without any: most batches then need not ask for more."""
    marked = f"FROM touched WHERE {mark}"
    if not tables.select(f"SELECT 1 {marked} LIMIT 1"):
        return None
    return RawSQL(f"SELECT case_id {marked}", [])  # noqa: S611 (a name of ours)


def _count(run: ImportRun, outcome: Outcome) -> None:
    ImportRun.objects.filter(pk=run.pk).update(
        rows_created=F("rows_created") + outcome.created,
        rows_changed=F("rows_changed") + outcome.changed,
        rows_withdrawn=F("rows_withdrawn") + outcome.withdrawn,
        rows_unchanged=F("rows_unchanged") + outcome.unchanged,
        rows_superseded=F("rows_superseded") + outcome.superseded,
        heartbeat_at=timezone.now(),
    )
