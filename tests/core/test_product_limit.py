"""By which day it has happened to half of all, and to 8 of 10, when for some it has not happened yet."""

import math
import random
from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cpor_core.product_limit import day_by_which

SHARES = (0.5, 0.8)
days_from_one = st.dictionaries(st.integers(1, 60), st.integers(1, 20), max_size=12)
days_from_zero = st.dictionaries(st.integers(0, 60), st.integers(1, 20), max_size=12)
shares = st.sampled_from(SHARES)


def counted_exactly(share, ended, still_open):
    """The same as in the textbook: one person at a time, in fractions."""
    people = [(day, True) for day, count in ended.items() for _each in range(count)]
    people += [(day, False) for day, count in still_open.items() for _each in range(count)]
    waiting = Fraction(1)
    for day in sorted({day for day, happened in people if happened}):
        at_risk = sum(1 for each, _happened in people if each >= day)
        waiting *= 1 - Fraction(sum(1 for each, happened in people if happened and each == day), at_risk)
        if waiting <= 1 - Fraction(str(share)):
            return day
    return None


@given(share=shares, ended=days_from_one, still_open=days_from_zero)
def test_it_is_what_the_textbook_counts(share, ended, still_open):
    assert day_by_which(share, ended=ended, still_open=still_open) == counted_exactly(
        share, ended, still_open
    )


@given(share=shares, ended=days_from_one)
def test_where_it_has_happened_to_all_it_is_the_day_by_which_it_had_happened_to_so_many(share, ended):
    found = day_by_which(share, ended=ended, still_open={})

    lengths = sorted(Counter(ended).elements())
    assert found == (lengths[math.ceil(share * len(lengths)) - 1] if lengths else None)


@given(share=shares, ended=days_from_one, still_open=days_from_zero, times=st.integers(2, 9))
def test_shares_count_not_numbers(share, ended, still_open, times):
    more = {day: count * times for day, count in ended.items()}
    more_open = {day: count * times for day, count in still_open.items()}

    assert day_by_which(share, ended=more, still_open=more_open) == day_by_which(
        share, ended=ended, still_open=still_open
    )


@given(ended=days_from_one, still_open=days_from_zero)
def test_more_of_them_takes_no_less_time(ended, still_open):
    half, most = (day_by_which(share, ended=ended, still_open=still_open) for share in SHARES)

    assert most is None or (half is not None and half <= most)


@given(share=shares, ended=days_from_one, still_open=days_from_zero, count=st.integers(1, 50))
def test_who_has_just_begun_to_wait_changes_nothing(share, ended, still_open, count):
    begun = Counter(still_open) + Counter({0: count})

    assert day_by_which(share, ended=ended, still_open=begun) == day_by_which(
        share, ended=ended, still_open=still_open
    )


@given(share=shares, ended=days_from_one, still_open=days_from_zero, count=st.integers(1, 50))
def test_who_still_waits_makes_it_no_shorter(share, ended, still_open, count):
    longer = Counter(still_open) + Counter({99: count})
    before, after = (day_by_which(share, ended=ended, still_open=each) for each in (still_open, longer))

    assert after is None or (before is not None and before <= after)


def test_nothing_is_known_of_none_and_where_it_has_happened_to_too_few():
    assert day_by_which(0.5, ended={}, still_open={}) is None
    assert day_by_which(0.5, ended={}, still_open={5: 3}) is None
    assert day_by_which(0.5, ended={3: 2}, still_open={9: 8}) is None


LENGTHS = {
    "at random": lambda draw: draw.expovariate(1 / 40),
    "most about the same": lambda draw: draw.gauss(60, 15),
    "a few very long": lambda draw: draw.lognormvariate(3.3, 0.9),
    "ever less likely": lambda draw: draw.weibullvariate(45, 0.7),
    "anything within three months": lambda draw: draw.uniform(1, 90),
    "soon, or after the holidays": lambda draw: draw.gauss(*draw.choice([(10, 3), (75, 12)])),
}


def lengths_of(name: str, seed: int, count: int) -> list[int]:
    draw = random.Random(seed)
    return [max(1, round(LENGTHS[name](draw))) for _each in range(count)]


def observed(lengths: list[int], seed: int, last_day: int) -> dict[str, Counter]:
    """What a court has on record: each began on some day up to the last one, and may still be waiting on it."""
    draw = random.Random(-seed)
    ended, still_open = Counter(), Counter()
    for length in lengths:
        until_now = draw.randrange(last_day)
        (ended if length <= until_now else still_open)[min(length, until_now)] += 1
    return {"ended": ended, "still_open": still_open}


@pytest.mark.parametrize("last_day", [150, 400], ids=["many wait", "few wait"])
@pytest.mark.parametrize("name", LENGTHS)
def test_the_80_percent_line_holds_for_8_of_10_of_those_that_come_later(name, last_day):
    """The back-test: whatever the lengths are like, learnt from 600 and tried on others."""
    line = day_by_which(0.8, **observed(lengths_of(name, 1, 600), 1, last_day))

    later = lengths_of(name, 2, 4000)
    assert 0.75 <= sum(length <= line for length in later) / len(later) <= 0.85


@pytest.mark.parametrize("name", LENGTHS)
def test_the_line_of_the_fewest_cases_that_are_told_of_holds_on_average(name):
    later, held = lengths_of(name, 2, 1000), []
    for seed in range(10, 210):
        line = day_by_which(0.8, **observed(lengths_of(name, seed, 30), seed, 400))
        held.append(sum(length <= line for length in later) / len(later) if line else 1)

    assert 0.75 <= sum(held) / len(held) <= 0.85


def test_without_those_that_still_wait_the_line_would_be_too_early():
    """Why they are counted: who waits long is seldom done yet."""
    seen = observed(lengths_of("at random", 1, 600), 1, 90)
    later = lengths_of("at random", 2, 4000)

    naive = day_by_which(0.8, ended=seen["ended"], still_open={})

    assert sum(length <= naive for length in later) / len(later) < 0.7
