"""What is said of hearings in iCalendar survives the way there and back, and keeps to the RFC's form."""

import datetime as dt
import uuid

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone, translation
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from cpor_cases.hearings.of_cases import CalendarHearing
from cpor_cases.hearings.standing import Hearing
from cpor_cases.icalendar_feed import LENGTH, calendar_of, sequence_of, uid_of
from cpor_cases.models import CalendarFeed, Case, CaseAccess
from cpor_core.models import Court

MOMENT = timezone.make_aware(dt.datetime(2026, 12, 1, 9, 30))
PUBLIC_ID = uuid.UUID(int=7)
SEEN = timezone.make_aware(dt.datetime(2026, 11, 1, 8, 0))


def hearing(
    pk=1,
    *,
    hearing_at=MOMENT,
    courtroom="第 12 法庭",
    changed_after=0,
    called_off=False,
    own_name="",
    was=(),
    reminder_days="",
):
    court = Court(code="TPD", name={"zh-hant": "臺灣臺北地方法院", "en": "Taiwan Taipei District Court"})
    case = Case(pk=1, court=court, year=115, word="訴", number=123, public_id=PUBLIC_ID)
    return CalendarHearing(
        hearing=Hearing(key=pk, at=hearing_at, courtroom=courtroom, stands=not called_off, was=list(was)),
        access=CaseAccess(
            case=case, own_name=own_name, account=get_user_model()(), reminder_days=reminder_days
        ),
        first_seen_at=SEEN,
        changed_at=SEEN + dt.timedelta(seconds=changed_after),
    )


def read(*hearings, title=CalendarFeed.Title.HEARING):
    calendar = Calendar.from_ical(calendar_of(hearings, title=title))
    return calendar, calendar.events


def alarms_of(event) -> list[dt.timedelta]:
    return [alarm.TRIGGER for alarm in event.walk("VALARM")]


words = st.text(st.characters(codec="utf-8", exclude_categories=["C"]), max_size=60)


@settings(deadline=None)
@given(courtroom=words, own_name=words)
def test_any_words_come_back_as_they_went_and_no_line_is_too_long(courtroom, own_name):
    sent = hearing(courtroom=courtroom, own_name=own_name)

    content = calendar_of([sent], title=CalendarFeed.Title.OWN_NAME)

    (event,) = Calendar.from_ical(content).events
    assert str(event["LOCATION"]) == " ".join(filter(None, [str(sent.access.case.court), courtroom]))
    assert str(event["SUMMARY"]).endswith(own_name or "115年度訴字第123號")
    assert content.endswith(b"\r\n")
    assert max(len(line) for line in content.split(b"\r\n")) <= 75
    for line in content.split(b"\r\n"):
        line.decode()  # no character is cut in two


@pytest.mark.parametrize("name", ["a, b; c", "line\nand line", "back\\slash", "字" * 40, "BEGIN:VEVENT"])
def test_what_has_a_meaning_in_the_format_is_escaped(name):
    _calendar, (event,) = read(hearing(own_name=name), title=CalendarFeed.Title.OWN_NAME)

    assert str(event["SUMMARY"]).endswith(name)


@settings(deadline=None)
@given(st.datetimes(dt.datetime(1990, 1, 1), dt.datetime(2090, 1, 1)))
def test_any_moment_comes_back_as_the_hour_in_taipei(moment):
    moment = moment.replace(second=0, microsecond=0)
    _calendar, (event,) = read(hearing(hearing_at=timezone.make_aware(moment)))

    if moment.time() == dt.time():
        assert moment.date() == event.DTSTART
    else:
        assert event.DTSTART.replace(tzinfo=None) == moment
        assert event["DTSTART"].params["TZID"] == "Asia/Taipei"
        assert event.DURATION == LENGTH


