"""Staged rows → entries on record, a batch in one transaction, in a fixed number of statements.

Each batch is stored whole or not at all, with the mails that tell of it. Rows that differ in nothing are found first and
left out of every statement that writes: an upsert would write each of them anew.
"""

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import F
from django.db.models.expressions import RawSQL
from django.utils import timezone

from cpor_cases.mail import notifications
from cpor_cases.models import ImportRun, ProgressEntry
from cpor_cases.query_period import keep_closing_days
from cpor_core.models import Court
from cpor_core.search_text import folded_in_sql

from . import staging
from .compare import differs
from .staging import Batch

_COMPARE = """
INSERT INTO change_set (line, case_line, change, entry, is_unknown, case_id, was_on_hold, may_close, is_news, is_important)
SELECT line, case_line, change, entry, entry IS NULL, case_id, was_on_hold, change <> 'facts' AND (entry IS NOT NULL OR is_turning),
    CASE change WHEN 'new' THEN NOT %s WHEN 'corrected' THEN NOT (was_on_hold AND %s)
    WHEN 'withdrawn' THEN entry IS NOT NULL AND NOT was_on_hold ELSE FALSE END,
    is_important
FROM (
    SELECT staged.line, sent.case_line, entry.id AS entry, entry.case_id, entry.held_until IS NOT NULL AS was_on_hold,
        kind.ends_query OR kind.resumes_query AS is_turning,
        staged.hearing_at IS NOT NULL OR kind.is_hearing OR kind.stage IN ('hearing', 'disposition') AS is_important,
        CASE
        WHEN entry.id IS NULL THEN CASE WHEN staged.withdrawn THEN 'withdrawn' ELSE 'new' END
        WHEN sent.number <> held.number OR sent.year <> held.year OR sent.word <> held.word
            OR sent.category <> held.category THEN 'moved'
        WHEN staged.withdrawn AND entry.withdrawn_at IS NULL THEN 'withdrawn'
        WHEN NOT staged.withdrawn AND (entry.withdrawn_at IS NOT NULL OR entry.recorded_at <> staged.recorded_at
            OR entry.kind_id <> staged.kind_id OR {detail_differs} OR {courtroom_differs} OR entry.hearing_at IS DISTINCT FROM staged.hearing_at)
            THEN 'corrected'
        WHEN (sent.division <> '' AND sent.division <> held.division)
            OR (sent.cause <> '' AND sent.cause <> held.cause) THEN 'facts'
        ELSE 'same' END AS change
    FROM staged
    JOIN staged_case sent ON sent.line = staged.sent_in AND sent.line BETWEEN %s AND %s
    JOIN cpor_core_progresskind kind ON kind.id = staged.kind_id
    LEFT JOIN cpor_cases_progressentry entry
        ON entry.court_id = staged.court_id AND entry.entry_id = staged.entry_id
    LEFT JOIN cpor_cases_case held ON held.id = entry.case_id
    WHERE staged.line BETWEEN %s AND %s
) AS compared WHERE change <> 'same'
"""
# The batch's lines are named wherever its rows are: else the whole file is gone through for each batch.
_SENT_CASES = """
INSERT INTO sent_case (case_line, court_id, category, year, word, number, division, cause)
SELECT named.case_line, one.court_id, one.category, one.year, one.word, one.number,
    coalesce(divided.division, ''), coalesce(caused.cause, '')
FROM (
    SELECT case_line, max(last_line) AS last_line, max(CASE WHEN division <> '' THEN last_line END) AS division_line,
        max(CASE WHEN cause <> '' THEN last_line END) AS cause_line
    FROM staged_case WHERE line BETWEEN %s AND %s AND case_line IN (SELECT case_line FROM change_set)
    GROUP BY case_line
) AS named
JOIN staged_case AS one ON one.last_line = named.last_line AND one.line BETWEEN %s AND %s
LEFT JOIN staged_case AS divided ON divided.last_line = named.division_line AND divided.line BETWEEN %s AND %s
LEFT JOIN staged_case AS caused ON caused.last_line = named.cause_line AND caused.line BETWEEN %s AND %s
"""
# A clerk may record an application for the same new case at this moment: theirs or ours, but one.
# Thousands of cases have the same few causes: each is folded once.
_MAKE_CASES = """
WITH spelled AS MATERIALIZED (
    SELECT division, cause, {search_text} AS search_text FROM (SELECT DISTINCT division, cause FROM sent_case) AS named
)
INSERT INTO cpor_cases_case (court_id, category, year, word, number, division, cause, search_text, public_id)
SELECT court_id, category, year, word, number, division, cause, search_text, {uuid}
FROM sent_case JOIN spelled USING (division, cause) WHERE NOT EXISTS (
    SELECT 1 FROM cpor_cases_case AS known WHERE known.court_id = sent_case.court_id
        AND known.category = sent_case.category AND known.year = sent_case.year AND known.word = sent_case.word
        AND known.number = sent_case.number
) ORDER BY case_line
ON CONFLICT DO NOTHING
"""
_FIND_CASES = """
UPDATE sent_case SET case_id = (
    SELECT known.id FROM cpor_cases_case AS known WHERE known.court_id = sent_case.court_id
        AND known.category = sent_case.category AND known.year = sent_case.year AND known.word = sent_case.word
        AND known.number = sent_case.number)
"""
_DIVISION_NOW = "CASE WHEN sent_case.division <> '' THEN sent_case.division ELSE known.division END"
_CAUSE_NOW = "CASE WHEN sent_case.cause <> '' THEN sent_case.cause ELSE known.cause END"
_UPDATE_FACTS = """
UPDATE cpor_cases_case AS known SET division = {division}, cause = {cause}, search_text = {search_text}
FROM sent_case WHERE known.id = sent_case.case_id AND (
    (sent_case.division <> '' AND sent_case.division <> known.division)
    OR (sent_case.cause <> '' AND sent_case.cause <> known.cause))
"""
_ADD_ENTRIES = """
INSERT INTO cpor_cases_progressentry (case_id, court_id, entry_id, recorded_at, kind_id, detail, hearing_at, courtroom,
    first_seen_at, withdrawn_at, changed_in_id)
SELECT sent_case.case_id, staged.court_id, staged.entry_id, staged.recorded_at, staged.kind_id, staged.detail,
    staged.hearing_at, staged.courtroom, %s, CASE WHEN staged.withdrawn THEN %s END, %s
FROM change_set JOIN staged ON staged.line = change_set.line JOIN sent_case ON sent_case.case_line = change_set.case_line
WHERE change_set.is_unknown AND staged.line BETWEEN %s AND %s ORDER BY staged.line
"""
_CORRECT_ENTRIES = """
UPDATE cpor_cases_progressentry SET recorded_at = staged.recorded_at, kind_id = staged.kind_id,
    detail = staged.detail, hearing_at = staged.hearing_at, courtroom = staged.courtroom, withdrawn_at = NULL,
    corrected_at = %s, changed_in_id = %s
FROM change_set JOIN staged ON staged.line = change_set.line
WHERE change_set.change = 'corrected' AND staged.line BETWEEN %s AND %s
    AND change_set.entry = cpor_cases_progressentry.id
"""
_WITHDRAW_ENTRIES = """
UPDATE cpor_cases_progressentry SET withdrawn_at = %s, changed_in_id = %s
FROM change_set WHERE change_set.change = 'withdrawn' AND change_set.entry = cpor_cases_progressentry.id
"""
# A number of the fourth kind (RFC 9562), as the rows that Django makes have.
_UUID = {
    "postgresql": "gen_random_uuid()",
    "sqlite": """lower(hex(randomblob(6)) || '4' || substr(hex(randomblob(2)), 2) ||
        substr('89ab', 1 + (random() & 3), 1) || substr(hex(randomblob(8)), 2))""",
}


