"""Rules 6 and 7: in whatever order submissions of a court are stored, stopped, killed and resumed, the record ends up as if
each had been stored whole when it was accepted, and every change is announced once."""

import random
import threading
from collections import defaultdict
from dataclasses import dataclass, field

import pytest
from django.db import connections

from cpor_cases.actions import imports
from cpor_cases.intake import batches, store
from cpor_cases.intake import run as runs
from cpor_cases.intake import temporary_tables as tables
from cpor_cases.intake.reading.rows import in_blocks
from cpor_cases.mail import outbox
from cpor_cases.models import (
    Announcement,
    Case,
    ImportRun,
    LaterCaseText,
    LaterEntry,
    OutgoingMail,
    ProgressEntry,
)
from tests import factories

CASES, ENTRIES_A_CASE, SCHEDULES = 40, 3, 20  # each entry of each schedule sees an order of its own: 2,400
BATCH = 30
SOURCES = [ImportRun.Source.COMMAND, ImportRun.Source.API, ImportRun.Source.TYPED]
State = ImportRun.State


class Killed(BaseException):
    """The process of a run has died."""


@dataclass
class Submission:
    """One submission, carried out in a thread that goes on only when it is told to: before each batch, and before its end."""

    run: ImportRun
    rows: list[tuple[int, dict]]
    stored: set[int] = field(default_factory=set)
    """Lines."""
    is_alive = False

    def begin(self, home):
        self.may_go_on, self.has_halted, self.dies = threading.Semaphore(0), threading.Semaphore(0), False
        self.thread = threading.Thread(target=self._carry_out, args=(home,))
        self.is_alive = True
        self.thread.start()
        self.has_halted.acquire()

    def _carry_out(self, home):
        own_connection = home.copy()  # of this thread
        connections["default"], threading.current_thread().submission = own_connection, self
        try:
            runs.carry_out(self.run, lambda: in_blocks(self.rows))
        except (Killed, store.RunEnded):
            pass
        finally:
            own_connection.close()
            self.is_alive = False
            self.has_halted.release()

    def halt(self):
        self.has_halted.release()
        self.may_go_on.acquire()
        if self.dies:
            raise Killed

    def go_on(self, *, dies=False):
        self.dies = dies
        self.may_go_on.release()
        self.has_halted.acquire()
        if not self.is_alive:
            self.thread.join()


@pytest.fixture
def halting(monkeypatch):
    """Let a submission halt before each batch and before its end, if a thread of its own carries it out."""
    end = runs._end

    def store_when_told(run, batch):
        if submission := getattr(threading.current_thread(), "submission", None):
            submission.halt()
        outcome = store.store(run, batch)
        if submission:
            rows = tables.select(
                "SELECT line FROM staged WHERE line BETWEEN %s AND %s", batch.first, batch.last
            )
            submission.stored |= {line + batch.shifted_by for (line,) in rows}
        return outcome

    def end_when_told(run, state, failure=""):
        if submission := getattr(threading.current_thread(), "submission", None):
            submission.halt()
        end(run, state, failure)

    monkeypatch.setattr(outbox, "enqueue_delivery", lambda at=None: None)
    monkeypatch.setattr(batches, "BATCH", BATCH)
    monkeypatch.setattr(runs, "store", store_when_told)
    monkeypatch.setattr(runs, "_end", end_when_told)


@pytest.fixture
def cases(home):
    """Cases of one court, each followed by a person of its own."""
    factories.make_word("訴")
    factories.make_kind("judgment")
    factories.make_kind("hearing_changed")
    made = [factories.make_case(factories.make_court(), number=number) for number in range(1, CASES + 1)]
    for case in made:
        factories.make_access(factories.make_user(password=None), case)
    return made


