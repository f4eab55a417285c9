"""Addresses that bounce: nothing more goes there, nothing is lost, and all that is still of use leaves when corrected."""

import datetime as dt
import smtplib

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.urls import reverse
from django.utils import timezone, translation

from cpor_cases.actions import account_activation, applications, retention
from cpor_cases.actions import bounces as correction
from cpor_cases.actions import mails as mail_actions
from cpor_cases.mail import bounces, delivery, notifications, queue, throttle
from cpor_cases.mail.bounce_reports import Report
from cpor_cases.mail.smtp_replies import Meaning, in_short, is_about_the_address, meaning_of
from cpor_cases.mail.wording import state_in_words
from cpor_cases.models import Activation, BouncedAddress, OutgoingMail
from cpor_cases.office.caller_help.advice import Advice
from tests import factories
from tests.support.mail_servers import Server

pytestmark = pytest.mark.django_db

State, Hardness = OutgoingMail.State, BouncedAddress.Hardness
NO_SUCH_USER = "550 5.1.1 no such user"


@pytest.fixture
def server(monkeypatch):
    return Server(monkeypatch)


def states():
    return list(OutgoingMail.objects.order_by("pk").values_list("state", flat=True))


def receivers():
    return [message.to[0] for message in mail.outbox]


def bounce(account, **over):
    facts = {"answer": NO_SUCH_USER, "hardness": Hardness.HARD} | over
    return bounces.mark(account.email, **facts)


def tell(account, message="password_changed"):
    notifications.account_notice(account, message)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("550 5.1.1 <x@y>: Recipient address rejected: User unknown", True),
        ("550-5.1.1 The email account that you tried to reach does not exist.", True),
        ("550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found", True),
        ("550 5.2.1 The email account that you tried to reach is disabled.", True),
        ("550 5.4.1 Recipient address rejected: Access denied.", True),
        ("554 5.4.4 Unable to route: no mail hosts for domain", True),
        ("550 Unrouteable address", True),
        ("552 5.2.2 mailbox full", False),
        ("550 5.7.1 Message rejected as spam by Content Filtering.", False),
        ("550 5.7.26 This mail has been blocked because the sender is unauthenticated.", False),
        ("553 5.1.8 Sender address rejected: Domain not found", False),
        ("554 5.6.0 content error", False),
        ("550 no", False),
        ("450 4.1.1 user unknown, try later", False),
        ("4.4.7 delivery time expired", False),
    ],
)
def test_only_answers_about_the_address_itself_stop_mail(answer, expected):
    assert is_about_the_address(answer) is expected


def test_a_final_refusal_of_the_address_marks_it(litigant, server):
    server.answers[litigant.email] = (550, b"5.1.1 no such user")
    tell(litigant)

    delivery.deliver.call_local()

    bounced = BouncedAddress.objects.get()
    assert (bounced.address, bounced.status, bounced.answer) == (litigant.email, "5.1.1", NO_SUCH_USER)
    assert BouncedAddress.objects.does_bounce("LITIGANT@Example.com")
    assert states() == [State.FAILED]


RELAY = [
    "554 5.7.1 <x@y.example>: Relay access denied",
    "550 relaying denied",
    "550 5.7.1 Unable to relay for x@y.example",
    "550 5.7.54 SMTP; Unable to relay recipient in non-accepted domain",
    "550 5.7.64 TenantAttribution; Relay Access Denied",
    "550 we do not relay",
    "553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)",
    "530 5.7.0 Must issue a STARTTLS command first",
    "530 5.7.57 Client was not authenticated to send mail; please authenticate",
    "530 Authentication required",
    "535 5.7.8 Error: authentication failed",
    "538 5.7.11 Encryption required for requested authentication mechanism",
    "550 5.7.1 Authentication is required for relay",
    "554 5.7.1 <host[192.0.2.1]>: Client host rejected: Access denied",
    "550 5.7.60 SMTP; Client does not have permissions to send as this sender",
    "553 5.1.8 Sender address rejected: Domain not found",
    "550 5.7.26 Unauthenticated email from court.example is not accepted due to its DMARC policy",
    "503 5.5.1 Error: need MAIL command",
]
NOT_RELAY = [
    "550 5.1.1 <relay@y.example>: Recipient address rejected: User unknown",
    "550 5.4.1 Recipient address rejected: Access denied",
    "550 5.7.1 Message rejected as spam by Content Filtering.",
    "554 5.7.1 Blocked by policy",
    "552 5.2.2 mailbox full",
    "550 no",
    "501 5.1.3 Bad recipient address syntax",
    "452 4.3.1 disk full",
]


