"""Mails sent again after the cause of their failure has been corrected: by an operator's command, by a clerk's bulk action."""

import datetime as dt
import io

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cpor_cases.actions import access, applications, mails
from cpor_cases.mail import bounces, delivery, notifications, rendering
from cpor_cases.models import (
    Activation,
    BouncedAddress,
    CaseAccess,
    CourtLogEntry,
    EnrolmentLink,
    OutgoingMail,
)
from cpor_core import conf
from tests import factories

pytestmark = pytest.mark.django_db

Kind, State = OutgoingMail.Kind, OutgoingMail.State
DENIED = "554 5.7.1 Relay access denied"
URL = "office_mails:bulk"


def fail(rows, answer=DENIED, hours_ago=1):
    rows.update(
        state=State.FAILED, ended_at=timezone.now() - dt.timedelta(hours=hours_ago), last_answer=answer
    )


def fail_all(**over):
    fail(OutgoingMail.objects.all(), **over)


def states():
    return list(OutgoingMail.objects.order_by("pk").values_list("state", flat=True))


def resend(*arguments, since=None, answer="relay access denied"):
    out = io.StringIO()
    since = since or f"{timezone.localtime() - dt.timedelta(hours=2):%Y-%m-%dT%H:%M}"
    call_command("resend_failed", "--since", since, "--answer", answer, *arguments, stdout=out)
    return out.getvalue()


def receivers():
    return sorted(message.to[0] for message in mail.outbox)


@pytest.fixture
def granted(court, clerk):
    """An access whose person has not yet activated the account, and the mail with the link, which failed."""
    access = applications.approve(application=factories.make_application(court, by=clerk), by=clerk)
    fail_all()
    return access


# The command


def test_what_failed_with_that_answer_since_then_leaves_under_a_new_message_id(litigant, other_litigant):
    for person in (litigant, other_litigant):
        notifications.account_notice(person, "password_changed")
    fail_all()
    former = set(OutgoingMail.objects.values_list("message_id", flat=True))

    assert "2 sent again\n0 left" in resend()
    delivery.deliver_all()

    assert states() == [State.SENT, State.SENT]
    assert receivers() == sorted([litigant.email, other_litigant.email])
    assert not former & set(OutgoingMail.objects.values_list("message_id", flat=True))
    assert "0 sent again" in resend()


def test_what_failed_otherwise_or_before_stays(litigant):
    for _ in range(3):
        notifications.account_notice(litigant, "password_changed")
    first, second, third = OutgoingMail.objects.order_by("pk")
    fail(OutgoingMail.objects.filter(pk=first.pk), answer="550 5.1.1 user unknown")
    fail(OutgoingMail.objects.filter(pk=second.pk), hours_ago=3)
    fail(OutgoingMail.objects.filter(pk=third.pk))

    assert "1 sent again" in resend()

    assert states() == [State.FAILED, State.FAILED, State.WAITING]


def test_a_dry_run_says_how_many_and_changes_nothing(litigant):
    notifications.account_notice(litigant, "password_changed")
    fail_all()

    assert "1 would be sent again" in resend("--dry-run")

    assert states() == [State.FAILED]
    assert not CourtLogEntry.objects.filter(action="cpor_cases.mail.repeat").exists()


def test_each_is_on_record(granted):
    resend()

    entry = CourtLogEntry.objects.get(action="cpor_cases.mail.repeat")
    assert entry.object_id == str(OutgoingMail.objects.get().pk)
    assert entry.user is None
    assert entry.court == granted.case.court


def expire_link(_access):
    Activation.objects.update(link_expires_at=timezone.now())


def lock_link(_access):
    Activation.objects.update(locked_at=timezone.now())


def use_link(_access):
    Activation.objects.update(activated_at=timezone.now())


@pytest.mark.parametrize("end", [expire_link, lock_link, use_link])
def test_a_link_that_has_ended_is_not_sent_again(granted, end):
    end(granted)

    assert "0 sent again\n1 left" in resend()
    assert states() == [State.FAILED]


def test_a_link_that_ended_on_the_way_is_not_sent(granted):
    resend()
    expire_link(granted)

    delivery.deliver_all()

    assert states() == [State.DROPPED]


def test_a_reset_of_a_password_is_never_sent_again(litigant):
    notifications.password_reset(litigant)
    fail_all()

    assert "0 sent again\n1 left" in resend()


