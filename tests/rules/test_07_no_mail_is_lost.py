"""Rule 7: no mail is lost, none is forged. (A worker is really killed in tests/journeys.)"""

import datetime as dt
import smtplib
from email.utils import parseaddr

import pytest
from django.core import mail
from django.db import transaction
from django.utils import timezone

from cpor_cases.actions import applications
from cpor_cases.mail import delivery, notifications, outbox, queue, rendering, throttle
from cpor_cases.models import OutgoingMail
from tests import factories
from tests.support.mail_servers import Server

pytestmark = pytest.mark.django_db

State = OutgoingMail.State


@pytest.fixture
def server(monkeypatch):
    return Server(monkeypatch)


def post(account, **over):
    notifications.account_notice(account, "password_changed")
    row = OutgoingMail.objects.latest("pk")
    OutgoingMail.objects.filter(pk=row.pk).update(**over)
    row.refresh_from_db()
    return row


def states():
    return list(OutgoingMail.objects.order_by("pk").values_list("state", flat=True))


def test_the_row_is_written_in_the_transaction_of_the_action(clerk, court):
    application = factories.make_application(court, by=clerk)

    def action_that_fails_after_all():
        with transaction.atomic():
            applications.approve(application=application, by=clerk)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        action_that_fails_after_all()

    assert not OutgoingMail.objects.exists()


def test_the_worker_is_told_after_the_commit(litigant, make_mails_leave):
    make_mails_leave(lambda: notifications.account_notice(litigant, "password_changed"))

    assert states() == [State.SENT]
    assert len(mail.outbox) == 1


def test_a_queue_that_is_down_fails_no_action_and_the_clock_finds_the_row(
    litigant, make_mails_leave, monkeypatch
):
    def broken():
        raise ConnectionError("the queue is down")

    monkeypatch.setattr(delivery, "deliver", broken)
    make_mails_leave(lambda: notifications.account_notice(litigant, "password_changed"))
    monkeypatch.undo()
    assert states() == [State.WAITING]

    delivery.deliver.call_local()

    assert states() == [State.SENT]


def test_a_bad_address_is_final(litigant, server):
    server.answers[litigant.email] = (550, b"5.1.1 no such user")
    post(litigant)

    delivery.deliver.call_local()

    row = OutgoingMail.objects.get()
    assert (row.state, row.last_answer, row.attempts) == (State.FAILED, "550 5.1.1 no such user", 1)


def test_a_busy_server_is_tried_again_with_growing_pauses(litigant, server):
    server.answers[litigant.email] = (451, b"try later")
    row = post(litigant)
    waits = []

    for _ in range(5):
        OutgoingMail.objects.update(next_attempt_at=timezone.now())
        delivery.deliver.call_local()
        row.refresh_from_db()
        waits.append(row.next_attempt_at - timezone.now())

    assert row.state == State.WAITING
    assert row.attempts == 5
    assert waits == sorted(waits)
    assert queue.pause_after(100) <= dt.timedelta(hours=7.2)


@pytest.mark.parametrize(("hours", "state"), [(71, State.WAITING), (72, State.FAILED)])
def test_after_72_hours_of_trying_it_is_final(litigant, server, hours, state):
    server.answers[litigant.email] = (451, b"try later")
    post(
        litigant,
        not_before=timezone.now() - dt.timedelta(hours=hours),
        attempts=queue.LEAST_ATTEMPTS - 1,
    )

    delivery.deliver.call_local()

    assert states() == [state]


@pytest.mark.parametrize("down", [None, ConnectionRefusedError()], ids=["greylisted", "silent"])
def test_a_mail_that_waited_days_for_a_worker_is_not_given_up_at_its_first_try(litigant, server, down):
    server.answers[litigant.email], server.down = (450, b"4.2.0 greylisted"), down
    post(litigant, not_before=timezone.now() - dt.timedelta(days=9))

    delivery.deliver.call_local()
    assert states() == [State.WAITING]

    server.answers.clear()
    server.down = None
    OutgoingMail.objects.update(next_attempt_at=timezone.now())
    throttle.close_circuit()
    delivery.deliver.call_local()
    assert states() == [State.SENT]


@pytest.mark.parametrize(
    "down", [ConnectionRefusedError(), TimeoutError(), smtplib.SMTPAuthenticationError(535, b"no")]
)
def test_a_silent_server_keeps_every_mail_waiting(litigant, other_litigant, server, down):
    post(litigant)
    post(other_litigant)
    server.down = down

    delivery.deliver.call_local()

    assert states() == [State.WAITING, State.WAITING]
    assert mail.outbox == []