def test_the_time_zone_comes_along():
    calendar, _events = read(hearing())

    assert [str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")] == ["Asia/Taipei"]


def test_calendar_programs_are_told_its_name_and_how_often_to_look():
    content = calendar_of([hearing()]).decode()

    assert "REFRESH-INTERVAL;VALUE=DURATION:PT6H\r\n" in content
    assert "X-PUBLISHED-TTL:PT6H\r\n" in content
    assert "NAME:" in content
    assert "METHOD" not in content


def test_alarms_are_set_seven_days_and_one_day_before():
    _calendar, (event,) = read(hearing())

    assert alarms_of(event) == [dt.timedelta(days=-7), dt.timedelta(days=-1)]


def test_alarms_are_set_on_the_days_that_the_person_has_chosen():
    _calendar, (event,) = read(hearing(reminder_days="3"))

    assert alarms_of(event) == [dt.timedelta(days=-3)]


def test_before_a_hearing_without_an_hour_alarms_are_set_for_the_morning():
    midnight = timezone.make_aware(dt.datetime(2026, 12, 1))
    _calendar, (event,) = read(hearing(hearing_at=midnight))

    times = [dt.datetime(2026, 12, 1) + trigger for trigger in alarms_of(event)]
    assert times == [dt.datetime(2026, 11, 24, 9), dt.datetime(2026, 11, 30, 9)]


def test_one_called_off_says_so_and_has_no_alarm():
    _calendar, (event,) = read(hearing(called_off=True))

    assert (event["STATUS"], event["TRANSP"], alarms_of(event)) == ("CANCELLED", "TRANSPARENT", [])


def test_uid_stays_and_sequence_grows_with_a_correction():
    before, after = hearing(), hearing(hearing_at=MOMENT + dt.timedelta(days=1), changed_after=0.2)

    assert uid_of(before.hearing) == uid_of(after.hearing)
    assert sequence_of(before) < sequence_of(after)


@settings(deadline=None)
@given(st.lists(st.floats(0, 10**8), min_size=2, max_size=2).map(sorted))
def test_sequence_never_goes_backwards(moments):
    earlier, later = (hearing(changed_after=seconds) for seconds in moments)

    assert 0 <= sequence_of(earlier) <= sequence_of(later) < 2**31


def test_the_plain_title_names_neither_case_nor_cause():
    content = calendar_of([hearing(own_name="房東")]).decode()

    assert "房東" not in content
    assert "123" not in content.replace("2026-12-01", "")


@pytest.mark.parametrize(
    ("title", "own_name", "ending"),
    [
        ("case_number", "房東", "115年度訴字第123號"),
        ("own_name", "房東", "房東"),
        ("own_name", "", "115年度訴字第123號"),
    ],
)
def test_the_title_says_as_much_as_was_chosen(title, own_name, ending):
    _calendar, (event,) = read(hearing(own_name=own_name), title=title)

    assert str(event["SUMMARY"]).endswith(ending)


def test_a_moved_one_says_so_first_and_when_it_was():
    with translation.override("en"):
        _calendar, (event,) = read(hearing(was=[MOMENT - dt.timedelta(days=7)]))

    assert (str(event["SUMMARY"]), event["STATUS"]) == ("Hearing moved", "CONFIRMED")
    assert str(event["DESCRIPTION"]).startswith("Moved. It was set for 24 November 2026")


def test_no_event_is_called_private():
    """Google Calendar shows a private event of a subscribed calendar as "busy", without title, place and notes."""
    calendar, events = read(hearing(1), hearing(2, hearing_at=MOMENT + dt.timedelta(days=1), called_off=True))

    assert len(events) == 2
    assert not [component for component in calendar.walk() if "CLASS" in component]


def test_it_is_written_in_the_readers_language():
    with translation.override("en"):
        _calendar, (event,) = read(hearing())

    assert str(event["SUMMARY"]) == "Hearing"
    assert str(event["LOCATION"]).startswith("Taiwan Taipei District Court")


def test_the_same_facts_make_the_same_bytes():
    assert calendar_of([hearing()]) == calendar_of([hearing()])