class RunEnded(Exception):
    """The run was broken off meanwhile (silent too long, or a clerk stopped it): it must not write any more."""


@dataclass(frozen=True)
class Outcome:
    """What became of the rows of one batch."""

    created: int = 0
    changed: int = 0
    withdrawn: int = 0
    unchanged: int = 0
    rejected_late: int = 0
    touches_the_record: bool = False
    touches_what_is_on_hold: bool = False


@transaction.atomic
def store(run: ImportRun, batch: Batch, now: dt.datetime | None = None) -> Outcome:
    """Store one batch of what is staged and write the mails that tell of it. Raises RunEnded if the run may not write."""
    now = now or timezone.now()
    end_of_hold = run.end_of_hold(now)
    _lock(run, batch.courts)
    outcome = compare(batch, puts_on_hold=end_of_hold is not None)
    if outcome.touches_the_record:
        _keep_cases(batch)
        _write(run, batch, now)
        if end_of_hold or outcome.touches_what_is_on_hold:
            _keep_on_hold(run, now, end_of_hold)
        staging.empty("touched", rows=batch.rows)
        note_touched()
        if staging.select("SELECT 1 FROM touched WHERE may_close LIMIT 1"):
            keep_closing_days(RawSQL("SELECT case_id FROM touched WHERE may_close", []))
        notifications.progress(run, RawSQL("SELECT case_id FROM touched WHERE is_news", []))
    _count(run, outcome)
    return outcome


