"""A court that is late is noticed once, in working hours, by its manager and the operator, until its data comes."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from cpor_cases.actions import delays, rhythms
from cpor_cases.mail.messages import message_of
from cpor_cases.models import CourtDelay, CourtRhythm, ImportRun, OutgoingMail, SendingDay
from cpor_cases.rhythm.shares import shares_on_time
from cpor_core.signals import content_changed
from tests import factories

pytestmark = pytest.mark.django_db

MONDAY = dt.date(2026, 3, 2)


def at(hour: int, minute: int = 0, *, day: dt.date = MONDAY) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time(hour, minute)))


def send(court, moment: dt.datetime, **over) -> ImportRun:
    facts = {"court": court, "source": "api", "started_at": moment}
    if over.get("state") in {"waiting", "running"}:
        facts["ended_at"] = None
    return factories.make_run(**facts | over)


@pytest.fixture
def manager(court):
    return factories.make_clerk(court, "manager", group="Court managers")


@pytest.fixture
def operator(db):
    return factories.make_user("operator", is_superuser=True)


@pytest.fixture
def rhythm(court):
    """A court that sends by seven on each working day, late after eight."""
    return CourtRhythm.objects.create(
        court=court, set_times=[7 * 60], speaks_from=at(0, day=dt.date(2026, 1, 1))
    )


def test_a_court_that_is_late_is_a_task_for_its_manager_and_the_operator(
    rhythm, court, manager, operator, clerk
):
    delays.watch(at(8, 1))
    delays.watch(at(8, 2))
    delays.watch(at(12))

    delay = CourtDelay.objects.get()
    assert (delay.court, delay.due_at) == (court, at(8))
    mails = OutgoingMail.objects.order_by("kind").values_list("kind", "account__username")
    assert list(mails) == [("court_late", "manager"), ("court_late_op", "operator")]


def test_what_is_late_at_night_is_told_when_the_working_day_begins(rhythm, court):
    CourtRhythm.objects.update(set_times=[60])

    delays.watch(at(2, 30))
    assert not CourtDelay.objects.exists()
    delays.watch(at(8))

    assert CourtDelay.objects.get().due_at == at(2)


def test_a_delay_of_friday_evening_is_told_on_monday(rhythm, court):
    CourtRhythm.objects.update(set_times=[18 * 60])
    friday = MONDAY - dt.timedelta(days=3)

    for day in (friday, friday + dt.timedelta(days=1)):
        delays.watch(at(20, day=day))
        delays.watch(at(12, day=day + dt.timedelta(days=1)))
    # Friday is a holiday of 2026: the delay is Thursday's
    delays.watch(at(8))

    assert CourtDelay.objects.get().day == friday - dt.timedelta(days=1)


@pytest.mark.parametrize("facts", [{}, {"state": "waiting"}, {"state": "running"}, {"source": "upload"}])
def test_what_came_in_time_or_waits_for_a_worker_is_not_late(rhythm, court, facts):
    send(court, at(6, 50), **facts)

    delays.watch(at(9))

    assert not CourtDelay.objects.exists()


def test_an_unchanged_file_counts_as_sent(rhythm, court):
    before = send(court, at(6, 50, day=MONDAY - dt.timedelta(days=4)))
    send(court, at(6, 50), repeats=before)

    delays.watch(at(9))

    assert not CourtDelay.objects.exists()


@pytest.mark.parametrize("facts", [{"source": "typed"}, {"state": "aborted"}, {"state": "stopped"}])
def test_typed_entries_and_what_was_aborted_are_no_sendings(rhythm, court, facts):
    send(court, at(6, 50), **facts)

    delays.watch(at(9))

    assert CourtDelay.objects.count() == 1


def test_the_file_of_another_court_is_none_of_this_one(rhythm, court, other_court):
    send(other_court, at(6, 50))

    delays.watch(at(9))

    assert CourtDelay.objects.get().court == court


def test_a_file_of_several_courts_counts_for_those_with_an_entry_in_it(rhythm, court, case):
    run = send(None, at(6, 50), source="command")
    factories.make_entry(case, changed_in=run)

    delays.watch(at(9))

    assert not CourtDelay.objects.exists()


def test_the_task_ends_when_data_comes_and_comes_again_when_the_next_is_late(rhythm, court):
    delays.watch(at(9))
    send(court, at(10))
    delays.watch(at(10, 1))

    delay = CourtDelay.objects.get()
    assert (delay.end, delay.ended_at) == ("data", at(10, 1))
    delays.watch(at(9, day=MONDAY + dt.timedelta(days=1)))
    assert CourtDelay.objects.going_on().count() == 1


def test_a_mail_is_not_sent_any_more_once_data_has_come(rhythm, court, manager):
    delays.watch(at(9))
    mail = OutgoingMail.objects.get()
    assert message_of(mail).get_context()["court"] == str(court)

    send(court, at(10))
    delays.watch(at(10, 1))

    assert message_of(mail).get_context() is None


def test_two_workers_at_once_note_one_delay(rhythm, court, manager):
    delays.watch(at(9))
    expected = delays._due(rhythm, lambda day: True, at(9))

    assert delays.note(court, expected, at(9)) is None
    assert OutgoingMail.objects.count() == 1


def test_after_the_clock_was_set_back_nothing_is_told_twice(rhythm, court, manager):
    delays.watch(at(12))
    delays.watch(at(9))

    assert CourtDelay.objects.count() == 1
    assert OutgoingMail.objects.count() == 1


def test_a_court_without_a_rhythm_or_not_watched_is_never_late(court, other_court):
    CourtRhythm.objects.create(court=court)
    CourtRhythm.objects.create(court=other_court, set_times=[60], is_watched=False, speaks_from=at(0))

    delays.watch(at(12))

    assert not CourtDelay.objects.exists()


def test_on_closed_days_nothing_is_late_and_a_delay_ends_when_they_are_marked(rhythm, court, manager):
    delays.watch(at(9))
    tuesday = MONDAY + dt.timedelta(days=1)

    rhythms.close(court=court, first_day=MONDAY, last_day=tuesday, reason="颱風", by=manager)
    delays.watch(at(10))
    delays.watch(at(10, day=tuesday))

    assert CourtDelay.objects.get().end == "closed"
    delays.watch(at(10, day=tuesday + dt.timedelta(days=1)))
    assert CourtDelay.objects.going_on().count() == 1


def test_a_closure_that_is_taken_back_raises_the_delay_again_and_tells_it(rhythm, court, manager):
    delays.watch(at(9))
    closure = rhythms.close(court=court, first_day=MONDAY, last_day=MONDAY, reason="颱風", by=manager)
    delays.watch(at(9, 30))
    assert not CourtDelay.objects.going_on().exists()

    rhythms.take_back_closure(closure, by=manager)
    delays.watch(at(10))
    delays.watch(at(10, 1))

    delay = CourtDelay.objects.get()
    assert (delay.ended_at, delay.end, delay.noticed_at) == (None, "", at(10))
    assert OutgoingMail.objects.count() == 2
    send(court, at(11))
    delays.watch(at(11, 1))
    assert CourtDelay.objects.get().end == "data"


def test_cached_pages_of_the_public_are_dropped_when_a_delay_begins_and_when_it_ends(rhythm, court):
    dropped = []
    receiver = lambda sender, **_signal: dropped.append(sender)  # noqa: E731
    content_changed.connect(receiver)

    delays.watch(at(8))
    delays.watch(at(8, 1))
    assert dropped == [CourtDelay]
    send(court, at(9))
    delays.watch(at(9, 1))
    delays.watch(at(9, 2))
    content_changed.disconnect(receiver)

    assert dropped == [CourtDelay, CourtDelay]


def test_a_closure_marked_in_time_and_taken_back_raises_it_for_the_first_time(rhythm, court, manager):
    closure = rhythms.close(court=court, first_day=MONDAY, last_day=MONDAY, reason="颱風", by=manager)
    delays.watch(at(9))

    rhythms.take_back_closure(closure, by=manager)
    delays.watch(at(10))

    assert CourtDelay.objects.going_on().count() == 1
    assert OutgoingMail.objects.count() == 1


def test_only_the_courts_own_manager_and_an_operator_set_its_times(
    court, manager, operator, clerk, clerk_elsewhere
):
    elsewhere = factories.make_clerk(factories.make_court("KSD"), group="Court managers")
    for person in (clerk, clerk_elsewhere, elsewhere):
        with pytest.raises(PermissionDenied):
            rhythms.choose(court=court, by=person, set_times=[60])
    for minutes, person in ((60, manager), (120, operator)):
        assert rhythms.choose(court=court, by=person, set_times=[minutes])

    assert CourtRhythm.objects.get().set_times == [120]


def test_changed_times_end_the_delay_and_do_not_ask_for_what_was_due_before(rhythm, court, manager):
    delays.watch(at(9))

    rhythms.choose(court=court, by=manager, set_times=[6 * 60])
    delays.watch(at(10))

    assert CourtDelay.objects.get().end == "rhythm"


def test_the_number_of_queries_does_not_grow_with_the_courts(django_assert_max_num_queries):
    for code in ("AAA", "BBB", "CCC", "DDD"):
        court = factories.make_court(code)
        CourtRhythm.objects.create(court=court, set_times=[60], speaks_from=at(0, day=dt.date(2026, 1, 1)))
        send(court, at(1))

    with django_assert_max_num_queries(5):
        delays.watch(at(9))

    assert not CourtDelay.objects.exists()


def send_daily(court, days: int, *, until: dt.date, hour: int = 6):
    for number in range(days):
        day = until - dt.timedelta(days=number)
        if day.weekday() < 5:
            send(court, at(hour, number % 7, day=day))


def test_a_rhythm_is_learnt_at_night_and_counts_from_then_on(court):
    send_daily(court, 60, until=MONDAY - dt.timedelta(days=3))

    rhythms.learn_all(at(4))
    rhythms.learn_all(at(4))

    rhythm = CourtRhythm.objects.get()
    assert rhythm.speaks_from == at(4)
    assert [time["usual"] // 60 for time in rhythm.learnt] == [6]
    delays.watch(at(10))
    assert CourtDelay.objects.get().court == court


def test_what_was_expected_and_what_came_in_time_is_counted_once_by_day(rhythm, court):
    for number, hour in ((0, 6), (1, 6), (2, 11)):
        send(court, at(hour, day=MONDAY + dt.timedelta(days=number)))
    thursday = MONDAY + dt.timedelta(days=3)

    rhythms.learn_all(at(4, day=thursday))
    rhythms.learn_all(at(4, day=thursday))

    counted = SendingDay.objects.filter(day__gte=MONDAY).order_by("day").values_list("expected", "on_time")
    assert list(counted) == [(1, 1), (1, 1), (1, 0)]
    share = shares_on_time(MONDAY, MONDAY)[0]
    assert (share.court, share.month, share.expected, share.on_time) == (court.pk, dt.date(2026, 3, 1), 3, 2)


def page(court) -> str:
    return reverse("office_rhythms:edit", args=[court.pk])


FORM = {
    "is_watched": "on",
    "set_times": "７：00、13:30",
    "set_weekdays": ["0", "3"],
    "tolerance_minutes": "30",
}


def test_the_manager_sets_times_in_the_office(client, court, manager):
    client.force_login(manager)

    client.post(page(court), FORM)

    rhythm = CourtRhythm.objects.get()
    assert (rhythm.set_times, rhythm.set_weekdays, rhythm.tolerance_minutes) == ([420, 810], [0, 3], 30)
    text = client.get(page(court)).content.decode()
    assert "07:00, 13:30" in text


@pytest.mark.parametrize("wrong", [{"set_times": "25:00"}, {"set_times": "早上"}, {"tolerance_minutes": "0"}])
def test_what_is_no_time_is_refused_with_a_sentence(client, court, manager, wrong):
    client.force_login(manager)

    answer = client.post(page(court), FORM | wrong)

    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert not CourtRhythm.objects.exists()


def test_the_page_is_the_courts_managers_and_the_operators_alone(client, court, manager, operator, clerk):
    other = factories.make_clerk(factories.make_court("KSD"), group="Court managers")
    expected = {manager: 200, operator: 200, clerk: 404, other: 404}

    found = {}
    for person in expected:
        client.force_login(person)
        found[person] = client.get(page(court)).status_code

    assert found == expected


def test_closed_days_are_marked_and_taken_back_in_the_office(client, court, manager):
    client.force_login(manager)
    days = {"first_day": "115/3/2", "last_day": "2026-03-03", "reason": "系統轉換"}

    client.post(reverse("office_rhythms:close", args=[court.pk]), days)
    closure = court.closures.get()
    assert "系統轉換" in client.get(page(court)).content.decode()
    client.post(reverse("office_rhythms:reopen", args=[closure.pk]))

    assert not court.closures.exists()


def test_the_first_page_shows_late_courts_to_the_manager_and_the_operator_not_to_clerks(
    client, court, manager, operator, clerk
):
    delay = factories.make_delay(court)
    link = page(court)

    shown = {}
    for person in (manager, operator, clerk):
        client.force_login(person)
        shown[person.username] = link in client.get(reverse("wagtailadmin_home")).content.decode()

    assert delay.ended_at is None
    assert shown == {"manager": True, "operator": True, "clerk": False}
