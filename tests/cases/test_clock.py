"""Periodic tasks: once for each moment, late if no worker was there, and no later because a clock was set back."""

import datetime as dt
import time
from functools import partial
from importlib import import_module

import pytest
from django.utils import timezone
from huey.contrib.djhuey import HUEY

from cpor_cases import tasks
from cpor_cases.actions import clock_changes
from cpor_cases.mail import delivery, outbox, queue, throttle
from cpor_cases.models import ImportRun, IncomingFile, OutgoingMail, RateSlot
from cpor_core import clock
from tests import factories

pytestmark = pytest.mark.django_db

NOON = dt.datetime(2026, 11, 30, 4, 0, 20, tzinfo=dt.UTC)  # 12:00:20 in Taipei
HOUR = dt.timedelta(hours=1)
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def set_clock(monkeypatch):
    """Set the clock of this machine: the database's moments and the seconds since 1970 alike."""

    def set_to(moment):
        monkeypatch.setattr(timezone, "now", lambda: moment)
        monkeypatch.setattr(time, "time", moment.timestamp)

    set_to(NOON)
    return set_to


class Count:
    __module__, __name__, __qualname__ = __name__, "count", "count"

    def __init__(self):
        self.runs = 0

    def __call__(self):
        self.runs += 1


def runs_at(set_clock, task, *moments):
    """Return how often a task ran at each of the moments, which two workers checked."""
    done = []
    for moment in moments:
        set_clock(moment)
        count = Count()
        for _worker in range(2):
            task(count)()
        done.append(count.runs)
    return done


def every_minute(count):
    return clock.once(count)


def each_night(count):
    at = partial(clock._moment_of_day, at=dt.time(3, 30))
    return clock.once(count, at, is_due_at_first=False)


def test_two_workers_do_a_task_once_a_minute(set_clock):
    moments = [NOON, NOON + dt.timedelta(seconds=30), NOON + MINUTE, NOON + 30 * HOUR]

    assert runs_at(set_clock, every_minute, *moments) == [1, 0, 1, 1]


def test_what_a_night_missed_is_done_when_a_worker_is_back_and_once(set_clock):
    moments = [NOON, NOON + 48 * HOUR, NOON + 48 * HOUR + MINUTE, NOON + 63 * HOUR, NOON + 64 * HOUR]

    assert runs_at(set_clock, each_night, *moments) == [0, 1, 0, 0, 1]


def test_a_clock_set_back_by_an_hour_stops_no_task(set_clock):
    moments = [NOON, NOON - HOUR, NOON - HOUR, NOON - HOUR + MINUTE]

    assert runs_at(set_clock, every_minute, *moments) == [1, 1, 0, 1]


def test_two_machines_whose_clocks_differ_by_a_minute_run_it_once(set_clock):
    moments = [NOON, NOON - MINUTE, NOON + MINUTE, NOON]

    assert runs_at(set_clock, every_minute, *moments) == [1, 0, 1, 0]


def test_every_periodic_task_goes_by_this_clock():
    import_module("cpor_pages.tasks")
    kinds = [type(task) for task in HUEY._registry.periodic_tasks]

    assert len(kinds) >= 14
    for kind in kinds:
        assert hasattr(getattr(import_module(kind.__module__), kind.__name__).func, "__wrapped__"), kind


def test_the_last_tick_is_known_to_the_minute_and_one_to_come_does_not_count(set_clock):
    assert clock.last_tick() is None
    tasks.answer_password_resets.call_local()
    assert clock.last_tick() == NOON.replace(second=0)

    set_clock(NOON - HOUR)

    assert clock.last_tick() is None


# A clock set back


@pytest.fixture
def an_hour_back(set_clock):
    """Watch the clock, let it be set back by an hour while something waits, and watch again."""

    def go():
        set_clock(NOON - HOUR)
        clock_changes.watch()
        return NOON - HOUR

    clock_changes.watch()
    return go


def test_mail_goes_when_it_would_have_gone(an_hour_back, litigant):
    for seconds in (0, 90):
        outbox.post(
            OutgoingMail.Kind.ACCOUNT_NOTICE,
            account=litigant,
            not_before=NOON + dt.timedelta(seconds=seconds),
        )
    RateSlot.objects.create(name="*", free_at=NOON + MINUTE)

    now = an_hour_back()

    assert OutgoingMail.objects.due(now).count() == 1
    assert OutgoingMail.objects.due(now + 2 * MINUTE).count() == 2
    assert RateSlot.objects.get().free_at <= now + MINUTE


def test_what_a_dead_worker_held_is_free_after_the_lease(an_hour_back, litigant):
    outbox.post(OutgoingMail.Kind.ACCOUNT_NOTICE, account=litigant, not_before=NOON - 2 * HOUR)
    queue.claim(NOON)

    now = an_hour_back()

    assert not OutgoingMail.objects.due(now).exists()
    assert OutgoingMail.objects.due(now + queue.LEASE + MINUTE).exists()


def test_what_a_living_worker_holds_is_begun_only_while_nobody_else_may_take_it(set_clock, litigant):
    outbox.post(OutgoingMail.Kind.ACCOUNT_NOTICE, account=litigant)
    batch = queue.claim(NOON)
    set_clock(NOON - HOUR)

    ends = delivery._last_start(batch) - time.monotonic()

    assert ends <= (queue.LEASE - delivery.LONGEST_SENDING).total_seconds()


def test_the_pause_after_a_silent_server_lasts_no_longer(set_clock):
    for _ in range(9):
        throttle.open_circuit("refused")
    assert throttle.is_circuit_open()

    set_clock(NOON - HOUR)

    assert not throttle.is_circuit_open()


def test_what_is_on_hold_is_published_in_minutes(an_hour_back, court):
    entry = factories.make_entry(factories.make_case(court), held_until=NOON + 5 * MINUTE)

    now = an_hour_back()

    entry.refresh_from_db()
    assert now < entry.held_until <= now + 5 * MINUTE


def test_no_heartbeat_is_of_later(an_hour_back, court, clerk):
    factories.make_run(court=court, state=ImportRun.State.RUNNING, ended_at=None, heartbeat_at=NOON)
    IncomingFile.objects.create(court=court, clerk=clerk, file_name="rows.csv", claimed_at=NOON)
    token, _secret = factories.make_token(court)
    IncomingFile.objects.create(token=token, court=court, received_at=NOON, language="en")

    now = an_hour_back()

    assert ImportRun.objects.get().heartbeat_at == now
    assert IncomingFile.objects.get(clerk=clerk).claimed_at == now
    assert IncomingFile.objects.get(token=token).received_at == now


def test_an_hour_forward_and_small_steps_change_nothing(set_clock, litigant):
    clock_changes.watch()
    outbox.post(OutgoingMail.Kind.ACCOUNT_NOTICE, account=litigant, not_before=NOON + 2 * HOUR)
    for moment in (NOON + HOUR, NOON + HOUR - MINUTE):
        set_clock(moment)
        clock_changes.watch()

    assert OutgoingMail.objects.get().next_attempt_at == NOON + 2 * HOUR
