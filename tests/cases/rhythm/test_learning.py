"""What is learnt of a court's habits: a regular one is known and its delay found, an irregular one is not accused."""

import datetime as dt

import pytest

from cpor_cases.rhythm.learning import LEAST_SENDINGS, learn
from cpor_core.office.working_days import is_working_day
from tests.support import simulated_courts as courts

DAYS = 210
CHANGE = dt.date(2026, 1, 5)


def learnt_from(habit, *, days=DAYS, seed=1):
    return learn(courts.sendings(habit, days=days, seed=seed), is_working=is_working_day)


def in_words(times):
    """The times as (weekdays, usual hour, latest hour), rounded."""
    return [(time.weekdays, round(time.usual / 60, 1), time.latest / 60) for time in times]


def watched(habit, *, days=DAYS, seed=1):
    """Return on how many days a rhythm was known, and when the court was taken for late."""
    found = list(courts.watched(courts.sendings(habit, days=days, seed=seed), days=days))
    delays = found[-1][1]
    return sum(bool(times) for times, _delays in found), [f"{each.due_at:%m-%d}" for each in delays]


@pytest.mark.parametrize(
    ("habit", "usual"),
    [
        (courts.every_working_day(6), [6]),
        (courts.every_working_day(9, deviation=0.6), [9]),
        (courts.every_working_day(6, 13), [6, 13]),
        (courts.every_working_day(6, 12, 18), [6, 12, 18]),
        (courts.every_working_day(0.0), [0]),
        (courts.every_day(2), [2]),
    ],
    ids=["daily", "wide", "two a day", "three a day", "around midnight", "weekends too"],
)
def test_usual_times_of_every_working_day_are_found(habit, usual):
    found = learnt_from(habit)

    assert [time.weekdays for time in found] == [()] * len(usual)
    for time, hour in zip(found, usual, strict=True):
        assert abs(time.usual - 60 * hour) <= 15
        assert time.usual < time.latest <= time.usual + 4 * 60


def test_the_night_after_a_working_day_belongs_to_it():
    """From Tuesday to Saturday at two in the morning: what is missing on a Saturday is Friday's."""
    [time] = learnt_from(courts.after_each_working_day(2))

    assert abs(time.usual - 26 * 60) <= 15
    assert time.is_on(dt.date(2026, 3, 6), is_working_day)  # a Friday
    assert not time.is_on(dt.date(2026, 3, 7), is_working_day)


def test_a_court_that_sends_on_mondays_and_thursdays_has_these_days():
    found = learnt_from(courts.on_weekdays(0, 3, hour=8))

    assert [time.weekdays for time in found] == [(0,), (3,)]


def test_a_stream_of_calls_is_expected_to_begin():
    first, *_rest = learnt_from(courts.all_day_long(60))

    assert 8.5 * 60 <= first.usual <= 9 * 60


@pytest.mark.parametrize("sent", [LEAST_SENDINGS - 1, LEAST_SENDINGS])
def test_nothing_is_said_before_twenty_sendings(sent):
    moments = courts.sendings(courts.every_working_day(6), days=60, seed=1)[:sent]

    assert bool(learn(moments, is_working=is_working_day)) == (sent == LEAST_SENDINGS)


@pytest.mark.parametrize(
    ("habit", "least_known"),
    [
        (courts.every_working_day(6), 180),
        (courts.every_working_day(6, 13), 190),
        (courts.every_working_day(0.0), 180),
        (courts.after_each_working_day(2), 180),
        (courts.every_day(2), 180),
        (courts.on_weekdays(0, hour=8), 60),
        (courts.all_day_long(20), 190),
    ],
    ids=["daily", "two a day", "midnight", "night after", "weekends too", "weekly", "stream"],
)
def test_a_regular_court_is_known_and_never_wrongly_accused(habit, least_known):
    known, accused = watched(habit)

    assert accused == []
    assert known >= least_known


