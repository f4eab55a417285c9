"""Whoever was not told for a good reason is not missed by the self-check."""

import datetime as dt

import pytest
from django.utils import timezone

from cpor_cases.actions import access, applications, case_merging, entries, imports, mail_preferences
from cpor_cases.models import Announcement, CaseAccess, ImportRun
from cpor_cases.self_check import run
from tests import factories

pytestmark = pytest.mark.django_db

AT_ONCE = "at_once"


@pytest.fixture
def follower(case, clerk):
    return approve(case, clerk, factories.make_user("follower").email)


def approve(case, clerk, email) -> CaseAccess:
    application = factories.make_application(case=case, by=clerk, email=email)
    granted = applications.approve(application=application, by=clerk, same_person=True)
    CaseAccess.objects.filter(pk=granted.pk).update(granted_at=timezone.now() - dt.timedelta(days=3))
    granted.refresh_from_db()
    return granted


def send(case, **facts) -> None:
    row = factories.row(case, **{"recorded_at": timezone.localdate().isoformat()} | facts)
    imports.import_rows([(2, row)], source=ImportRun.Source.COMMAND, court=case.court)


def choose(account, preference: str) -> None:
    mail_preferences.choose_for_account(account, mail_preference=preference)


def assert_nothing_is_missed() -> None:
    assert [fault.code for fault in run.verify()] == []


def test_who_wanted_no_emails_and_wants_them_now(case, follower):
    choose(follower.account, "none")
    send(case)
    choose(follower.account, AT_ONCE)

    assert not Announcement.objects.exists()
    assert_nothing_is_missed()


def test_who_wanted_none_about_this_case_and_wants_them_now(case, follower):
    nothing_else = {"show_entry": None, "reminders": None}
    mail_preferences.choose_for_case(follower, preference="none", **nothing_else)
    send(case)
    mail_preferences.choose_for_case(follower, preference="account", **nothing_else)

    assert not Announcement.objects.exists()
    assert_nothing_is_missed()


def test_who_wants_important_news_alone(case, follower):
    factories.make_kind("filed", stage="intake")
    choose(follower.account, "important")
    send(case, kind="filed")

    assert not Announcement.objects.exists()
    assert_nothing_is_missed()


def test_whose_account_is_not_activated(case, clerk):
    approve(case, clerk, "new@example.com")
    send(case)

    assert not Announcement.objects.exists()
    assert_nothing_is_missed()


def test_whose_account_was_activated_afterwards(case, clerk):
    granted = approve(case, clerk, "new@example.com")
    send(case)
    account = granted.account
    account.is_active = True
    account.save()
    type(account.activation).objects.update(activated_at=timezone.now())

    assert_nothing_is_missed()


def test_whose_case_was_opened_afterwards(case, clerk):
    send(case)
    application = factories.make_application(case=case, by=clerk, email=factories.make_user("late").email)
    applications.approve(application=application, by=clerk, same_person=True)

    assert_nothing_is_missed()


def test_whose_access_has_ended(case, follower, clerk):
    access.revoke(access=follower, by=clerk)
    send(case)

    assert_nothing_is_missed()


def test_whose_case_was_closed_then_and_is_open_again(case, follower):
    factories.make_kind("archived", ends_query=True)
    factories.make_kind("returned", resumes_query=True)
    long_ago = (timezone.localdate() - dt.timedelta(days=90)).isoformat()
    send(case, kind="archived", recorded_at=long_ago)
    send(case, entry_id="LATE")
    assert not Announcement.objects.exists()

    send(case, kind="returned")

    assert Announcement.objects.exists()
    assert_nothing_is_missed()


def test_what_is_on_hold_or_was_taken_back_meanwhile(case, follower, clerk):
    typed = {"recorded_at": timezone.localdate().isoformat(), "kind": "judgment"}
    entries.record(case, typed, by=clerk)
    entries.withdraw(entries.record(case, typed, by=clerk), by=clerk)

    assert_nothing_is_missed()


def test_what_was_published_is_announced(case, follower, clerk):
    typed = {"recorded_at": timezone.localdate().isoformat(), "kind": "judgment"}
    entries.publish_now(entries.record(case, typed, by=clerk), by=clerk)

    assert Announcement.objects.count() == 1
    assert_nothing_is_missed()


def test_who_followed_the_case_that_was_merged(case, clerk, court):
    dropped = factories.make_case(court)
    follower = approve(dropped, clerk, factories.make_user("of-dropped").email)
    send(case)
    send(dropped)

    case_merging.merge(dropped=dropped, kept=case, by=clerk)

    follower.refresh_from_db()
    assert follower.case == case
    assert_nothing_is_missed()


def test_the_link_of_two_approvals_of_one_day_is_sent_once(case, clerk, court):
    approve(case, clerk, "new@example.com")
    approve(factories.make_case(court), clerk, "new@example.com")

    assert_nothing_is_missed()
