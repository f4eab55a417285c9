"""Small files of a court are taken in beside a large one: by two workers at once, on a database that both can open."""

import csv
import io
import threading

import pytest
from django.db import connections, transaction

from cpor_cases.actions import imports, submissions, uploads
from cpor_cases.intake import batches, incoming_files, store
from cpor_cases.intake import run as runs
from cpor_cases.mail import outbox
from cpor_cases.models import ImportRun, IncomingFile, OutgoingMail, ProgressEntry
from cpor_cases.models.incoming_files import MOST_SMALL_ROWS
from cpor_core.worker_slots import WorkerSlots
from tests import factories

State = ImportRun.State


@pytest.fixture(autouse=True)
def _a_worker_of_three_threads(monkeypatch):
    monkeypatch.setattr(incoming_files, "SLOTS", WorkerSlots(3))
    monkeypatch.setattr(incoming_files, "enqueue_on_commit", lambda *_task, **_options: None)
    monkeypatch.setattr(incoming_files, "enqueue", lambda *_task, **_options: None)
    monkeypatch.setattr(outbox, "enqueue_delivery", lambda at=None: None)


@pytest.fixture
def case(court):
    factories.make_word("訴")
    factories.make_kind("judgment")
    return factories.make_case(court)


def as_file(rows):
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return io.BytesIO(text.getvalue().encode())


def send(token, rows, *, counted=None):
    """Have the interface accept rows, as if there were so many of them."""
    return submissions.accept(submissions.reserve(token, ""), as_file(rows), rows=counted or len(rows))


def process(run):
    incoming_files.process.call_local(run.incoming_file.pk)
    run.refresh_from_db()
    return run.state


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("rows", "is_small"), [(1, True), (MOST_SMALL_ROWS, True), (MOST_SMALL_ROWS + 1, False)]
)
def test_a_call_is_small_up_to_500_rows(case, court, rows, is_small):
    token, _secret = factories.make_token(court)

    run = send(token, [factories.row(case)], counted=rows)

    assert (run.is_small, run.incoming_file.is_small) == (is_small, is_small)


@pytest.mark.django_db
def test_an_upload_is_small_by_its_bytes_until_its_rows_are_counted(case, court, clerk):
    many = [factories.row(case, detail="") for _ in range(MOST_SMALL_ROWS + 1)]
    file = uploads.receive("a.csv", [as_file(many).getvalue()], court=court, by=clerk)
    assert file.is_small

    incoming_files.process.call_local(file.pk)
    uploads.start_import(file, by=clerk)

    file.refresh_from_db()
    assert (file.is_small, file.run.is_small) == (False, False)


@pytest.mark.django_db
def test_a_large_file_begins_after_the_small_ones_that_were_accepted_before_it(case, court):
    token, _secret = factories.make_token(court)
    small, large = send(token, [factories.row(case)]), send(token, [factories.row(case)], counted=10_000)
    later = send(token, [factories.row(case)])

    assert process(large) == State.WAITING
    assert process(small) == State.DONE
    assert process(large) == State.DONE
    assert process(later) == State.DONE


@pytest.mark.django_db
def test_files_of_one_kind_are_imported_in_the_order_in_which_they_were_accepted(case, court, clerk):
    first, second = (
        uploads.receive(f"{name}.csv", [as_file([factories.row(case)]).getvalue()], court=court, by=clerk)
        for name in "ab"
    )
    for file in (first, second):
        incoming_files.process.call_local(file.pk)

    uploads.start_import(second, by=clerk)
    uploads.start_import(first, by=clerk)

    assert [file.pk for file in IncomingFile.objects.in_work().in_order()] == [second.pk, first.pk]


@pytest.mark.django_db
def test_the_tasks_of_small_files_come_before_those_of_large_ones(case, court, monkeypatch):
    tasks = []
    monkeypatch.setattr(
        incoming_files, "enqueue", lambda _task, key, *, priority: tasks.append((key, priority))
    )
    token, _secret = factories.make_token(court)
    large, small = send(token, [factories.row(case)], counted=10_000), send(token, [factories.row(case)])

    assert incoming_files.enqueue_waiting() == 2

    assert tasks == [(small.incoming_file.pk, incoming_files.SMALL_FIRST), (large.incoming_file.pk, 0)]


