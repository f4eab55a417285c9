"""The calendar of a person's hearings: what its address shows, to whom, and for how long."""

import datetime as dt
import logging

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from cpor_cases.actions import access, calendar_feeds
from cpor_cases.actions.imports import import_rows
from cpor_cases.mail import delivery
from cpor_cases.models import CalendarFeed, ImportRun, Litigant
from tests import factories

pytestmark = pytest.mark.django_db

FEED, PAGE = reverse("cpor_cases:hearings"), reverse("cpor_cases:calendar")
IN_TEN_DAYS = timezone.localtime().replace(hour=9, minute=30, second=0, microsecond=0) + dt.timedelta(days=10)


def hearing_of(case, kind="hearing_set", **over):
    return factories.make_entry(
        case, kind=kind, **{"hearing_at": IN_TEN_DAYS, "courtroom": "第 12 法庭"} | over
    )


def events_of(response) -> list:
    assert response.status_code == 200
    return Calendar.from_ical(response.content).events


@pytest.fixture
def key(litigant):
    return calendar_feeds.make_address(account=litigant, title=CalendarFeed.Title.HEARING)


@pytest.fixture
def case(litigant, court):
    return factories.make_access(litigant, factories.make_case(court)).case


@pytest.fixture
def fetch(client, key):
    return lambda **headers: client.get(FEED, {"key": key}, headers=headers)


def test_a_coming_hearing_is_told_with_its_hour_and_place(fetch, case):
    hearing_of(case)

    (event,) = events_of(fetch())

    assert event.DTSTART == IN_TEN_DAYS
    assert str(event["LOCATION"]) == f"{case.court} 第 12 法庭"
    assert (event["STATUS"], event["SEQUENCE"]) == ("CONFIRMED", 0)
    assert str(case.public_id) in str(event["URL"])


def test_alarms_follow_the_days_chosen_for_the_account_and_those_for_the_case(fetch, litigant, court):
    Litigant.objects.store(litigant, reminder_days="3")
    for own_days in ("", "7,3,1"):
        right = factories.make_access(litigant, factories.make_case(court), reminder_days=own_days)
        hearing_of(right.case)

    found = [[alarm.TRIGGER.days for alarm in event.walk("VALARM")] for event in events_of(fetch())]

    assert found == [[-3], [-7, -3, -1]]


def test_a_corrected_hearing_keeps_its_uid_and_takes_the_new_hour(fetch, case, court):
    factories.make_word("訴")
    factories.make_kind("hearing_set")
    row = factories.row(case, kind="hearing_set", hearing_at=IN_TEN_DAYS.isoformat())
    moved = IN_TEN_DAYS + dt.timedelta(days=3, hours=5)
    import_rows([(2, row)], source=ImportRun.Source.COMMAND)
    (before,) = events_of(fetch())

    import_rows([(2, row | {"hearing_at": moved.isoformat()})], source=ImportRun.Source.COMMAND)

    (after,) = events_of(fetch())
    assert (before["UID"], moved) == (after["UID"], after.DTSTART)
    assert before["SEQUENCE"] < after["SEQUENCE"]


def test_a_withdrawn_hearing_is_cancelled_and_comes_back_with_a_higher_sequence(fetch, case, court):
    factories.make_word("訴")
    factories.make_kind("hearing_set")
    row = factories.row(case, kind="hearing_set", hearing_at=IN_TEN_DAYS.isoformat())
    told = []
    for withdrawn in ("", "1", ""):
        long_ago = timezone.now() - dt.timedelta(days=1)
        case.entries.update(first_seen_at=long_ago)
        case.accesses.update(granted_at=long_ago)
        import_rows([(2, row | {"withdrawn": withdrawn})], source=ImportRun.Source.COMMAND)
        (event,) = events_of(fetch())
        told.append(event)

    assert [event["STATUS"] for event in told] == ["CONFIRMED", "CANCELLED", "CONFIRMED"]
    assert len({event["UID"] for event in told}) == 1
    assert told[0]["SEQUENCE"] < told[1]["SEQUENCE"] <= told[2]["SEQUENCE"]


@pytest.mark.parametrize("kind", ["hearing_changed", "hearing_cancelled"])
def test_a_later_entry_that_calls_a_hearing_off_cancels_it(fetch, case, kind):
    yesterday = timezone.now() - dt.timedelta(days=1)
    hearing_of(case, recorded_at=yesterday, first_seen_at=yesterday)
    assert [event["STATUS"] for event in events_of(fetch())] == ["CONFIRMED"]

    later = factories.make_entry(case, kind=kind)

    (event,) = events_of(fetch())
    assert event["STATUS"] == "CANCELLED"
    before = event["SEQUENCE"]
    later.withdrawn_at = timezone.now()
    later.save()
    (event,) = events_of(fetch())
    assert (event["STATUS"], event["SEQUENCE"] >= before > 0) == ("CONFIRMED", True)