def test_a_connection_lost_in_the_middle_costs_no_other_mail(litigant, other_litigant, server):
    server.answers[litigant.email] = smtplib.SMTPServerDisconnected("gone")
    post(litigant)
    post(other_litigant)

    delivery.deliver.call_local()

    assert states() == [State.WAITING, State.SENT]


def test_a_mail_that_cannot_be_written_does_not_stop_the_others(
    litigant, other_litigant, server, monkeypatch
):
    poison = post(litigant)
    post(other_litigant)
    render = rendering.render
    monkeypatch.setattr(rendering, "render", lambda row: 1 / 0 if row.pk == poison.pk else render(row))

    delivery.deliver.call_local()

    assert states() == [State.WAITING, State.SENT]
    poison.refresh_from_db()
    assert poison.last_answer == "not written: ZeroDivisionError"


def test_two_workers_never_hold_the_same_mail(litigant):
    for _ in range(30):
        post(litigant)

    first, second = delivery.claim(), delivery.claim()

    assert len(first) == 20
    assert len(second) == 10
    assert not {row.pk for row in first} & {row.pk for row in second}


def test_a_dead_workers_mail_is_sent_when_its_lease_runs_out_under_the_same_message_id(litigant):
    row = post(litigant)
    delivery.claim()
    delivery.deliver.call_local()
    assert mail.outbox == []

    OutgoingMail.objects.update(leased_until=timezone.now() - dt.timedelta(seconds=1))
    delivery.deliver.call_local()

    [message] = mail.outbox
    assert message.extra_headers["Message-ID"] == f"<{row.message_id}>"


def test_a_worker_whose_lease_went_to_another_notes_nothing(litigant):
    post(litigant)
    [slow] = delivery.claim()
    OutgoingMail.objects.update(leased_until=timezone.now() - dt.timedelta(seconds=1))
    delivery.deliver.call_local()

    queue.try_again(slow, "too late")

    assert states() == [State.SENT]


def test_a_worker_stops_in_time_before_its_lease_runs_out(litigant):
    post(litigant)
    batch = delivery.claim()
    batch[0].leased_until = timezone.now() + delivery.LONGEST_SENDING / 2

    assert delivery.send(batch) == 0

    assert OutgoingMail.objects.get().lease is None


@pytest.mark.parametrize("kind", ["activation", "case_added", "progress", "password_reset"])
def test_every_mail_says_what_it_is(kind, litigant, clerk, court):
    right = factories.make_access(litigant, factories.make_case(court))
    run = factories.make_run()
    factories.make_entry(right.case, changed_in=run)
    if kind == "activation":
        applications.approve(application=factories.make_application(court, by=clerk), by=clerk)
    elif kind == "case_added":
        notifications.case_added(right)
    elif kind == "progress":
        notifications.progress(run, [right.case_id])
        outbox.release_progress_mails(run, timezone.now())
    else:
        notifications.password_reset(litigant)

    delivery.deliver.call_local()

    [message] = mail.outbox
    headers = message.message()
    assert headers["Auto-Submitted"] == "auto-generated"
    assert headers["Message-ID"].endswith("@court.example>")
    assert parseaddr(headers["From"])[1] == "no-reply@court.example"
    assert {part.get_content_type() for part in headers.walk()} >= {"text/plain", "text/html"}
    assert (headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click") is (kind == "progress")


def test_no_reset_link_is_stored(litigant):
    notifications.password_reset(litigant)
    delivery.deliver.call_local()

    [message] = mail.outbox
    key = message.body.split("/password/reset/key/")[1].split("/")[0]
    assert key.split("-", 1)[1] not in str(list(OutgoingMail.objects.values()))


def test_the_statistics_are_renewed_before_many_mails_leave(
    court, monkeypatch, django_capture_on_commit_callbacks
):
    done = []
    monkeypatch.setattr(outbox, "MANY_MAILS", 3)
    monkeypatch.setattr(queue, "renew_statistics", lambda: done.append("counted"))
    monkeypatch.setattr(delivery, "deliver", lambda priority=None: done.append("enqueued"))

    for people in (2, 3):
        run = factories.make_run(court=court)
        accesses = [factories.make_access(factories.make_user()) for _ in range(people)]
        for access in accesses:
            factories.make_entry(access.case, changed_in=run)
        notifications.progress(run, [access.case_id for access in accesses])
        with django_capture_on_commit_callbacks(execute=True):
            outbox.release_progress_mails(run, timezone.now())

    assert done == ["enqueued", "counted", "enqueued"]


def test_counting_for_them_changes_nothing(litigant):
    post(litigant)

    queue.renew_statistics()

    assert states() == [State.WAITING]