class Schedule:
    """A random order of the stages of some submissions about the same cases."""

    def __init__(self, seed, cases, home):
        self.dice, self.cases, self.home = random.Random(seed), cases, home
        self.prefix = f"S{seed}-"
        self.submissions: list[Submission] = []
        self.still_to_come = self.dice.randint(4, 7)
        self.texts_before = self.texts_on_record()
        self.changed: dict[int, set[int]] = defaultdict(set)
        """The cases in which each run changed what people see."""

    def carry_out(self):
        while self.still_to_come or self.unfinished():
            before = self.entries_on_record()
            run = self.do_one_thing()
            self.changed[run] |= {
                case for case, shown in self.differences(before, self.entries_on_record()) if shown
            }

    def do_one_thing(self) -> int:
        alive = [each for each in self.submissions if each.is_alive]
        dead = [each for each in self.unfinished() if not each.is_alive]
        things = [self.accept] * 6 * bool(self.still_to_come) + [self.go_on] * 8 * bool(alive)
        things += [self.kill] * bool(alive) + [self.resume] * 3 * bool(dead)
        thing = self.dice.choice(things)
        if thing == self.accept:
            return self.accept()
        return thing(self.dice.choice(dead if thing == self.resume else alive))

    def accept(self) -> int:
        self.still_to_come -= 1
        source = self.dice.choice(SOURCES)
        court, rows = self.cases[0].court, self.rows_of(source)
        if source == ImportRun.Source.TYPED:
            run = imports.import_rows(rows, source=source, court=court)
            self.submissions.append(Submission(run, rows, {line for line, _row in rows}))
            return run.pk
        some_court = None if self.dice.random() < 0.2 else court
        submission = Submission(imports.begin(source=source, court=some_court), rows)
        self.submissions.append(submission)
        submission.begin(self.home)
        return submission.run.pk

    def rows_of(self, source) -> list[tuple[int, dict]]:
        keys = [(case, number) for case in self.cases for number in range(ENTRIES_A_CASE)]
        most = {ImportRun.Source.TYPED: 1, ImportRun.Source.API: BATCH}.get(source, len(keys))
        some = self.dice.sample(keys, self.dice.randint(1, most))
        return [(line, self.row_of(*key)) for line, key in enumerate(some, start=2)]

    def row_of(self, case, number) -> dict:
        return factories.row(
            case,
            entry_id=f"{self.prefix}{case.number}-{number}",
            detail=self.dice.choice("甲乙丙"),
            division=self.dice.choice(["", "", "天", "地", "人"]),
            cause=self.dice.choice(["", "", "借款", "租金"]),
            withdrawn=self.dice.choice(["", "", "", "1"]),
            kind=self.dice.choice(["judgment" if number else "hearing_changed"] * 9 + ["?"]),
        )

    def go_on(self, submission) -> int:
        submission.go_on()
        return submission.run.pk

    def kill(self, submission) -> int:
        submission.go_on(dies=True)
        return submission.run.pk

    def resume(self, submission) -> int:
        if self.dice.random() < 0.3:
            runs.stop(submission.run)
        elif runs.resume(submission.run):
            submission.begin(self.home)
        return submission.run.pk

    def unfinished(self) -> list[Submission]:
        ended = set(ImportRun.objects.exclude(ended_at=None).values_list("pk", flat=True))
        return [each for each in self.submissions if each.run.pk not in ended]

    # What is on record

    def entries_on_record(self) -> dict[str, tuple]:
        entries = ProgressEntry.objects.filter(entry_id__startswith=self.prefix)
        facts = entries.values_list("entry_id", "case", "detail", "withdrawn_at", "first_seen_at")
        return {
            entry_id: (case, None if gone else detail, gone == seen)
            for entry_id, case, detail, gone, seen in facts
        }

    def differences(self, before, after):
        """Yield the case of each entry that differs, and whether people see that."""
        for entry_id, (case, detail, was_never_seen) in after.items():
            _case, detail_before, _never = before.get(entry_id, (case, None, True))
            if detail != detail_before:
                yield case, not was_never_seen

    def texts_on_record(self) -> dict[int, list[str]]:
        rows = Case.objects.filter(pk__in=[case.pk for case in self.cases])
        return {pk: texts for pk, *texts in rows.values_list("pk", "division", "cause")}

    # What should be

    def expected(self) -> tuple[dict, dict]:
        """Return entries and texts of cases as they are if each submission takes effect when it is accepted."""
        by_number = {str(case.number): case.pk for case in self.cases}
        entries: dict[str, str | None] = {}
        texts = {case: list(found) for case, found in self.texts_before.items()}
        for submission in self.submissions:
            for line, row in submission.rows:
                if line not in submission.stored or row["kind"] == "?":
                    continue
                entries[row["entry_id"]] = None if row["withdrawn"] else row["detail"]
                of_case = texts[by_number[row["number"]]]
                for place, name in enumerate(["division", "cause"]):
                    of_case[place] = row[name] or of_case[place]
        return entries, texts


@pytest.mark.usefixtures("halting")
def test_the_record_ends_up_as_if_each_submission_were_stored_when_it_was_accepted(cases, settings):
    settings.CPOR = settings.CPOR | {"TYPED_ENTRY_HOLD_MINUTES": 0}
    superseded = tries = 0

    for seed in range(SCHEDULES):
        schedule = Schedule(seed, cases, connections["default"])
        schedule.carry_out()

        assert_record_is_as_expected(schedule)
        assert_each_change_was_announced_once(schedule)
        for submission in schedule.submissions:
            submission.run.refresh_from_db()
            assert submission.run.state != State.DONE or submission.run.rows_read == len(submission.rows)
            superseded += submission.run.rows_superseded
            tries += submission.run.tries - 1

    assert not LaterEntry.objects.exists()
    assert not LaterCaseText.objects.exists()
    assert superseded > 3 * SCHEDULES
    assert Announcement.objects.filter(is_ahead=True).count() > 3 * SCHEDULES
    assert tries > SCHEDULES / 2


def assert_record_is_as_expected(schedule):
    entries, texts = schedule.expected()
    found = {entry_id: detail for entry_id, (_case, detail, _never) in schedule.entries_on_record().items()}
    assert found == entries, schedule.prefix
    assert schedule.texts_on_record() == texts, schedule.prefix


def assert_each_change_was_announced_once(schedule):
    its_runs = [submission.run.pk for submission in schedule.submissions]
    announced = sorted(
        Announcement.objects.filter(run__in=its_runs).values_list("run", "access__case", "is_ahead")
    )
    changed = sorted((run, case) for run, cases in schedule.changed.items() for case in cases)
    assert changed == [(run, case) for run, case, _ahead in announced], schedule.prefix
    mails = OutgoingMail.objects.filter(run__in=its_runs)
    told = sorted(mails.values_list("run", "account__accesses__case", "is_ahead"))
    assert told == announced, schedule.prefix
    assert OutgoingMail.State.HELD not in mails.values_list("state", flat=True)