@pytest.mark.parametrize(
    "habit",
    [
        courts.now_and_then(0.3),
        courts.now_and_then(1),
        courts.now_and_then(2),
        courts.every_working_day(6, share=0.5),
    ],
    ids=["every third day", "once a day", "twice a day", "every other working day"],
)
@pytest.mark.parametrize("seed", range(3))
def test_an_irregular_court_is_never_accused(habit, seed):
    assert watched(habit, seed=seed) == (0, [])


@pytest.mark.parametrize("seed", range(3))
def test_a_court_that_leaves_out_every_fifth_day_is_hardly_ever_accused(seed):
    known, accused = watched(courts.every_working_day(6, share=0.8), seed=seed)

    assert len(accused) <= 3
    assert known <= DAYS / 4


@pytest.mark.parametrize(
    ("habit", "first"),
    [
        (courts.every_working_day(6), dt.date(2026, 1, 7)),
        (courts.every_working_day(6, 13), dt.date(2026, 1, 7)),
        (courts.after_each_working_day(2), dt.date(2026, 1, 8)),
        (courts.on_weekdays(0, hour=8), dt.date(2026, 3, 9)),  # after twenty Mondays
        (courts.all_day_long(20), dt.date(2026, 1, 7)),
    ],
    ids=["daily", "two a day", "night after", "weekly", "stream"],
)
@pytest.mark.parametrize("days", [1, 12])
def test_a_delay_is_found_at_once_and_once_however_long_it_lasts(habit, first, days):
    last = first + (days - 1) * courts.ONE_DAY

    _known, accused = watched(courts.quiet_between(habit, first, last))

    assert accused == [f"{first:%m-%d}"]


def test_a_long_delay_does_not_make_the_rhythm_forgotten():
    habit = courts.quiet_between(courts.every_working_day(6), dt.date(2026, 1, 5), dt.date(2026, 1, 30))
    again = courts.quiet_between(habit, dt.date(2026, 2, 4), dt.date(2026, 2, 4))

    _known, accused = watched(again)

    assert accused == ["01-05", "02-04"]


@pytest.mark.parametrize(
    ("after", "most"),
    [
        (courts.every_working_day(9), 4),
        (courts.every_working_day(4), 0),
        (courts.every_working_day(6, 13), 0),
        (courts.on_weekdays(0, hour=6), 5),
        (courts.now_and_then(1), 5),
    ],
    ids=["three hours later", "two hours sooner", "twice a day", "only on Mondays", "irregular"],
)
def test_a_changed_habit_is_learnt_after_few_wrong_accusations(after, most):
    habit = courts.changed(courts.every_working_day(6), after, on=CHANGE)

    _known, accused = watched(habit)

    assert len(accused) <= most


def test_a_court_that_sends_once_a_day_instead_of_twice_is_asked_for_a_few_days():
    habit = courts.changed(courts.every_working_day(6, 13), courts.every_working_day(6), on=CHANGE)

    _known, accused = watched(habit)

    assert len(accused) <= 4


@pytest.mark.parametrize("seed", range(3))
def test_outliers_leave_the_usual_time_as_it_is_and_are_the_only_ones_late(seed):
    """Each outlier is three to nine hours late, 3 % of the days: some are caught, nothing else is."""
    habit = courts.with_outliers(courts.every_working_day(6))
    sent = courts.sendings(habit, days=DAYS, seed=seed)
    outliers = {f"{at:%m-%d}" for at in sent if at.hour >= 8}

    known, accused = watched(habit, seed=seed)

    assert set(accused) <= outliers
    assert len(accused) >= len(outliers) / 3
    assert known >= 150


def test_holidays_are_no_delay_and_a_saturday_that_is_made_up_for_is_a_working_day():
    assert not is_working_day(dt.date(2026, 2, 17))
    assert is_working_day(dt.date(2025, 2, 8))  # for the 27th of January
    assert not is_working_day(dt.date(2025, 2, 15))
