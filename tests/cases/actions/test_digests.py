"""One mail a day: what is new until a person's hour, once, and nothing lost between two digests."""

import datetime as dt
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.utils import timezone

from cpor_cases.actions import access, digests, mail_preferences
from cpor_cases.actions.imports import import_rows
from cpor_cases.mail import delivery
from cpor_cases.models import Announcement, CaseAccess, ImportRun, OutgoingMail
from tests import factories

pytestmark = pytest.mark.django_db

HOUR = 18
AT_ONCE, NONE = CaseAccess.MailPreference.AT_ONCE, CaseAccess.MailPreference.NONE
DIGEST, IMPORTANT = CaseAccess.MailPreference.DIGEST, CaseAccess.MailPreference.IMPORTANT


@pytest.fixture
def case(court):
    factories.make_word("訴")
    factories.make_kind("judgment", name_zh="判決")
    return factories.make_case(court)


@pytest.fixture
def litigant(litigant):
    choose(litigant, DIGEST)
    return litigant


def choose(account, preference, **over):
    facts = {"digest_hour": HOUR, "mails_show_entry": False, "reminders": True, "language": "zh-hant"}
    mail_preferences.choose_for_account(account, mail_preference=preference, **facts | over)


def take(*rows):
    return import_rows(enumerate(rows, start=2), source=ImportRun.Source.COMMAND)


def the_hour(hour=HOUR, *, days=1) -> dt.datetime:
    """The full hour in Taipei, so many days from now."""
    return timezone.localtime().replace(hour=hour, minute=0, second=1) + dt.timedelta(days=days)


def number(case) -> str:
    return str(case.full_number)


def told(now=None):
    """Let the clock strike and the worker work; return to whom messages went."""
    mail.outbox.clear()
    digests.post_due(now)
    delivery.deliver.call_local()
    return sorted(message.to[0] for message in mail.outbox)


def test_the_news_of_all_cases_come_in_one_mail_at_the_chosen_hour(litigant, case):
    other = factories.make_case(case.court)
    for each in (case, other):
        factories.make_access(litigant, each)
        take(factories.row(each))
    take(factories.row(case))

    assert told() == []
    assert told(the_hour()) == [litigant.email]
    [message] = mail.outbox
    for content in (message.body, message.alternatives[0].content):
        assert content.count(number(case)) == content.count(number(other)) == 1
        assert "判決" not in content
    assert number(case) not in message.subject


def test_a_digest_tells_nothing_twice_and_the_next_one_what_came_after_it(litigant, case):
    factories.make_access(litigant, case)
    take(factories.row(case))
    assert told(the_hour()) == [litigant.email]

    assert told(the_hour()) == told(the_hour(days=2)) == []

    ImportRun.objects.update(ended_at=timezone.now())
    take(factories.row(case))
    assert told(the_hour()) == [litigant.email]
    assert Announcement.objects.awaiting_digest().count() == 0


def test_what_comes_after_the_hour_waits_for_the_next_day(litigant, case):
    factories.make_access(litigant, case)
    run = take(factories.row(case))
    ImportRun.objects.filter(pk=run.pk).update(ended_at=the_hour())

    assert told(the_hour() + dt.timedelta(hours=5)) == []
    assert told(the_hour(days=2)) == [litigant.email]


@pytest.mark.parametrize("missed", [dt.timedelta(hours=3), dt.timedelta(days=2)])
def test_a_tick_that_was_missed_is_made_good(litigant, case, missed):
    factories.make_access(litigant, case)
    take(factories.row(case))

    assert told(the_hour() + missed) == [litigant.email]


def test_an_import_that_still_runs_at_the_hour_is_told_of_when_it_has_ended(litigant, case):
    right = factories.make_access(litigant, case)
    run = factories.make_run(state="running", ended_at=None)
    Announcement.objects.create(access=right, run=run, in_digest=True)
    factories.make_entry(case, changed_in=run)

    assert told(the_hour()) == []
    ImportRun.objects.filter(pk=run.pk).update(state="done", ended_at=timezone.now())
    assert told(the_hour()) == [litigant.email]


def test_a_worker_that_dies_while_it_writes_the_digest_has_written_nothing(litigant, case, monkeypatch):
    factories.make_access(litigant, case)
    take(factories.row(case))

    def die(*_args, **_kwargs):
        raise SystemExit

    with monkeypatch.context() as broken:
        broken.setattr(Announcement.objects.__class__, "bulk_update", die)
        with pytest.raises(SystemExit):
            digests.post_due(the_hour())

    assert not OutgoingMail.objects.filter(kind="digest").exists()
    assert told(the_hour()) == [litigant.email]


def test_a_worker_that_dies_while_it_sends_the_digest_leaves_it_to_another_with_the_same_message_id(
    litigant, case
):
    factories.make_access(litigant, case)
    take(factories.row(case))
    digests.post_due(the_hour())
    [held] = delivery.claim()
    OutgoingMail.objects.update(leased_until=timezone.now() - dt.timedelta(seconds=1))

    assert told(the_hour()) == [litigant.email]
    assert mail.outbox[0].extra_headers["Message-ID"] == f"<{held.message_id}>"


def test_what_came_and_was_withdrawn_again_before_the_hour_is_not_told(litigant, case):
    factories.make_access(litigant, case)
    row = factories.row(case)
    take(row)
    take(row | {"withdrawn": "1"})

    assert told(the_hour()) == []


def test_a_withdrawal_of_what_had_been_told_is_told(litigant, case):
    factories.make_access(litigant, case)
    row = factories.row(case)
    take(row)
    told(the_hour())

    take(row | {"withdrawn": "1"})

    assert told(the_hour()) == [litigant.email]