def test_a_moved_hearing_is_the_same_event_at_its_new_date(fetch, case):
    yesterday, moved = timezone.now() - dt.timedelta(days=1), IN_TEN_DAYS + dt.timedelta(days=7)
    hearing_of(case, recorded_at=yesterday, first_seen_at=yesterday)
    (before,) = events_of(fetch())

    hearing_of(case, kind="hearing_changed", hearing_at=moved)

    (after,) = events_of(fetch())
    assert (after["UID"], after.DTSTART, after["STATUS"]) == (before["UID"], moved, "CONFIRMED")
    assert after["SEQUENCE"] > before["SEQUENCE"]


def test_only_the_hearing_that_a_cancellation_names_is_cancelled(fetch, case):
    yesterday, other = timezone.now() - dt.timedelta(days=1), IN_TEN_DAYS + dt.timedelta(days=7)
    for day in (IN_TEN_DAYS, other):
        hearing_of(case, recorded_at=yesterday, first_seen_at=yesterday, hearing_at=day)

    hearing_of(case, kind="hearing_cancelled", hearing_at=other)

    told = {event.DTSTART: event["STATUS"] for event in events_of(fetch())}
    assert told == {IN_TEN_DAYS: "CONFIRMED", other: "CANCELLED"}


def test_a_cancellation_that_names_none_of_several_cancels_none(fetch, case):
    yesterday, other = timezone.now() - dt.timedelta(days=1), IN_TEN_DAYS + dt.timedelta(days=7)
    for day in (IN_TEN_DAYS, other):
        hearing_of(case, recorded_at=yesterday, first_seen_at=yesterday, hearing_at=day)

    hearing_of(case, kind="hearing_cancelled", hearing_at=None)

    assert [event["STATUS"] for event in events_of(fetch())] == ["CONFIRMED", "CONFIRMED"]


def test_other_news_of_the_case_leave_the_hearing_as_it_was(fetch, case):
    hearing_of(case)
    before = fetch().content

    factories.make_entry(case, kind="judgment")

    assert fetch().content == before


@pytest.mark.parametrize(("days", "shown"), [(-120, False), (-60, True), (0, True), (400, True)])
def test_hearings_of_the_last_months_stay(fetch, case, days, shown):
    hearing_of(case, hearing_at=timezone.now() + dt.timedelta(days=days))

    assert bool(events_of(fetch())) == shown


@pytest.mark.parametrize(("days", "shown"), [(-40, False), (-20, True), (20, True)])
def test_one_called_off_is_told_for_a_while(fetch, case, days, shown):
    case.accesses.update(granted_at=timezone.now() - dt.timedelta(days=99))
    long_ago = timezone.now() - dt.timedelta(days=90)
    hearing_of(
        case,
        hearing_at=timezone.now() + dt.timedelta(days=days),
        first_seen_at=long_ago,
        withdrawn_at=timezone.now() - dt.timedelta(days=1),
    )

    assert bool(events_of(fetch())) == shown


def test_what_was_withdrawn_before_the_person_could_see_it_never_shows(fetch, case):
    long_ago = timezone.now() - dt.timedelta(days=9)
    hearing_of(case, first_seen_at=long_ago, withdrawn_at=long_ago + dt.timedelta(days=1))

    assert events_of(fetch()) == []


def test_own_names_are_the_persons_own(fetch, client, case, litigant, other_litigant):
    theirs = factories.make_access(other_litigant, case)
    theirs.own_name = "別人的名字"
    theirs.save()
    calendar_feeds.choose_title(account=litigant, title=CalendarFeed.Title.OWN_NAME)
    hearing_of(case)

    (event,) = events_of(fetch())

    assert str(event["SUMMARY"]).endswith(str(case.full_number))


@pytest.mark.parametrize(
    ("title", "is_explained"), [("hearing", False), ("case_number", True), ("own_name", True)]
)
def test_who_lets_the_calendar_name_the_case_reads_in_it_what_to_do(
    fetch, client, key, case, litigant, title, is_explained
):
    factories.make_kind(
        "hearing_set", meaning_zh="排定了。", to_do_zh="請到庭。", next_step_zh="會寄出通知。"
    )
    calendar_feeds.choose_title(account=litigant, title=CalendarFeed.Title(title))
    hearing = hearing_of(case)
    client.force_login(litigant)
    alone = client.get(reverse("cpor_cases:hearing", args=[case.public_id, hearing.pk]))

    for (event,) in (events_of(fetch()), events_of(alone)):
        said = str(event["DESCRIPTION"])
        for words in ("：排定了。", "您要做什麼：請到庭。", "接下來通常如何：會寄出通知。"):
            assert (words in said) == is_explained


