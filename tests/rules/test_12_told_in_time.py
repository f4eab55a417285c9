"""Rule 12: each mail has both moments of the time to know: when the service had what it tells of, and when the mail server took it."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from cpor_cases.actions import digests, entries, imports, password_resets, reminders
from cpor_cases.intake import run as runs
from cpor_cases.intake.reading.rows import in_blocks
from cpor_cases.mail import delivery, outbox
from cpor_cases.models import (
    Announcement,
    CaseAccess,
    ImportRun,
    Litigant,
    OutgoingMail,
    PasswordResetRequest,
)
from cpor_core.roc_dates import start_of_day
from tests import factories

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)
TYPED = {"recorded_at": "115/09/24", "kind": "judgment", "detail": "", "hearing_at": "", "courtroom": ""}


@pytest.fixture
def access(litigant, case):
    return factories.make_access(litigant, case)


def only_mail() -> OutgoingMail:
    return OutgoingMail.objects.get()


def test_news_of_a_courts_system_count_from_when_its_call_was_accepted(access):
    accepted_at = timezone.now() - HOUR
    waiting = ImportRun.State.WAITING
    run = imports.begin(source=ImportRun.Source.API, court=access.case.court, state=waiting)
    ImportRun.objects.filter(pk=run.pk).update(started_at=accepted_at)
    run.refresh_from_db()
    runs.start(run)

    runs.carry_out(run, lambda: in_blocks([(2, factories.row(access.case))]))

    assert only_mail().accepted_at == accepted_at


def test_what_a_clerk_typed_counts_from_the_end_of_its_hold_however_late_the_clock_comes(access, clerk):
    entry = entries.record(access.case, TYPED, by=clerk)
    end_of_hold = entry.held_until

    entries.publish_due(end_of_hold + HOUR)

    assert only_mail().accepted_at == end_of_hold


def test_what_a_clerk_sends_now_counts_from_then(access, clerk):
    entry = entries.record(access.case, TYPED, by=clerk)
    now = timezone.now()

    entries.publish_now(entry, by=clerk, now=now)

    assert only_mail().accepted_at == now


def test_a_correction_on_hold_counts_from_the_end_of_its_hold_or_from_when_it_is_sent_now(access, clerk):
    entry = factories.make_entry(access.case)
    corrected = entries.correct(entry, TYPED | {"detail": "更正"}, by=clerk)
    assert only_mail().accepted_at == only_mail().not_before > timezone.now()
    now = timezone.now()

    entries.publish_now(corrected, by=clerk, now=now)

    assert only_mail().accepted_at == now


def test_a_forgotten_password_counts_from_when_the_form_was_sent(litigant, client):
    client.post(reverse("account_reset_password"), {"email": litigant.email})
    asked_at = timezone.now() - HOUR
    PasswordResetRequest.objects.update(requested_at=asked_at)

    password_resets.answer.call_local()

    assert only_mail().accepted_at == asked_at


def test_a_daily_mail_counts_from_its_persons_hour(access, clerk):
    chosen = CaseAccess.MailPreference.DIGEST
    CaseAccess.objects.filter(pk=access.pk).update(mail_preference=chosen)
    entries.publish_now(entries.record(access.case, TYPED, by=clerk), by=clerk)
    ended_at = start_of_day() - dt.timedelta(days=3) + 10 * HOUR
    Announcement.objects.update(announced_at=ended_at)
    ImportRun.objects.update(ended_at=ended_at)
    Litigant.objects.store(access.account, digest_hour=9)

    digests.post_due()

    assert only_mail().accepted_at == ended_at + 23 * HOUR


def test_a_reminder_counts_from_the_morning_of_the_day_that_its_person_chose(access):
    hearing_at = start_of_day() + dt.timedelta(hours=23, minutes=59)
    long_ago = timezone.now() - dt.timedelta(days=30)
    factories.make_entry(access.case, "oral_argument", hearing_at=hearing_at, first_seen_at=long_ago)
    CaseAccess.objects.filter(pk=access.pk).update(granted_at=long_ago)

    reminders.remind(start_of_day())

    assert only_mail().accepted_at == start_of_day() - dt.timedelta(days=1) + 8 * HOUR


def test_the_other_moment_is_when_the_server_took_it_not_when_the_database_could_be_told(access, monkeypatch):
    mail = outbox.post("welcome", account=access.account)
    took = timezone.now()
    note = delivery.queue.record_sent

    def later(mail):
        monkeypatch.setattr(delivery.queue.timezone, "now", lambda: took + HOUR)
        note(mail)

    monkeypatch.setattr(delivery.queue, "record_sent", later)

    delivery.deliver_all()

    mail.refresh_from_db()
    assert mail.taken_at == mail.ended_at
    assert mail.taken_at - took < HOUR / 2


def test_a_mail_that_is_sent_again_counts_from_the_first_time_and_is_not_told_meanwhile(access):
    mail = outbox.post("welcome", account=access.account)
    delivery.deliver_all()
    accepted_at = mail.accepted_at
    OutgoingMail.objects.update(state=OutgoingMail.State.FAILED)

    outbox.take_up(OutgoingMail.objects.all())

    mail.refresh_from_db()
    assert (mail.accepted_at, mail.taken_at) == (accepted_at, None)


def test_untold_is_what_waits_for_whatever_reason_and_nothing_that_has_ended(access):
    account, now = access.account, timezone.now()
    for state in OutgoingMail.State:
        facts = {"state": state, "ended_at": None if state in ("held", "waiting", "stopped") else now}
        OutgoingMail.objects.create(kind="welcome", account=account, accepted_at=now - HOUR, **facts)
    run = factories.make_run(state="running", ended_at=None)
    facts = {"kind": "progress", "account": account, "run": run}
    OutgoingMail.objects.create(state="held", accepted_at=now - HOUR, **facts)

    untold = OutgoingMail.objects.untold(now - HOUR / 2)

    assert sorted(untold.values_list("state", "kind")) == [("held", "progress"), ("waiting", "welcome")]
    assert not OutgoingMail.objects.untold(now - 2 * HOUR).exists()