def test_a_link_to_a_second_factor_that_has_ended_is_not_sent_again(clerk):
    EnrolmentLink.objects.create(account=clerk, expires_at=timezone.now())
    OutgoingMail.objects.create(kind=Kind.SECOND_FACTOR_LINK, account=clerk, address=clerk.email)
    fail_all()

    assert "0 sent again\n1 left" in resend()


def test_an_undo_that_has_ended_is_not_sent_again(litigant, settings):
    row = OutgoingMail.objects.create(kind=Kind.EMAIL_CHANGED, account=litigant, address="former@example.com")
    fail_all()
    assert rendering.render(row) is not None
    OutgoingMail.objects.update(created_at=timezone.now() - dt.timedelta(days=conf.ADDRESS_UNDO_DAYS))

    assert "0 sent again\n1 left" in resend()


def test_the_news_of_a_case_that_is_closed_to_the_person_are_not_sent_again(litigant, court):
    right = factories.make_access(litigant, factories.make_case(court))
    notifications.case_added(right)
    fail_all()
    CaseAccess.objects.update(ended_at=timezone.now(), end_reason="left")

    assert "0 sent again\n1 left" in resend()


def test_of_several_that_say_the_same_the_last_one_is_sent(granted):
    notifications.activation_link(Activation.objects.get(), application=granted.application)
    fail_all()

    assert "1 sent again\n1 left" in resend()
    assert states() == [State.FAILED, State.WAITING]


def test_a_mail_that_a_later_one_replaced_is_not_sent_again(granted):
    notifications.activation_link(Activation.objects.get(), application=granted.application)

    assert "0 sent again\n1 left" in resend()
    assert states() == [State.FAILED, State.WAITING]


def test_it_goes_where_the_account_is_now_but_what_proves_an_address_only_there(litigant):
    notifications.account_notice(litigant, "password_changed")
    new = EmailAddress.objects.create(user=litigant, email="typed@example.com")
    notifications.email_confirmation(litigant, email_address_id=new.pk, address=new.email)
    fail_all()
    litigant.email = "present@example.com"
    litigant.save()

    resend()
    delivery.deliver_all()

    assert receivers() == ["present@example.com", "typed@example.com"]


def test_an_address_that_was_marked_by_such_an_answer_is_tried_again_with_all_that_was_kept_back(litigant):
    """The mail server knew no user for an hour: what it said was wrong."""
    notifications.account_notice(litigant, "password_changed")
    fail_all(answer="550 5.1.1 User unknown in local table")
    bounces.mark(
        litigant.email, answer="550 5.1.1 User unknown in local table", hardness=BouncedAddress.Hardness.HARD
    )
    notifications.account_notice(litigant, "second_factor_added")
    delivery.deliver_all()
    assert states() == [State.FAILED, State.STOPPED]

    BouncedAddress.objects.update(since=timezone.now() - dt.timedelta(hours=1, minutes=5))
    resend(answer="local table")
    delivery.deliver_all()

    assert states() == [State.SENT, State.SENT]
    assert not BouncedAddress.objects.exists()


def test_one_that_cannot_be_written_stops_none(litigant, other_litigant, monkeypatch):
    for person in (litigant, other_litigant):
        notifications.account_notice(person, "password_changed")
    fail_all()
    render = rendering.render
    monkeypatch.setattr(
        rendering, "render", lambda row: 1 / 0 if row.account_id == litigant.pk else render(row)
    )

    assert "1 sent again\n1 left" in resend()


def test_many_are_read_at_once(monkeypatch, django_assert_max_num_queries):
    monkeypatch.setattr(mails, "AT_ONCE", 2)
    for _ in range(5):
        notifications.account_notice(factories.make_user(), "password_changed")
    fail_all()

    with django_assert_max_num_queries(60):
        assert "5 sent again" in resend()


@pytest.mark.parametrize(
    ("facts", "sentence"), [({"since": "yesterday"}, "--since"), ({"answer": "  "}, "--answer")]
)
def test_what_cannot_be_meant_is_refused(db, facts, sentence):
    with pytest.raises(CommandError, match=sentence):
        resend(**facts)


# The bulk action


@pytest.fixture
def office(client, clerk):
    client.force_login(clerk)
    return client


@pytest.fixture
def failed(court):
    """Three mails about cases of the court that failed."""
    for _ in range(3):
        notifications.case_added(factories.make_access(factories.make_user(), factories.make_case(court)))
    fail_all()
    return list(OutgoingMail.objects.order_by("pk"))


def keys(rows):
    return [row.pk for row in rows]