@pytest.mark.parametrize("is_withdrawn", [True, False])
def test_a_calendar_asks_nobody_to_come_to_a_hearing_that_does_not_take_place(
    fetch, key, case, litigant, is_withdrawn
):
    factories.make_kind("hearing_set", to_do_zh="請到庭。")
    factories.make_kind("hearing_cancelled", to_do_zh="無須到庭。")
    calendar_feeds.choose_title(account=litigant, title=CalendarFeed.Title.CASE_NUMBER)
    hearing = hearing_of(case)
    if is_withdrawn:
        hearing.withdrawn_at = timezone.now()
        hearing.save()
    else:
        factories.make_entry(case, kind="hearing_cancelled")

    (event,) = events_of(fetch())

    assert event["STATUS"] == "CANCELLED"
    assert "請到庭。" not in str(event["DESCRIPTION"])
    assert ("無須到庭。" in str(event["DESCRIPTION"])) is not is_withdrawn


def test_the_feed_is_private_and_unchanged_hearings_are_not_sent_again(fetch, case):
    hearing_of(case)
    first = fetch()

    again = fetch(**{"if-none-match": first.headers["ETag"]})

    assert (again.status_code, again.content) == (304, b"")
    for response in (first, again):
        assert "private" in response.headers["Cache-Control"]
        assert response.headers["Referrer-Policy"] == "no-referrer"
        assert response.headers["ETag"] == first.headers["ETag"]
        assert "Last-Modified" not in response.headers
    assert first.headers["Content-Type"] == "text/calendar; charset=utf-8"


def test_an_access_that_ended_changes_the_answer(fetch, case, clerk):
    hearing_of(case)
    before = fetch()

    access.revoke(access=case.accesses.get(), by=clerk)

    after = fetch(**{"if-none-match": before.headers["ETag"]})
    assert events_of(after) == []


def test_only_reading_is_allowed(client, key):
    assert client.head(FEED, {"key": key}).status_code == 200
    for method in (client.post, client.put, client.delete):
        assert method(f"{FEED}?key={key}").status_code == 405


def test_wrong_replaced_ended_and_inactive_keys_find_the_same_nothing(client, key, litigant, other_litigant):
    inactive = factories.make_user("inactive", is_active=False)
    of_inactive = calendar_feeds.make_address(account=inactive, title="hearing")
    ended = calendar_feeds.make_address(account=other_litigant, title="hearing")
    calendar_feeds.switch_off(other_litigant)
    calendar_feeds.make_address(account=litigant, title="hearing")  # replaces `key`

    answers = [client.get(FEED, {"key": each}) for each in (key, of_inactive, ended, "x", "", "\x00")]
    answers.append(client.get(FEED))

    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert (
        len(
            {
                str(sorted(answer.headers.items() - {("X-Request-ID", answer["X-Request-ID"])}))
                for answer in answers
            }
        )
        == 1
    )


def test_guessing_is_slowed_down(client, key, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"hearing_feed": "5/m/ip"}
    for _each in range(5):
        assert client.get(FEED, {"key": "guess"}).status_code == 404

    assert client.get(FEED, {"key": "guess"}).status_code == 429
    assert client.get(FEED, {"key": key}).status_code == 429
    assert client.get(FEED, {"key": key}, REMOTE_ADDR="192.0.2.7").status_code == 200


def test_fetching_often_is_no_guessing(client, key, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"hearing_feed": "5/m/ip"}

    assert {client.get(FEED, {"key": key}).status_code for _each in range(10)} == {200}


def test_the_number_of_queries_does_not_grow_with_the_hearings(fetch, litigant):
    fetch()
    counts = []
    for _round in range(2):
        for _each in range(6):
            hearing_of(factories.make_access(litigant).case)
        with CaptureQueriesContext(connection) as queries:
            assert len(events_of(fetch())) > 5
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 8  # four of them for the record of who fetched what


