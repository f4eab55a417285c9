"""On SQLite a large file lets other processes write between its batches: whoever waits for the lock does not wait for the file."""

import threading
import time

import pytest
from django.db import connections, transaction

from cpor_cases.actions import imports
from cpor_cases.intake import batches, store, write_gaps
from cpor_cases.intake import run as runs
from cpor_cases.intake.reading.rows import in_blocks
from cpor_cases.models import ImportRun
from cpor_core.models import Court
from tests import factories

BATCHES = 8


@pytest.fixture
def is_sqlite(home):
    if connections["default"].vendor != "sqlite":
        pytest.skip("PostgreSQL gives a lock to whoever has waited longest")


@pytest.fixture
def gaps(monkeypatch):
    """The seconds of each gap."""
    seconds: list[float] = []
    sleep = time.sleep
    monkeypatch.setattr(write_gaps.time, "sleep", lambda gap: (seconds.append(gap), sleep(gap)))
    return seconds


def carry_out_file(court):
    run = imports.begin(source=ImportRun.Source.API, court=court)
    rows = [factories.row(number=str(number)) for number in range(1, BATCHES * batches.BATCH + 1)]
    return runs.carry_out(run, lambda: in_blocks(list(enumerate(rows, start=2))))


@pytest.fixture
def court(monkeypatch):
    monkeypatch.setattr(batches, "BATCH", 5)
    factories.make_word("訴")
    factories.make_kind("judgment")
    return factories.make_court()


def in_thread(work):
    """Do it in a thread with a connection of its own."""
    home = connections["default"]

    def do():
        connections["default"] = home.copy()
        try:
            work()
        finally:
            connections["default"].close()

    thread = threading.Thread(target=do)
    thread.start()
    return thread


@pytest.mark.usefixtures("is_sqlite")
def test_a_file_beside_which_nobody_writes_is_stored_without_a_gap(court, gaps):
    carry_out_file(court)

    assert gaps == []


@pytest.mark.usefixtures("is_sqlite")
def test_after_a_while_it_leaves_a_gap_for_those_who_may_wait(court, gaps, monkeypatch):
    monkeypatch.setattr(write_gaps, "LONGEST_WITHOUT", -1)

    carry_out_file(court)

    assert gaps == [write_gaps.GAP] * (BATCHES - 1)


@pytest.mark.usefixtures("is_sqlite")
def test_who_writes_meanwhile_waits_for_a_batch_or_two_and_not_for_the_file(court, monkeypatch):
    monkeypatch.setattr(write_gaps, "LONGEST_WITHOUT", 0.5)
    waited, is_over, has_begun = [], threading.Event(), threading.Event()

    def slow(run, batch):
        with transaction.atomic():
            store.store(run, batch)
            has_begun.set()
            time.sleep(0.3)

    def write():
        has_begun.wait()
        while not is_over.is_set():
            began = time.monotonic()
            Court.objects.filter(pk=court.pk).update(phone="02")
            waited.append(time.monotonic() - began)
            time.sleep(0.02)

    monkeypatch.setattr(runs, "store", slow)
    writer = in_thread(write)
    began = time.monotonic()
    carry_out_file(court)
    took = time.monotonic() - began
    is_over.set()
    writer.join()

    assert len(waited) >= BATCHES / 2
    assert max(waited) < took / 2
