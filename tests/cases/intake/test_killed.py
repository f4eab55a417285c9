"""Law of the house, 6 and 7: an import killed with -9 at any moment is completed by the same file, and every change is
announced exactly once."""

import csv
import os
import random
import signal
from itertools import count

import psycopg
import pytest
from django.db import connection, connections
from django.db.models import Sum
from django.utils import timezone

from cpor_cases.intake import run as runs
from cpor_cases.intake.formats import read_rows
from cpor_cases.models import Case, ImportRun, OutgoingMail, ProgressEntry
from tests import factories

# The child does nothing but import and die; Python 3.12 warns of threads it does not use.
pytestmark = pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning")

CASES, ENTRIES_A_CASE, BATCH = 6, 4, 5
ROUNDS, KILLS_A_ROUND = 10, 5


@pytest.fixture
def home(django_db_setup, django_db_blocker, tmp_path, monkeypatch):
    """A database of the same kind that several processes can open and that keeps what is committed."""
    ours = connections["default"]
    with django_db_blocker.unblock():
        if ours.vendor == "sqlite":
            name = str(tmp_path / "killed.sqlite3")
            with ours.cursor() as cursor:
                cursor.execute("VACUUM INTO %s", [name])
            take_away = None
        else:
            name, take_away = _copy_on_postgresql(ours)
        copy = ours.copy()
        copy.settings_dict["NAME"] = name
        connections["default"] = copy
        monkeypatch.setattr(runs, "BATCH", BATCH)
        try:
            yield
        finally:
            copy.close()
            connections["default"] = ours
            if take_away:
                take_away()


def _copy_on_postgresql(ours):
    ours.close()
    facts = ours.get_connection_params() | {"dbname": "postgres"}
    facts = {key: facts[key] for key in ("dbname", "user", "password", "host", "port") if key in facts}
    name = f"killed_{os.getpid()}"

    def execute(statement):
        with psycopg.connect(**facts, autocommit=True) as server:
            server.execute(statement)

    execute(f'CREATE DATABASE {name} TEMPLATE "{ours.settings_dict["NAME"]}"')
    return name, lambda: execute(f"DROP DATABASE {name} WITH (FORCE)")


def import_in_child(file, *, dies_at: int | None = None) -> tuple[bool, int]:
    """Import in a process of its own, which is killed at its so-many-th row or statement; return whether it was, and
    how many of these there were."""
    connection.close()
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        ticks = count(1)

        def tick():
            if next(ticks) == dies_at:
                os.kill(os.getpid(), signal.SIGKILL)

        def each_statement(execute, *arguments):
            tick()
            return execute(*arguments)

        def rows():
            for row in read_rows(file):
                tick()
                yield row

        try:
            with connection.execute_wrapper(each_statement):
                runs.run_stream(rows, source=ImportRun.Source.COMMAND)
            os.write(writer, str(next(ticks)).encode())
        finally:
            os._exit(0)
    os.close(writer)
    _child, status = os.waitpid(child, 0)
    with os.fdopen(reader) as pipe:
        said = pipe.read()
    return os.WIFSIGNALED(status), int(said or 0)


def write(file, rows):
    with file.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def make_cases_with_people(round):
    for number in range(1, CASES + 1):
        case = factories.make_case(factories.make_court(), number=1000 * round + number)
        factories.make_access(factories.make_user(), case)
        yield case


@pytest.mark.django_db
def test_a_run_killed_before_its_first_row_is_ended_by_the_clock():
    run = runs.begin(source=ImportRun.Source.COMMAND)

    assert runs.break_off_silent_runs(timezone.now() + 2 * runs.SILENT_TOO_LONG) == 1

    run.refresh_from_db()
    assert run.state == ImportRun.State.BROKEN_OFF


def test_nothing_is_lost_and_nothing_is_announced_twice(home, tmp_path):
    dice, file, kills = random.Random(20), tmp_path / "export.csv", 0
    factories.make_word("訴")
    factories.make_kind("judgment")

    for round in range(ROUNDS):
        cases = list(make_cases_with_people(round))
        rows = [factories.row(case) for _entry in range(ENTRIES_A_CASE) for case in cases]
        rows.append(factories.row(number=str(900_000 + round)))
        write(file, rows)
        first_run = ImportRun.objects.count()
        longest = 100 + 3 * len(rows)
        for _kill in range(KILLS_A_ROUND):
            was_killed, _ticks = import_in_child(file, dies_at=dice.randint(1, longest))
            kills += was_killed
            runs.break_off_silent_runs(timezone.now() + 2 * runs.SILENT_TOO_LONG)
        was_killed, ticks = import_in_child(file)

        assert not was_killed
        assert ticks > 0
        assert_each_change_was_announced_once(rows, cases, ImportRun.objects.order_by("pk")[first_run:])

    assert kills >= ROUNDS * KILLS_A_ROUND * 0.8


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