def test_the_key_is_stored_nowhere_and_in_no_log(client, litigant, case, caplog):
    client.force_login(litigant)
    caplog.set_level(logging.DEBUG)
    page = client.post(PAGE, {"action": "make", "title": "hearing"})
    key = page.context["address"].partition("key=")[2]
    caplog.clear()  # the tests' client shows in DEBUG what the database was told

    assert client.get(FEED, {"key": key}).status_code == 200
    assert client.get(FEED, {"key": key + "x"}).status_code == 404

    assert len(key) >= 32
    assert key not in str(CalendarFeed.objects.values().get())
    assert key not in str(dict(client.session))
    assert not [record for record in caplog.records if key in record.getMessage()]


def test_the_page_shows_the_address_once_and_a_mail_tells_of_it(client, litigant):
    client.force_login(litigant)

    made = client.post(PAGE, {"action": "make", "title": "case_number"})
    delivery.deliver.call_local()
    again = client.get(PAGE)

    address = made.context["address"]
    assert address in made.content.decode()
    assert address.replace("http:", "webcal:") in made.content.decode()
    assert "?key=" not in again.content.decode()
    assert "no-store" in made.headers["Cache-Control"]
    assert [message.to for message in mail.outbox] == [[litigant.email]]
    assert address.partition("key=")[2] not in str(mail.outbox[0].message())
    assert client.get(address.removeprefix("http://testserver")).status_code == 200


def test_a_new_address_voids_the_old(client, litigant, key):
    client.force_login(litigant)

    made = client.post(PAGE, {"action": "make", "title": "hearing"})

    assert client.get(FEED, {"key": key}).status_code == 404
    assert client.get(made.context["address"].removeprefix("http://testserver")).status_code == 200


def test_switched_off_it_is_not_there(client, litigant, key):
    client.force_login(litigant)

    client.post(PAGE, {"action": "switch_off"})

    assert client.get(FEED, {"key": key}).status_code == 404
    assert client.get(PAGE).context["feed"] is None


def test_the_title_is_chosen_without_a_new_address(client, litigant, key, case):
    hearing_of(case)
    client.force_login(litigant)

    client.post(PAGE, {"action": "choose_title", "title": "case_number"})

    (event,) = events_of(client.get(FEED, {"key": key}))
    assert str(event["SUMMARY"]).endswith(str(case.full_number))


@pytest.mark.parametrize(
    "form", [{}, {"title": "names"}, {"action": "make"}, {"action": "choose_title", "title": "x"}]
)
def test_nonsense_makes_nothing_and_says_so(client, litigant, form):
    client.force_login(litigant)

    page = client.post(PAGE, form)

    assert page.context["form"].errors
    assert not CalendarFeed.objects.exists()


def test_the_page_tells_when_the_calendar_was_last_fetched(client, litigant, key):
    client.force_login(litigant)
    assert client.get(PAGE).context["feed"].last_fetched_at is None

    client.get(FEED, {"key": key})

    feed = client.get(PAGE).context["feed"]
    assert timezone.now() - feed.last_fetched_at < dt.timedelta(minutes=1)


def test_one_hearing_is_a_file_for_the_calendar(client, litigant, case):
    entry = hearing_of(case)
    client.force_login(litigant)
    url = reverse("cpor_cases:hearing", args=[case.public_id, entry.pk])

    response = client.get(url)

    (event,) = events_of(response)
    assert event.DTSTART == IN_TEN_DAYS
    assert f'hearing-{IN_TEN_DAYS:%Y-%m-%d}.ics"' in response.headers["Content-Disposition"]
    assert client.get(reverse("cpor_cases:case", args=[case.public_id])).content.decode().count(url) == 1


def test_each_hearing_of_a_case_that_is_to_come_is_added_from_its_page(client, litigant, case):
    entries = [hearing_of(case), hearing_of(case, hearing_at=IN_TEN_DAYS + dt.timedelta(days=7))]
    client.force_login(litigant)

    page = client.get(reverse("cpor_cases:case", args=[case.public_id])).content.decode()

    for entry in entries:
        assert page.count(reverse("cpor_cases:hearing", args=[case.public_id, entry.pk])) == 1


def test_only_a_hearing_that_is_to_come_has_a_file(client, litigant, case):
    over = hearing_of(case, hearing_at=timezone.now() - dt.timedelta(days=2))
    withdrawn = hearing_of(case, withdrawn_at=timezone.now())
    elsewhere = hearing_of(factories.make_access(litigant).case)
    client.force_login(litigant)

    for entry in (over, withdrawn, elsewhere):
        assert client.get(reverse("cpor_cases:hearing", args=[case.public_id, entry.pk])).status_code == 404
        page = client.get(reverse("cpor_cases:case", args=[case.public_id])).content.decode()
        assert f"hearings/{entry.pk}.ics" not in page