@pytest.mark.parametrize("answer", RELAY)
def test_what_the_mail_server_refuses_to_this_site_is_no_fault_of_the_address(
    litigant, server, caplog, answer
):
    code, _blank, words = answer.partition(" ")
    server.answers[litigant.email] = (int(code), words.encode())
    tell(litigant)

    delivery.deliver.call_local()

    assert meaning_of(answer) is Meaning.RELAY
    mail_row = OutgoingMail.objects.get()
    assert (mail_row.state, mail_row.attempts) == (State.WAITING, 1)
    assert not BouncedAddress.objects.exists()
    assert "the mail server refuses mail of this site" in caplog.text
    assert "y.example" not in caplog.text


@pytest.mark.parametrize("answer", NOT_RELAY)
def test_other_refusals_are_none_of_the_mail_servers(answer):
    assert meaning_of(answer) is not Meaning.RELAY


def test_a_mail_server_that_sends_nothing_on_is_tried_every_hour_at_least(litigant, server):
    server.answers[litigant.email] = (554, b"5.7.1 Relay access denied")
    tell(litigant)
    OutgoingMail.objects.update(attempts=20)

    delivery.deliver.call_local()

    assert OutgoingMail.objects.get().next_attempt_at <= timezone.now() + dt.timedelta(hours=1)


def test_the_operator_is_told_once_an_hour_not_once_a_mail(litigant, server, caplog):
    server.answers[litigant.email] = (554, b"5.7.1 Relay access denied")
    for _ in range(3):
        tell(litigant)

    delivery.deliver.call_local()

    assert caplog.text.count("the mail server refuses") == 1


def test_a_refused_sender_holds_up_all_mail_and_costs_none_its_place(
    litigant, other_litigant, server, caplog
):
    server.answers[litigant.email] = smtplib.SMTPSenderRefused(
        530, b"5.7.0 Must issue a STARTTLS command first", "a@b"
    )
    tell(litigant)
    tell(other_litigant)

    delivery.deliver.call_local()

    assert states() == [State.WAITING, State.WAITING]
    assert not OutgoingMail.objects.filter(next_attempt_at__gt=timezone.now()).exists()
    assert throttle.is_circuit_open()
    with pytest.raises(delivery.ServerUnreachable):
        delivery.deliver_all()
    assert caplog.text.count("cannot be spoken to: 530 5.7.0 (relay)") == 1
    assert "answers again" not in caplog.text

    server.answers.clear()
    delivery.deliver_all()

    assert states() == [State.SENT, State.SENT]
    assert not throttle.is_circuit_open()
    assert caplog.text.count("answers again") == 1


@pytest.mark.parametrize("action", ["failed", "delayed"])
def test_a_report_about_the_relay_marks_no_address(litigant, action):
    tell(litigant)
    OutgoingMail.objects.update(state=State.SENT, ended_at=timezone.now())
    row = OutgoingMail.objects.get()
    report = Report(
        frozenset({row.message_id}),
        frozenset({row.address}),
        action,
        "5.7.1",
        "554 5.7.1 Relay access denied",
    )

    correction.note(report)

    assert not BouncedAddress.objects.exists()


@pytest.mark.parametrize(
    "how",
    [
        {"answer": (550, b"5.1.1 <litigant@example.com> unknown")},
        {"answer": (451, b"later, litigant@example.com"), "hours": 72},
        {"down": ConnectionRefusedError("litigant@example.com"), "hours": 72},
    ],
    ids=["refused", "refused for days", "silent for days"],
)
def test_each_mail_given_up_is_in_the_log_and_nobody_is_named(litigant, server, caplog, how):
    server.answers[litigant.email], server.down = how.get("answer"), how.get("down")
    tell(litigant)
    OutgoingMail.objects.update(
        not_before=timezone.now() - dt.timedelta(hours=how.get("hours", 0)),
        attempts=queue.LEAST_ATTEMPTS - 1,
    )

    delivery.deliver.call_local()

    assert states() == [State.FAILED]
    assert f"mail {OutgoingMail.objects.get().pk} to example.com is given up: " in caplog.text
    assert "litigant" not in caplog.text


def test_a_mail_that_came_back_is_in_the_log(litigant, caplog):
    tell(litigant)
    OutgoingMail.objects.update(state=State.SENT, ended_at=timezone.now())
    row = OutgoingMail.objects.get()
    said = "550 5.1.1 <litigant@example.com> unknown"

    for _ in range(2):
        correction.note(
            Report(frozenset({row.message_id}), frozenset({row.address}), "failed", "5.1.1", said)
        )

    assert caplog.text.count("is given up: 550 5.1.1 (unknown)") == 1
    assert "litigant" not in caplog.text