def test_a_case_that_may_no_longer_be_seen_at_the_hour_is_not_told_of(litigant, clerk, case):
    other = factories.make_case(case.court)
    right = factories.make_access(litigant, case)
    factories.make_access(litigant, other)
    take(factories.row(case), factories.row(other))

    access.revoke(access=right, by=clerk)

    assert told(the_hour()) == [litigant.email]
    assert number(case) not in mail.outbox[0].body
    assert number(other) in mail.outbox[0].body


def test_who_may_see_none_of_the_cases_any_more_gets_no_mail(litigant, clerk, case):
    right = factories.make_access(litigant, case)
    take(factories.row(case))

    access.revoke(access=right, by=clerk)

    assert told(the_hour()) == []
    assert OutgoingMail.objects.get().state == OutgoingMail.State.DROPPED


def test_one_case_is_told_of_at_once_and_the_other_in_the_digest(litigant, case):
    other = factories.make_case(case.court)
    factories.make_access(litigant, case, mail_preference=AT_ONCE)
    factories.make_access(litigant, other)

    take(factories.row(case), factories.row(other))

    assert told() == [litigant.email]
    assert number(case) in mail.outbox[0].body
    assert number(other) not in mail.outbox[0].body
    assert told(the_hour()) == [litigant.email]
    assert number(case) not in mail.outbox[0].body
    assert number(other) in mail.outbox[0].body


def test_who_goes_back_to_mails_at_once_gets_at_once_what_was_kept(litigant, case):
    factories.make_access(litigant, case)
    take(factories.row(case))

    choose(litigant, AT_ONCE)

    assert told() == [litigant.email]
    assert told(the_hour()) == []


def test_who_chooses_the_digest_while_a_mail_is_on_its_way_gets_that_mail_and_it_is_not_told_again(
    litigant, case
):
    choose(litigant, AT_ONCE)
    factories.make_access(litigant, case)
    take(factories.row(case))

    choose(litigant, DIGEST)

    assert told() == [litigant.email]
    assert told(the_hour()) == []


def test_who_wants_no_mails_any_more_is_not_told_of_what_was_kept_not_even_later(litigant, case):
    factories.make_access(litigant, case)
    take(factories.row(case))

    choose(litigant, NONE)

    assert told(the_hour()) == []
    choose(litigant, DIGEST)
    assert told(the_hour()) == []


def test_who_chooses_hearings_and_decisions_meanwhile_is_told_of_these_alone(litigant, case):
    factories.make_kind("paper_filed", name_zh="收狀", stage="filing")
    factories.make_kind("decided", name_zh="裁判", stage="disposition")
    other = factories.make_case(case.court)
    for each in (case, other):
        factories.make_access(litigant, each)
    take(factories.row(case, kind="paper_filed"), factories.row(other, kind="decided"))

    choose(litigant, IMPORTANT)

    assert told() == [litigant.email]
    assert number(case) not in mail.outbox[0].body
    assert number(other) in mail.outbox[0].body


def test_the_entries_are_shown_to_those_who_asked_for_that(litigant, case):
    choose(litigant, DIGEST, mails_show_entry=True)
    factories.make_access(litigant, case)
    take(factories.row(case, detail="原告之訴駁回"))

    told(the_hour())

    assert "原告之訴駁回" in mail.outbox[0].body
    assert "原告之訴駁回" in mail.outbox[0].alternatives[0].content


def test_each_person_has_an_hour_of_their_own_and_mails_in_their_language(litigant, other_litigant, case):
    choose(other_litigant, DIGEST, digest_hour=7, language="en")
    for person in (litigant, other_litigant):
        factories.make_access(person, case)
    take(factories.row(case))
    ImportRun.objects.update(ended_at=the_hour(6))
    Announcement.objects.update(announced_at=the_hour(6))

    assert told(the_hour(7)) == [other_litigant.email]
    assert mail.outbox[0].subject == "News of your cases"
    assert mail.outbox[0].extra_headers["Content-Language"] == "en"
    assert told(the_hour()) == [litigant.email]


def test_one_click_in_the_digest_stops_it_and_what_was_kept(client, litigant, case):
    factories.make_access(litigant, case)
    take(factories.row(case))
    told(the_hour())
    [message] = mail.outbox
    way_out = urlsplit(message.extra_headers["List-Unsubscribe"].strip("<>")).path
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    take(factories.row(case))

    client.get(way_out)
    assert Announcement.objects.awaiting_digest().exists()
    client.post(way_out, {"List-Unsubscribe": "One-Click"})

    assert told(the_hour()) == [litigant.email]
    assert mail.outbox[0].subject != message.subject  # the one that confirms it


def test_a_digest_belongs_to_a_court_only_if_all_its_cases_do(litigant, other_litigant, case, other_court):
    elsewhere = factories.make_case(other_court)
    for each in (case, elsewhere):
        factories.make_access(litigant, each)
    choose(other_litigant, DIGEST)
    factories.make_access(other_litigant, case)
    take(factories.row(case), factories.row(elsewhere))

    digests.post_due(the_hour())

    courts = {mail.account: mail.court for mail in OutgoingMail.objects.select_related("account", "court")}
    assert courts == {litigant: None, other_litigant: case.court}


def test_the_number_of_queries_does_not_grow_with_the_people(court, case, django_assert_max_num_queries):
    for _each in range(12):
        person = factories.make_user(mail_preference=DIGEST)
        factories.make_access(person, case)
    take(factories.row(case))

    with django_assert_max_num_queries(14):
        assert digests.post_due(the_hour()) == 12