def compare(batch: Batch, *, puts_on_hold: bool = False) -> Outcome:
    """Fill `change_set` with what the rows of a batch do to the record as it stands, and turn down what cannot be."""
    staging.empty("change_set", rows=batch.rows)
    staging.run(_comparison(), puts_on_hold, puts_on_hold, *(batch.first, batch.last) * 2)
    counted = staging.select(
        "SELECT change, count(*), count(CASE WHEN was_on_hold THEN 1 END) FROM change_set GROUP BY change"
    )
    changes = Counter({change: rows for change, rows, _on_hold in counted})
    if changes["moved"]:
        staging.reject_moved(batch)
    return Outcome(
        created=changes["new"],
        changed=changes["corrected"],
        withdrawn=changes["withdrawn"],
        rejected_late=changes["moved"],
        unchanged=batch.rows - changes.total() + changes["facts"],
        touches_the_record=changes.total() > changes["moved"],
        touches_what_is_on_hold=any(on_hold for _change, _rows, on_hold in counted),
    )


def _comparison() -> str:
    return _COMPARE.format(
        detail_differs=differs("entry.detail", "staged.detail"),
        courtroom_differs=differs("entry.courtroom", "staged.courtroom"),
    )


def _lock(run: ImportRun, courts: set[int]) -> None:
    """Keep out a second import of the same courts, and end here if this run was broken off."""
    list(Court.objects.select_for_update(no_key=True).filter(pk__in=courts).order_by("pk").values_list("pk"))
    state = ImportRun.objects.select_for_update().values_list("state", flat=True).get(pk=run.pk)
    if state != ImportRun.State.RUNNING:
        raise RunEnded


def _keep_cases(batch: Batch) -> None:
    """Make the cases that are new, with division and cause as last sent; an empty cell takes nothing back."""
    _note_sent_cases(batch)
    staging.run(
        _MAKE_CASES.format(search_text=folded_in_sql("division", "cause"), uuid=_UUID[connection.vendor])
    )
    staging.run(_FIND_CASES)
    search_text = folded_in_sql(_DIVISION_NOW, _CAUSE_NOW)
    staging.run(_UPDATE_FACTS.format(division=_DIVISION_NOW, cause=_CAUSE_NOW, search_text=search_text))


def find_cases(batch: Batch) -> None:
    """Find the cases that a batch names, without making those that are new."""
    _note_sent_cases(batch)
    staging.run(_FIND_CASES)


def _note_sent_cases(batch: Batch) -> None:
    staging.empty("sent_case", rows=batch.rows)
    staging.run(_SENT_CASES, *(batch.first, batch.last) * 4)


def _write(run: ImportRun, batch: Batch, now: dt.datetime) -> None:
    moment = connection.ops.adapt_datetimefield_value(now)
    staging.run(_ADD_ENTRIES, moment, moment, run.pk, batch.first, batch.last)
    staging.run(_CORRECT_ENTRIES, moment, run.pk, batch.first, batch.last)
    staging.run(_WITHDRAW_ENTRIES, moment, run.pk)


def _keep_on_hold(run: ImportRun, now: dt.datetime, end_of_hold: dt.datetime | None) -> None:
    """Nobody has seen what is on hold: corrected it is as if it had been sent like this, withdrawn as if never."""
    changed = ProgressEntry.objects.filter(changed_in=run)
    changed.on_hold().filter(withdrawn_at__isnull=False).update(first_seen_at=now, held_until=None)
    changed.on_hold().update(first_seen_at=now, held_until=end_of_hold, corrected_at=None)
    if end_of_hold:
        changed.filter(first_seen_at=now, withdrawn_at=None).update(held_until=end_of_hold)


def note_touched() -> None:
    """Add to `touched` the cases in which a batch changes something, whether people are told of it, and whether it may
    move the day on which the case was closed."""
    staging.run(
        """INSERT INTO touched (case_id, may_close, is_news, is_important)
        SELECT case_id, count(CASE WHEN may_close THEN 1 END) > 0, count(CASE WHEN is_news THEN 1 END) > 0,
            count(CASE WHEN is_news AND is_important THEN 1 END) > 0
        FROM (
            SELECT coalesce(change_set.case_id, sent_case.case_id) AS case_id, may_close, is_news, is_important
            FROM change_set LEFT JOIN sent_case ON sent_case.case_line = change_set.case_line
        ) AS changed WHERE case_id IS NOT NULL GROUP BY case_id
        ON CONFLICT (case_id) DO UPDATE SET may_close = touched.may_close OR excluded.may_close,
            is_news = touched.is_news OR excluded.is_news,
            is_important = touched.is_important OR excluded.is_important"""
    )


def _count(run: ImportRun, outcome: Outcome) -> None:
    ImportRun.objects.filter(pk=run.pk).update(
        rows_created=F("rows_created") + outcome.created,
        rows_changed=F("rows_changed") + outcome.changed,
        rows_withdrawn=F("rows_withdrawn") + outcome.withdrawn,
        rows_unchanged=F("rows_unchanged") + outcome.unchanged,
        heartbeat_at=timezone.now(),
    )
