"""Rules 6 and 7: an import killed with -9 at any moment is completed by the same file, and every change is
announced exactly once."""

import csv
import os
import random
import signal
from functools import partial
from itertools import count, pairwise

import pytest
from django.db import connection
from django.db.models import Sum
from django.utils import timezone

from cpor_cases.actions import imports, submissions
from cpor_cases.intake import batches, incoming_files
from cpor_cases.intake import run as runs
from cpor_cases.intake.reading.formats import read_rows
from cpor_cases.models import Case, ImportRun, OutgoingMail, ProgressEntry
from cpor_cases.self_check import run as self_check
from cpor_core.worker_slots import SLOTS
from tests import factories

# The child does nothing but import and die; Python 3.12 warns of threads it does not use.
pytestmark = pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning")

CASES, BATCH = 6, 5
KINDS = ["judgment", "judgment", "hearing_changed", "judgment"]  # of the entries of each case
ROUNDS, KILLS_A_ROUND = 10, 5


@pytest.fixture(autouse=True)
def _small_batches(monkeypatch):
    monkeypatch.setattr(batches, "BATCH", BATCH)
    monkeypatch.setattr(runs, "MOST_TRIES", 1000)


@pytest.fixture
def checked_home(home):
    yield
    assert self_check.verify() == []


def in_child(task, *, dies_at: int | None = None) -> bool:
    """Do it in a process of its own, which is killed at its so-many-th row or statement; return whether it was.

    `task` is given what it has to call for each row.
    """
    _child, status = os.waitpid(begin_in_child(task, dies_at=dies_at), 0)
    return os.WIFSIGNALED(status)


def begin_in_child(task, *, dies_at: int | None = None) -> int:
    connection.close()
    child = os.fork()
    if child == 0:
        ticks = count(1)

        def tick():
            if next(ticks) == dies_at:
                os.kill(os.getpid(), signal.SIGKILL)

        def each_statement(execute, *arguments):
            tick()
            return execute(*arguments)

        try:
            with connection.execute_wrapper(each_statement):
                task(tick)
        except BaseException:
            os._exit(1)
        os._exit(0)
    return child


def importing(file):
    def task(tick):
        def rows():
            for row in read_rows(file):
                tick()
                yield row

        imports.import_stream(rows, source=ImportRun.Source.COMMAND)

    return task


def kill_often(task, dice, *, longest: int, kills: int) -> None:
    """Have it done over and over, killed at any moment, until it has been killed so many times."""
    while kills:
        if in_child(task, dies_at=dice.randint(1, longest)):
            kills -= 1
        else:  # what is left to do takes less by now
            longest = max(10, longest // 2)


def write(file, rows):
    with file.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def make_cases_with_people(round):
    for number in range(1, CASES + 1):
        case = factories.make_case(factories.make_court(), number=1000 * round + number)
        factories.make_access(factories.make_user(), case, is_told=True)
        yield case


@pytest.mark.django_db
def test_a_run_killed_before_its_first_row_is_ended_by_the_clock():
    run = imports.begin(source=ImportRun.Source.COMMAND)

    assert runs.abort_silent_runs(timezone.now() + 2 * runs.HEARTBEAT_TIMEOUT) == 1

    run.refresh_from_db()
    assert run.state == ImportRun.State.ABORTED


def write_export(file, round):
    """Write the file of one round; return its cases and its rows."""
    cases = list(make_cases_with_people(round))
    rows = [factories.row(case, kind=kind) for kind in KINDS for case in cases]
    rows.append(factories.row(number=str(900_000 + round)))
    write(file, rows)
    return cases, rows


def test_nothing_is_lost_and_nothing_is_announced_twice(checked_home, tmp_path):
    """Whoever imports the file again need not wait for anything: dead workers hold no court lock."""
    dice, file = random.Random(20), tmp_path / "export.csv"
    factories.make_word("訴")
    for kind in KINDS:
        factories.make_kind(kind)

    for round in range(ROUNDS):
        cases, rows = write_export(file, round)
        first_run = ImportRun.objects.count()
        kill_often(importing(file), dice, longest=100 + 3 * len(rows), kills=KILLS_A_ROUND)

        assert not in_child(importing(file))

        assert_each_change_was_announced_once(rows, cases, ImportRun.objects.order_by("pk")[first_run:])


def test_what_a_system_sent_once_is_taken_in_whole_however_many_workers_die_over_it(checked_home, tmp_path):
    dice, file, kills = random.Random(21), tmp_path / "export.csv", 0
    factories.make_word("訴")
    for kind in KINDS:
        factories.make_kind(kind)
    token, _secret = factories.make_token(factories.make_court())

    for round in count():
        cases, rows = write_export(file, round)
        with file.open("rb") as body, SLOTS.for_small_file():  # no worker is free: it waits
            run = submissions.accept(submissions.reserve(token, ""), body)

        while not run.ended_at:
            kills += in_child(partial(take_in, run.incoming_file.pk), dies_at=dice.randint(1, 200))
            run.refresh_from_db()

        assert (run.state, run.rows_read, run.rows_created) == (ImportRun.State.DONE, len(rows), len(rows))
        assert_each_change_was_announced_once(rows, cases, [run])
        assert OutgoingMail.objects.filter(run=run).count() == len(cases)
        if kills >= ROUNDS * KILLS_A_ROUND:
            break


def test_the_same_file_imported_by_several_at_once_is_taken_and_announced_once(checked_home, tmp_path):
    factories.make_word("訴")
    for kind in KINDS:
        factories.make_kind(kind)
    file = tmp_path / "export.csv"
    cases, rows = write_export(file, 0)

    children = [begin_in_child(importing(file)) for _ in range(4)]
    ends = [os.waitpid(child, 0)[1] for child in children]

    assert ends == [0] * 4
    its_runs = list(ImportRun.objects.order_by("pk"))
    assert [run.rows_created for run in its_runs] == [len(rows), 0, 0, 0]  # one after the other
    assert all(run.ended_at <= following.started_at for run, following in pairwise(its_runs))
    assert_each_change_was_announced_once(rows, cases, its_runs[:1])


def take_in(pk, _tick):
    incoming_files.process.call_local(pk)


def assert_each_change_was_announced_once(rows, cases, its_runs):
    its_runs = list(its_runs)
    entries = ProgressEntry.objects.filter(changed_in__in=its_runs)
    assert sorted(entries.values_list("entry_id", flat=True)) == sorted(row["entry_id"] for row in rows)
    figures = ImportRun.objects.filter(pk__in=[run.pk for run in its_runs])
    assert figures.aggregate(n=Sum("rows_created"))["n"] == len(rows)
    assert figures.aggregate(n=Sum("rows_changed"))["n"] == 0
    assert not figures.filter(state=ImportRun.State.RUNNING).exists()
    for case in Case.objects.filter(pk__in=[case.pk for case in cases]):
        told = OutgoingMail.objects.filter(kind="progress", account__accesses__case=case)
        assert set(told.values_list("run", flat=True)) == set(
            case.entries.values_list("changed_in", flat=True)
        )
        assert OutgoingMail.State.HELD not in told.values_list("state", flat=True)
        assert told.count() == told.values("run").distinct().count()