@pytest.fixture
def between_batches(monkeypatch):
    """Have the import that another thread carries out wait after its first batch until it may go on."""
    has_begun, may_go_on = threading.Event(), threading.Event()

    def store_and_wait(run, batch):
        outcome = store.store(run, batch)
        if threading.current_thread() is not threading.main_thread():
            has_begun.set()
            assert may_go_on.wait(60)
        return outcome

    monkeypatch.setattr(batches, "BATCH", 2)
    monkeypatch.setattr(runs, "store", store_and_wait)
    return has_begun, may_go_on


def in_another_worker(function, *arguments):
    home = connections["default"]

    def work():
        connections["default"] = home.copy()
        try:
            function(*arguments)
        finally:
            connections["default"].close()

    thread = threading.Thread(target=work)
    thread.start()
    return thread


def test_what_is_small_is_stored_and_announced_between_two_batches_of_a_large_file(home, between_batches):
    has_begun, may_go_on = between_batches
    factories.make_word("訴")
    factories.make_kind("judgment")
    case = factories.make_case(factories.make_court())
    factories.make_access(factories.make_user(), case)
    token, _secret = factories.make_token(case.court)
    rows = [factories.row(case, detail="先") for _ in range(6)]
    large = send(token, rows, counted=300_000)

    thread = in_another_worker(incoming_files.process.call_local, large.incoming_file.pk)
    assert has_begun.wait(60)
    try:
        of_api = send(token, [rows[0] | {"detail": "後"}, rows[5] | {"detail": "後"}])
        assert process(of_api) == State.DONE
        typed = imports.import_rows(
            [(1, rows[4] | {"withdrawn": "1"})], source=ImportRun.Source.TYPED, court=case.court
        )
        large.refresh_from_db()
        assert (large.state, typed.state) == (State.RUNNING, State.DONE)
        assert OutgoingMail.objects.get(run=of_api).state == OutgoingMail.State.WAITING
    finally:
        may_go_on.set()
        thread.join()

    large.refresh_from_db()
    assert (large.state, large.rows_created, large.rows_superseded) == (State.DONE, 4, 2)
    standing = ProgressEntry.objects.standing()
    assert sorted(standing.values_list("detail", flat=True)) == ["先", "先", "先", "後", "後"]


def test_a_second_large_file_waits_for_the_first(home, between_batches):
    has_begun, may_go_on = between_batches
    factories.make_word("訴")
    factories.make_kind("judgment")
    case = factories.make_case(factories.make_court())
    token, _secret = factories.make_token(case.court)
    first, second = (send(token, [factories.row(case)], counted=10_000) for _ in range(2))

    thread = in_another_worker(incoming_files.process.call_local, first.incoming_file.pk)
    assert has_begun.wait(60)
    try:
        assert process(second) == State.WAITING
    finally:
        may_go_on.set()
        thread.join()

    assert process(second) == State.DONE


def test_submissions_of_a_court_are_numbered_in_the_order_in_which_they_are_committed(home):
    """One that got its number first, but is committed last, would be seen by nobody who is stored meanwhile."""
    court = factories.make_court()
    order, has_number, may_commit = [], threading.Event(), threading.Event()

    def accept(name, *, is_slow):
        with transaction.atomic():
            run = imports.begin(source=ImportRun.Source.API, court=court)
            if is_slow:
                has_number.set()
                assert may_commit.wait(60)
        order.append((name, run.pk))

    slow = in_another_worker(lambda: accept("slow", is_slow=True))
    assert has_number.wait(60)
    quick = in_another_worker(lambda: accept("quick", is_slow=False))
    quick.join(0.2)
    assert quick.is_alive(), "it got its number, and was committed, before the one with the lower number"
    may_commit.set()
    slow.join()
    quick.join()

    assert [name for name, _number in sorted(order, key=lambda each: each[1])] == ["slow", "quick"]
