"""Rule 10: stored as Gregorian, shown in both calendars, both accepted, Taipei time."""

import datetime as dt

import pytest
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from cpor_core import roc_dates

SPELLINGS = [
    "2026-09-24",
    "2026/9/24",
    "20260924",
    "115/09/24",
    "115.09.24",
    "115-9-24",
    "1150924",
    "民國115年9月24日",
    "中華民國 115 年 9 月 24 日",
    "西元2026年9月24日",
    "公元 2026/9/24",
    "１１５／０９／２４",
    " 115/09/24 ",
]


@pytest.mark.parametrize("text", SPELLINGS)
def test_both_calendars_are_read(text):
    assert roc_dates.parse_date(text) == dt.date(2026, 9, 24)


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("99/12/31", dt.date(2010, 12, 31)),
        ("991231", dt.date(2010, 12, 31)),
        ("113/02/29", dt.date(2024, 2, 29)),
    ],
)
def test_two_digit_years_and_leap_days_of_the_republic_are_read(text, date):
    assert roc_dates.parse_date(text) == date


@pytest.mark.parametrize(
    "text",
    ["", "tomorrow", "115/13/01", "115/02/29", "2026-02-30", "0/1/1", "115年", "9/24"]
    + ["西元115年9月24日", "民國2026年9月24日", "西元前1年1月1日", "民國前1年1月1日"],
)
def test_what_is_no_day_is_refused_with_a_sentence(text):
    with pytest.raises(ValueError, match=r".+"):
        roc_dates.parse_date(text)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-09-24T09:30", "2026-09-24T09:30+08:00"),
        ("115/09/24 0930", "2026-09-24T09:30+08:00"),
        ("1150924 09:30", "2026-09-24T09:30+08:00"),
        ("民國115年9月24日 9:30", "2026-09-24T09:30+08:00"),
        ("2026-09-24T01:30:00Z", "2026-09-24T09:30+08:00"),
        ("2026-09-24", "2026-09-24T00:00+08:00"),
    ],
)
def test_moments_are_taipei_time_unless_a_zone_is_named(text, moment):
    assert roc_dates.parse_moment(text) == dt.datetime.fromisoformat(moment)


@pytest.mark.parametrize(
    "text",
    ["2026-09-24T25:00", "2026-09-24T09:75", "115/09/24 noon"]
    # From when to when: the end is no time zone that would move the beginning by ten hours.
    + ["115/09/24 09:30-10:30", "115/09/24 0930-1030", "2026-09-24 09:30 - 10:30", "115年9月24日 9:30-12:00"],
)
def test_what_is_no_time_of_day_is_refused(text):
    with pytest.raises(ValueError, match=r".+"):
        roc_dates.parse_moment(text)


@given(st.dates(dt.date(1912, 1, 1), dt.date(2900, 12, 31)))
def test_what_is_shown_can_be_typed_again(date):
    roc = roc_dates.in_roc_words(date).removeprefix("民國 ")

    assert roc_dates.parse_date(f"民國{roc}") == date
    assert roc_dates.parse_date(date.isoformat()) == date


@pytest.mark.parametrize(
    ("language", "shown"),
    [("zh-hant", "民國 115 年 9 月 24 日（2026-09-24）"), ("en", "24 September 2026 (ROC 115/09/24)")],
)
def test_a_day_is_shown_in_both_calendars(language, shown):
    with translation.override(language):
        assert roc_dates.in_both_calendars(dt.date(2026, 9, 24)) == shown


def test_a_moment_is_shown_in_taipei_and_midnight_as_a_day_alone():
    morning = dt.datetime(2026, 9, 24, 1, 30, tzinfo=dt.UTC)
    midnight = timezone.make_aware(dt.datetime(2026, 9, 24))

    assert roc_dates.moment_in_both_calendars(morning).endswith("09:30")
    assert roc_dates.moment_in_both_calendars(midnight) == roc_dates.in_both_calendars(dt.date(2026, 9, 24))


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        ("zh-hant", ("民國 115 年 9 月 24 日", "2026-09-24 09:30")),
        ("en", ("24 Sep 2026 09:30", "ROC 115/09/24")),
    ],
)
def test_narrow_columns_have_both_calendars_above_each_other(language, lines):
    moment = roc_dates.parse_moment("115/09/24 09:30")

    with translation.override(language):
        assert roc_dates.in_both_lines(moment) == lines
        assert roc_dates.in_both_lines(timezone.localdate(moment))[1] == lines[1].removesuffix(" 09:30")