def test_those_that_can_be_sent_again_are_ticked_in_the_list(office, failed):
    fail(OutgoingMail.objects.filter(pk=failed[0].pk))
    OutgoingMail.objects.filter(pk=failed[1].pk).update(state=State.DROPPED)

    page = office.get(reverse("office_mails:index")).content.decode()

    assert f'form="office-bulk" name="id" value="{failed[0].pk}"' in page
    assert f'form="office-bulk" name="id" value="{failed[1].pk}"' not in page
    assert reverse(URL) in page


def test_link_that_has_been_used_is_not_offered_again(office, court, clerk):
    application = factories.make_application(court, by=clerk)
    granted = applications.approve(application=application, by=clerk)
    [mail] = OutgoingMail.objects.filter(kind=Kind.ACTIVATION)
    OutgoingMail.objects.update(state=State.SENT, ended_at=timezone.now())
    assert mails.can_be_sent_again(OutgoingMail.objects.get())

    Activation.objects.filter(account=granted.account).update(activated_at=timezone.now())

    assert not mails.can_be_sent_again(OutgoingMail.objects.get())
    page = office.get(reverse(URL), {"id": mail.pk})
    assert page.context["sendable"] == []


def test_each_is_shown_before_anything_happens_and_then_all_leave(office, failed, clerk):
    page = office.get(reverse(URL), {"id": keys(failed)})
    assert len(page.context["sendable"]) == 3
    assert all(row.account.email in page.content.decode() for row in failed)
    assert states() == [State.FAILED] * 3

    office.post(reverse(URL), {"id": keys(failed)})
    delivery.deliver_all()

    assert states() == [State.SENT] * 3
    assert CourtLogEntry.objects.filter(action="cpor_cases.mail.repeat", user=clerk).count() == 3


def test_mails_of_another_court_are_not_among_them(office, failed, other_court, other_litigant):
    notifications.case_added(factories.make_access(other_litigant, factories.make_case(other_court)))
    elsewhere = OutgoingMail.objects.latest("pk")
    fail(OutgoingMail.objects.filter(pk=elsewhere.pk))

    page = office.get(reverse(URL), {"id": [elsewhere.pk, failed[0].pk, "x"]})
    office.post(reverse(URL), {"id": [elsewhere.pk, failed[0].pk, "x"]})

    assert page.context["chosen"] == [failed[0]]
    assert states() == [State.WAITING, State.FAILED, State.FAILED, State.FAILED]


def test_one_that_cannot_be_sent_again_is_said_and_holds_up_none(office, failed):
    OutgoingMail.objects.filter(pk=failed[0].pk).update(state=State.DROPPED)

    page = office.get(reverse(URL), {"id": keys(failed)})
    answer = office.post(reverse(URL), {"id": keys(failed)}, follow=True)

    assert page.context["others"] == [failed[0]]
    assert states() == [State.DROPPED, State.WAITING, State.WAITING]
    assert len(list(answer.context["messages"])) == 2


def test_where_an_account_moved_after_its_access_ended_is_not_shown(office, failed, clerk):
    over = failed[0]
    access.revoke(access=over.occasions.get().access, by=clerk, reason="wrong_person")
    type(over.account).objects.filter(pk=over.account_id).update(email="moved@example.com")

    page = office.get(reverse(URL), {"id": keys(failed)})

    assert page.context["others"] == [over]
    assert "moved@example.com" not in page.content.decode()


def test_the_list_takes_no_query_a_mail(office, failed):
    with CaptureQueriesContext(connection) as queries:
        office.get(reverse("office_mails:index"))

    about_mails = [query for query in queries if 'FROM "cpor_cases_outgoingmail"' in query["sql"]]
    assert len(about_mails) == 2  # how many there are, and those of the page


def test_an_account_gets_one_new_link_however_many_mails_are_ticked(office, granted):
    notifications.activation_link(Activation.objects.get(), application=granted.application)
    fail_all()
    before = Activation.objects.get().round

    office.post(reverse(URL), {"id": keys(OutgoingMail.objects.all())})
    delivery.deliver_all()

    assert Activation.objects.get().round == before + 1
    assert len(mail.outbox) == 1


def test_no_link_is_sent_to_whom_no_case_is_open(office, granted, clerk):
    access.revoke(access=granted, by=clerk, reason="wrong_person")

    office.post(reverse(URL), {"id": keys(OutgoingMail.objects.all())})

    assert State.WAITING not in states()


def test_nothing_chosen_is_said(office):
    assert "沒有選取" in office.get(reverse(URL)).content.decode()