def test_words_of_servers_are_never_part_of_an_answer_in_short():
    for answer in [
        "550 5.1.1 <a@b>",
        "TimeoutError: a@b",
        "a@b unknown",
        "not written: ValueError",
        "",
        "5.1.1 a@b",
    ]:
        assert "a@b" not in in_short(answer)
    assert (
        in_short("SMTPServerDisconnected: Connection unexpectedly closed: litigant")
        == "SMTPServerDisconnected (silent)"
    )


@pytest.mark.parametrize("answer", [(550, b"5.7.1 blocked by policy"), (552, b"5.2.2 mailbox full")])
def test_a_refusal_of_the_mail_marks_nothing(litigant, server, answer):
    server.answers[litigant.email] = answer
    tell(litigant)

    delivery.deliver.call_local()

    assert states() == [State.FAILED]
    assert not BouncedAddress.objects.exists()


def test_nothing_more_goes_to_an_address_that_bounces(litigant, other_litigant):
    tell(litigant)
    bounce(litigant)
    tell(litigant)
    tell(other_litigant)

    delivery.deliver.call_local()

    assert states() == [State.STOPPED, State.STOPPED, State.SENT]
    assert receivers() == [other_litigant.email]
    with translation.override("en"):
        assert "bounces" in state_in_words(OutgoingMail.objects.order_by("pk").first())


def test_those_behind_a_whole_batch_that_is_kept_back_leave_all_the_same(litigant, other_litigant, settings):
    settings.CPOR = settings.CPOR | {"MAIL_BATCH": 3}
    bounce(litigant)
    for _ in range(7):
        tell(litigant)
    tell(other_litigant)

    delivery.deliver_all()

    assert states() == [State.STOPPED] * 7 + [State.SENT]


def test_a_soft_bounce_is_noted_and_stops_nothing(litigant):
    bounce(litigant, hardness=Hardness.SOFT, answer="452 4.2.2 mailbox full")
    tell(litigant)

    delivery.deliver.call_local()

    assert states() == [State.SENT]
    assert not BouncedAddress.objects.does_bounce(litigant.email)


def test_a_soft_bounce_softens_no_hard_one_and_a_hard_one_hardens_a_soft_one(litigant, other_litigant):
    bounce(litigant)
    bounce(litigant, hardness=Hardness.SOFT, answer="452 4.2.2 full")
    bounce(other_litigant, hardness=Hardness.SOFT, answer="452 4.2.2 full")
    hard = bounce(other_litigant)

    assert BouncedAddress.objects.hard().count() == 2
    assert (hard.answer, hard.status) == (NO_SUCH_USER, "5.1.1")


def test_cleared_address_gets_what_it_missed_in_order_and_the_refused_mail_first(litigant, server):
    server.answers[litigant.email] = (550, b"5.1.1 no such user")
    tell(litigant)
    delivery.deliver.call_local()
    first = OutgoingMail.objects.get().message_id
    tell(litigant, "second_factor_added")
    delivery.deliver.call_local()
    assert states() == [State.FAILED, State.STOPPED]
    server.answers.clear()

    assert correction.clear(litigant.email) == 2
    delivery.deliver.call_local()

    assert states() == [State.SENT, State.SENT]
    assert not BouncedAddress.objects.exists()
    assert OutgoingMail.objects.order_by("pk").first().message_id != first


def test_clearing_an_address_that_is_not_marked_does_nothing(litigant):
    tell(litigant)

    assert correction.clear(litigant.email) == 0
    assert states() == [State.WAITING]


def test_a_password_reset_of_yesterday_is_not_sent_when_the_address_is_corrected(litigant):
    bounce(litigant)
    notifications.password_reset(litigant)
    delivery.deliver.call_local()

    correction.clear(litigant.email)

    assert states() == [State.DROPPED]


def test_a_reminder_of_a_hearing_that_is_past_is_not_sent(litigant, court):
    right = factories.make_access(litigant, factories.make_case(court))
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    notifications.hearing_reminders([factories.make_reminder(right, yesterday)])
    OutgoingMail.objects.update(state=State.STOPPED)
    bounce(litigant)

    correction.clear(litigant.email)
    delivery.deliver.call_local()

    assert states() == [State.DROPPED]
    assert mail.outbox == []


def test_a_changed_address_gets_what_the_old_one_missed(litigant, client):
    tell(litigant)
    bounce(litigant)
    new = EmailAddress.objects.create(user=litigant, email="new@example.com")
    notifications.email_confirmation(litigant, email_address_id=new.pk, address=new.email)
    delivery.deliver.call_local()
    [message] = mail.outbox
    link = next(word for word in message.body.split() if "confirm-email/" in word)

    client.post(link.removeprefix("http://testserver"))
    delivery.deliver.call_local()

    assert receivers().count("new@example.com") == 2
    assert BouncedAddress.objects.does_bounce("litigant@example.com")


