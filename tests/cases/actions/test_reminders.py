"""What the clock reminds people of."""

import datetime as dt

import pytest
from django.core import mail
from django.utils import timezone

from cpor_cases.actions import access, mail_preferences, reminders
from cpor_cases.mail import delivery
from cpor_cases.mail.links import unsubscribe_path
from cpor_cases.models import Case, CaseAccess, Litigant, Occasion, OutgoingMail, ProgressEntry
from tests import factories

pytestmark = pytest.mark.django_db


def in_days(days: int) -> dt.datetime:
    return timezone.localtime().replace(hour=9, minute=30, second=0, microsecond=0) + dt.timedelta(days=days)


def closed_so_that_it_ends_in(days: int) -> dt.date:
    """Return a closing day whose period ends so many days from now."""
    last = timezone.localdate() + dt.timedelta(days=days)
    case, day = Case(), last - dt.timedelta(days=70)
    while True:
        case.closed_on = day
        if case.last_query_day >= last:
            return day
        day += dt.timedelta(days=1)


def told():
    reminders.remind()
    mail.outbox.clear()
    delivery.deliver.call_local()
    return [message.to[0] for message in mail.outbox]


@pytest.fixture
def right(litigant):
    return factories.make_access(litigant)


@pytest.mark.parametrize(("days", "messages"), [(8, 0), (7, 1), (6, 0), (2, 0), (1, 1), (0, 0), (-1, 0)])
def test_a_hearing_is_recalled_seven_days_and_one_day_before(right, days, messages):
    factories.make_entry(right.case, hearing_at=in_days(days))

    assert len(told()) == messages


KNOWN_FOR_LONG = timezone.now() - dt.timedelta(days=30)


@pytest.fixture
def known_for_long(right, monkeypatch):
    """A hearing so many days ahead, at 23:50, that was told weeks ago; it is eight o'clock of the next morning."""
    morning = in_days(1).replace(hour=8, minute=0)
    monkeypatch.setattr(timezone, "now", lambda: morning)
    CaseAccess.objects.update(granted_at=KNOWN_FOR_LONG)

    def add(days):
        at = morning.replace(hour=23, minute=50) + dt.timedelta(days=days)
        return factories.make_entry(right.case, hearing_at=at, first_seen_at=KNOWN_FOR_LONG)

    return add


@pytest.mark.parametrize(
    ("days", "occasions"),
    [(8, []), (7, [7]), (6, [7]), (2, [7]), (1, [1]), (0, [1]), (-1, [])],
)
def test_what_was_due_while_no_worker_ran_is_sent_as_long_as_it_helps(known_for_long, days, occasions):
    known_for_long(days)

    assert len(told()) == len(occasions)
    assert told() == []
    assert list(Occasion.objects.values_list("days_before", flat=True)) == occasions


@pytest.mark.parametrize(
    ("chosen", "days", "told_of"),
    [
        ("7,3,1", 7, [7]),
        ("7,3,1", 4, [7]),
        ("7,3,1", 3, [3]),
        ("7,3,1", 2, [3]),
        ("7,3,1", 1, [1]),
        ("3", 7, []),
        ("3", 2, [3]),
        ("3", 0, [3]),
        ("7", 1, [7]),
        ("1", 3, []),
        ("1", 0, [1]),
    ],
)
def test_the_last_of_the_chosen_days_that_has_come_counts(known_for_long, right, chosen, days, told_of):
    CaseAccess.objects.update(reminder_days=chosen)
    known_for_long(days)

    reminders.remind()
    reminders.remind()

    assert list(Occasion.objects.values_list("days_before", flat=True)) == told_of


def test_who_chose_three_days_and_is_told_one_day_late_reads_how_many_are_left(known_for_long, right):
    CaseAccess.objects.update(reminder_days="3")
    known_for_long(2)

    told()

    assert "2 天後，下列案件有庭期：" in mail.outbox[0].body


def test_the_choice_of_the_account_holds_where_the_case_has_none(known_for_long, right, litigant):
    Litigant.objects.store(litigant, reminder_days="3")
    known_for_long(5)

    assert told() == []


def test_a_day_without_a_time_is_recalled_until_it_is_over(known_for_long, right):
    entry = known_for_long(0)
    ProgressEntry.objects.update(hearing_at=entry.hearing_at.replace(hour=0, minute=0))

    assert len(told()) == 1


def test_on_the_day_itself_the_mail_says_today(known_for_long):
    known_for_long(0)

    told()

    assert "今天" in mail.outbox[0].body
    assert "今天" in mail.outbox[0].alternatives[0].content


def test_on_the_day_itself_what_is_over_is_not_recalled(known_for_long, monkeypatch):
    entry = known_for_long(0)
    monkeypatch.setattr(timezone, "now", lambda: entry.hearing_at + dt.timedelta(minutes=1))

    assert told() == []


