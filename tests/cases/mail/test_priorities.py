"""What a person waits for leaves before what an import set off, however many mails that is."""

import datetime as dt

import pytest
from django.core import mail
from django.utils import timezone

from cpor_cases.actions import entries, imports
from cpor_cases.actions.imports import import_rows
from cpor_cases.intake import run as runs
from cpor_cases.intake.reading.rows import in_blocks
from cpor_cases.mail import delivery, notifications, outbox, queue
from cpor_cases.models import ImportRun, OutgoingMail, ProgressEntry
from cpor_core.worker_slots import WorkerSlots
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_worker(monkeypatch):
    for module in (delivery, outbox):
        monkeypatch.setattr(module, "enqueue_delivery", lambda at=None: None)


def carry_out(case, *, is_small):
    run = imports.begin(source=ImportRun.Source.API, court=case.court, is_small=is_small)
    return runs.carry_out(run, lambda: in_blocks([(2, factories.row(case))]))


def test_news_of_a_small_import_leave_before_those_of_a_large_one_and_account_mail_before_both(
    case, litigant
):
    factories.make_access(litigant, case)

    of_large, of_small = (carry_out(case, is_small=is_small) for is_small in (False, True))
    notifications.password_reset(litigant)

    assert [each.run for each in queue.claim(most=3)] == [None, of_small, of_large]


def test_a_session_makes_way_for_a_mail_for_which_somebody_waits(case, litigant, monkeypatch):
    for _ in range(3):
        factories.make_access(factories.make_user(), case)
    carry_out(case, is_small=False)
    record_sent = queue.record_sent

    def reset_meanwhile(sent):
        record_sent(sent)
        if not OutgoingMail.objects.filter(kind="password_reset").exists():
            notifications.password_reset(litigant)

    monkeypatch.setattr(queue, "record_sent", reset_meanwhile)
    monkeypatch.setattr(delivery, "CHECK_SECONDS", 0)
    sent = delivery.deliver.call_local()

    assert sent == 4
    assert mail.outbox[1].to == [litigant.email]
    assert not OutgoingMail.objects.exclude(state="sent").exists()


def test_a_session_looks_again_only_after_some_time(case, litigant, django_assert_max_num_queries):
    for _ in range(20):
        factories.make_access(factories.make_user(), case)
    carry_out(case, is_small=False)
    checks = []

    session = delivery.Session()
    session._must_make_way = lambda mail: (
        checks.append(mail) or delivery.Session._must_make_way(session, mail)
    )
    with django_assert_max_num_queries(60):
        session.run()

    assert len(checks) == 20


def test_a_mail_that_finds_all_slots_taken_is_sent_by_the_session_after_the_next(litigant, monkeypatch):
    enqueued = []
    monkeypatch.setattr(delivery, "SLOTS", WorkerSlots(3))
    monkeypatch.setattr(delivery, "enqueue", lambda task, **_options: enqueued.append(task))
    notifications.password_reset(litigant)

    with delivery.SLOTS.for_mail(), delivery.SLOTS.for_mail():
        assert delivery.deliver.call_local() == 0
    assert mail.outbox == []
    assert delivery.deliver.call_local() == 1

    assert enqueued == [delivery.deliver]
    delivery.deliver.call_local()
    assert enqueued == [delivery.deliver]


@pytest.fixture
def scheduled(monkeypatch):
    """The tasks for later, with their delays."""
    found = []

    def note(task, *_arguments, delay=0, **_options):
        found.append((task, delay))

    monkeypatch.setattr(entries, "enqueue_on_commit", note)
    monkeypatch.setattr(entries, "enqueue", note)
    return found


def test_a_hold_ends_in_the_second_in_which_it_is_over(case, clerk, scheduled, settings):
    settings.CPOR = settings.CPOR | {"TYPED_ENTRY_HOLD_MINUTES": 5}
    typed = {"recorded_at": "115/09/24", "kind": "judgment"}

    entry = entries.record(case, typed, by=clerk)

    assert entry.held_until == entry.first_seen_at + dt.timedelta(minutes=5)
    [(task, delay)] = scheduled
    assert task == entries.publish_in_time
    left = (entry.held_until - timezone.now()).total_seconds()
    assert left < delay < left + 10


def test_a_task_that_comes_a_little_early_looks_again(case, clerk, scheduled):
    entry = entries.record(case, {"recorded_at": "115/09/24", "kind": "judgment"}, by=clerk)
    scheduled.clear()

    entries.publish_in_time.call_local()
    assert scheduled == []
    ProgressEntry.objects.filter(pk=entry.pk).update(held_until=timezone.now() + dt.timedelta(seconds=3))
    entries.publish_in_time.call_local()
    assert scheduled == [(entries.publish_in_time, 1)]
    ProgressEntry.objects.filter(pk=entry.pk).update(held_until=timezone.now())
    entries.publish_in_time.call_local()

    entry.refresh_from_db()
    assert entry.held_until is None
    assert len(scheduled) == 1


def test_the_mail_about_a_correction_on_hold_is_sent_in_the_second_too(case, court, litigant, monkeypatch):
    """What people have seen is corrected at once; its mail waits, so that a second correction is told in the same one."""
    factories.make_access(litigant, case)
    row = factories.row(case)
    carry_out_later = []
    import_rows([(1, row)], source=ImportRun.Source.API, court=court)
    monkeypatch.setattr(outbox, "enqueue_delivery", carry_out_later.append)

    run = import_rows([(1, row | {"detail": "更正"})], source=ImportRun.Source.TYPED, court=court)

    told = OutgoingMail.objects.of_run(run).get()
    assert carry_out_later == [told.not_before]
    assert told.not_before > timezone.now()