def test_what_proves_an_address_never_goes_to_another_one(litigant):
    new = EmailAddress.objects.create(user=litigant, email="mistyped@example.com")
    notifications.email_confirmation(litigant, email_address_id=new.pk, address=new.email)
    bounces.mark("mistyped@example.com", answer=NO_SUCH_USER, hardness=Hardness.HARD)

    correction.follow(litigant)

    assert states() == [State.DROPPED]


def test_clerks_second_try_clears_the_mark(litigant, court, clerk):
    right = factories.make_access(litigant, factories.make_case(court))
    bounce(litigant)
    notifications.case_added(right)
    delivery.deliver.call_local()

    mail_actions.send_again(mail=OutgoingMail.objects.get(), by=clerk)
    delivery.deliver.call_local()

    assert states() == [State.SENT]
    assert not BouncedAddress.objects.exists()


def test_clerks_new_link_clears_the_mark_and_one_mail_leaves(court, clerk):
    applications.approve(application=factories.make_application(court, by=clerk), by=clerk)
    activation = Activation.objects.get()
    bounce(activation.account)
    applications.approve(application=factories.make_application(court, by=clerk), by=clerk)
    delivery.deliver.call_local()
    assert states() == [State.STOPPED]

    account_activation.unlock(activation=activation, by=clerk)
    delivery.deliver.call_local()

    assert receivers() == ["wang@example.com"]


def test_the_office_names_the_address_and_leads_to_the_mail(client, court, clerk, litigant, clerk_elsewhere):
    right = factories.make_access(litigant, factories.make_case(court))
    bounce(litigant)
    notifications.case_added(right)
    delivery.deliver.call_local()
    mail_page = reverse("office_mails:inspect", args=[OutgoingMail.objects.get().pk])

    client.force_login(clerk)
    office = client.get(reverse("wagtailadmin_home")).content.decode()
    page = client.get(mail_page).content.decode()
    client.force_login(clerk_elsewhere)
    elsewhere = client.get(reverse("wagtailadmin_home")).content.decode()

    assert litigant.email in office
    assert mail_page in office
    assert reverse("office_mails:send_again", args=[OutgoingMail.objects.get().pk]) in page
    assert litigant.email not in elsewhere


def test_the_office_takes_a_constant_number_of_queries(client, court, clerk, django_assert_max_num_queries):
    client.force_login(clerk)

    def fill(times):
        for _ in range(times):
            person = factories.make_user()
            notifications.case_added(factories.make_access(person, factories.make_case(court)))
            bounce(person)

    client.get(reverse("wagtailadmin_home"))
    fill(2)  # both times there are rows not seen before, which are put on record
    with django_assert_max_num_queries(200) as few:
        client.get(reverse("wagtailadmin_home"))
    fill(6)
    with django_assert_max_num_queries(len(few)):
        client.get(reverse("wagtailadmin_home"))


def test_the_answer_on_the_telephone_asks_for_the_right_address(court, clerk):
    application = factories.make_application(court, by=clerk)
    applications.approve(application=application, by=clerk)
    bounce(Activation.objects.get().account)
    application.refresh_from_db()

    with translation.override("en"):
        answer = Advice(application, clerk)

    assert "Ask for the right address." in answer.sentences
    assert answer.steps[0].url == reverse("office_applications:readdress", args=[application.pk])


def test_marks_of_nobodys_address_are_purged_with_the_mails_they_stopped(litigant, other_litigant):
    bounce(litigant)
    bounce(other_litigant)
    tell(litigant)
    delivery.deliver.call_local()
    litigant.email = "elsewhere@example.com"
    litigant.save()

    assert retention.purge_expired()["bounced addresses"] == 1

    assert BouncedAddress.objects.get().address == other_litigant.email
    assert states() == [State.DROPPED]


def test_the_answer_on_the_telephone_blames_no_address_for_what_the_mail_server_refused(court, clerk):
    application = factories.make_application(court, by=clerk)
    applications.approve(application=application, by=clerk)
    said = "554 5.7.1 Relay access denied"
    OutgoingMail.objects.update(state=State.FAILED, ended_at=timezone.now(), last_answer=said)
    application.refresh_from_db()

    with translation.override("en"):
        answer = Advice(application, clerk)

    assert any("The address need not be changed." in sentence for sentence in answer.sentences)
    assert [step.label for step in answer.steps] == ["Send a new link", "Correct the address"]