def test_each_reminder_comes_in_its_time_and_none_twice(known_for_long, monkeypatch):
    entry = known_for_long(9)
    messages = []
    for days in range(10):
        morning = entry.hearing_at.replace(hour=1) - dt.timedelta(days=9 - days)
        monkeypatch.setattr(timezone, "now", lambda morning=morning: morning)
        messages.append(len(told()))

    assert messages == [0, 0, 1, 0, 0, 0, 0, 0, 1, 0]


def test_a_clock_that_strikes_twice_reminds_once(right):
    factories.make_entry(right.case, hearing_at=in_days(7))
    factories.make_entry(right.case, hearing_at=in_days(7))

    reminders.remind()

    assert len(told()) == 1
    assert told() == []


def test_by_default_the_reminder_says_which_case_and_not_when(right):
    factories.make_entry(right.case, hearing_at=in_days(7), courtroom="第 12 法庭")

    told()

    [message] = mail.outbox
    for content in (message.body, message.alternatives[0].content):
        assert str(right.case.full_number) in content
        assert "09:30" not in content
        assert "第 12 法庭" not in content
    assert str(right.case.full_number) not in message.subject


def test_the_reminder_shows_the_hearing_to_those_who_asked_for_that(right):
    CaseAccess.objects.update(mails_show_entry=True)
    factories.make_entry(right.case, hearing_at=in_days(7), courtroom="第 12 法庭")

    told()

    assert "09:30" in mail.outbox[0].body
    assert "第 12 法庭" in mail.outbox[0].alternatives[0].content


def test_a_hearing_moved_before_the_mail_leaves_is_not_recalled_and_its_new_day_is(right):
    entry = factories.make_entry(right.case, hearing_at=in_days(1))
    reminders.remind()
    entry.hearing_at = in_days(7)
    entry.save()

    assert len(told()) == 1

    states = OutgoingMail.objects.order_by("pk").values_list("state", "occasions__day")
    assert list(states) == [
        (OutgoingMail.State.DROPPED, in_days(1).date()),
        (OutgoingMail.State.SENT, in_days(7).date()),
    ]


def test_a_withdrawn_or_cancelled_hearing_is_not_recalled(right):
    withdrawn = factories.make_entry(right.case, hearing_at=in_days(1))
    reminders.remind()
    withdrawn.withdrawn_at = timezone.now()
    withdrawn.save()
    factories.make_entry(right.case, "hearing_set", hearing_at=in_days(7), recorded_at=in_days(-2))
    factories.make_entry(right.case, "hearing_cancelled")

    assert told() == []


@pytest.mark.parametrize(("days", "messages"), [(15, 0), (14, 1), (3, 1), (-1, 0)])
def test_the_last_day_of_query_is_told_two_weeks_before_or_as_soon_as_it_is_known(litigant, days, messages):
    factories.make_access(litigant, factories.make_case(closed_on=closed_so_that_it_ends_in(days)))

    assert len(told()) == messages
    assert told() == []


def test_a_countdown_that_stopped_before_the_mail_leaves_is_not_told(right):
    Case.objects.update(closed_on=closed_so_that_it_ends_in(10))
    reminders.remind()
    Case.objects.update(closed_on=None)

    assert told() == []


def test_who_may_not_see_the_case_or_wants_no_reminder_gets_none(litigant, other_litigant, right):
    factories.make_entry(right.case, hearing_at=in_days(7))
    factories.make_access(other_litigant, right.case, reminders=False)
    factories.make_access(factories.make_user("inactive", is_active=False), right.case)
    ended = factories.make_access(litigant, factories.make_case(closed_on=dt.date(2020, 1, 1)))
    factories.make_entry(ended.case, hearing_at=in_days(7))
    reminders.remind()
    access.revoke(access=right, by=factories.make_clerk(right.case.court))

    assert told() == []
    assert OutgoingMail.objects.get().state == OutgoingMail.State.DROPPED


def test_one_click_ends_the_reminders_too(client, litigant, right):
    CaseAccess.objects.update(mail_preference=CaseAccess.MailPreference.NONE)
    factories.make_entry(right.case, hearing_at=in_days(7))
    told()
    [message] = mail.outbox
    assert unsubscribe_path(litigant.pk, right.pk) in message.extra_headers["List-Unsubscribe"]
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"

    assert mail_preferences.stop(litigant)

    assert not CaseAccess.objects.with_mail_choices().get(pk=right.pk).is_reminded


def test_the_number_of_queries_does_not_grow_with_the_hearings(litigant, django_assert_max_num_queries):
    for _each in range(12):
        factories.make_entry(factories.make_access(litigant).case, hearing_at=in_days(7))

    with django_assert_max_num_queries(25):
        reminders.remind()

    assert Occasion.objects.count() == 12
    assert OutgoingMail.objects.count() == 1
