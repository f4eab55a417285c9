"""How fast mail leaves: within the limits of receiving servers, in order, and with patience when ours is silent."""

import datetime as dt
from contextlib import suppress

import pytest
from django.core import mail
from django.utils import timezone

from cpor_cases.actions import applications, reminders
from cpor_cases.mail import delivery, notifications, outbox, queue, throttle
from cpor_cases.models import OutgoingMail, RateSlot
from tests import factories
from tests.support.mail_servers import Server

pytestmark = pytest.mark.django_db

State = OutgoingMail.State
NOW = timezone.now().replace(microsecond=0)


@pytest.fixture
def server(monkeypatch):
    return Server(monkeypatch)


def post(count, domain="gmail.example", priority=OutgoingMail.LOWEST_PRIORITY, at=NOW):
    for _ in range(count):
        person = factories.make_user()
        person.email = f"{person.username}@{domain}"
        person.save()
        notifications.account_notice(person, "password_changed")
    rows = OutgoingMail.objects.order_by("-pk")[:count]
    OutgoingMail.objects.filter(pk__in=[row.pk for row in rows]).update(
        priority=priority, not_before=at, next_attempt_at=at
    )


def taken_in(seconds, *, step=1):
    """Return how many mails workers take in each second, from NOW on."""
    counts = []
    for second in range(0, seconds, step):
        batch = queue.claim(NOW + dt.timedelta(seconds=second))
        for row in batch:
            queue.end(row, State.SENT, "250")
        counts.append(len(batch))
    return counts


def test_without_limits_a_batch_leaves_at_once(django_assert_num_queries):
    post(5)

    with django_assert_num_queries(3 + 2):  # two of them begin and end the transaction
        assert len(queue.claim(NOW)) == 5


def test_a_domain_gets_so_many_a_minute_over_all_workers(settings):
    settings.CPOR = settings.CPOR | {"MAIL_PER_MINUTE_TO": {"gmail.example": 60}}
    post(30)

    counts = taken_in(20)

    assert counts[0] <= 2
    assert sum(counts) <= 22
    assert sum(counts) >= 19


def test_a_slow_domain_holds_up_no_other(settings):
    settings.CPOR = settings.CPOR | {"MAIL_PER_MINUTE_TO": {"gmail.example": 6}}
    settings.CPOR = settings.CPOR | {"MAIL_BATCH": 5}
    post(20)
    post(3, "court.example")

    taken = {row.address.rpartition("@")[2] for _ in range(3) for row in queue.claim(NOW)}

    assert "court.example" in taken
    assert OutgoingMail.objects.filter(address__endswith="@gmail.example", lease=None).count() >= 18


def test_the_limit_of_each_other_domain(settings):
    settings.CPOR = settings.CPOR | {"MAIL_PER_MINUTE_TO": {"*": 60, "big.example": 6000}}
    settings.CPOR = settings.CPOR | {"MAIL_BATCH": 50}
    post(10, "small.example")
    post(10, "big.example")

    taken = [row.address.rpartition("@")[2] for row in queue.claim(NOW)]

    assert taken.count("big.example") == 10
    assert taken.count("small.example") <= 2


def test_all_mail_together_keeps_to_the_overall_limit(settings):
    settings.CPOR = settings.CPOR | {"MAIL_PER_MINUTE": 120}
    post(20, "a.example")
    post(20, "b.example")

    assert sum(taken_in(10)) <= 23


def test_those_put_off_leave_in_their_order(settings):
    settings.CPOR = settings.CPOR | {"MAIL_PER_MINUTE": 60}
    post(12)
    order = []

    for second in range(30):
        for row in queue.claim(NOW + dt.timedelta(seconds=second)):
            order.append(row.pk)
            queue.end(row, State.SENT, "250")

    assert order == sorted(order)
    assert len(order) == 12


def test_what_a_person_waits_for_goes_before_all_that_is_put_off(settings):
    settings.CPOR = settings.CPOR | {"MAIL_PER_MINUTE": 6}
    post(20)
    queue.claim(NOW)
    post(1, priority=0)

    [urgent] = queue.claim(NOW)

    assert urgent.priority == 0


def test_a_retry_takes_a_new_slot(settings):
    settings.CPOR = settings.CPOR | {"MAIL_PER_MINUTE": 60}
    post(5)
    queue.claim(NOW)
    [row, *_] = queue.claim(NOW + dt.timedelta(seconds=3))
    assert row.slot_at is not None

    queue.try_again(row, "451 later")

    row.refresh_from_db()
    assert row.slot_at is None
    assert RateSlot.objects.get().free_at > NOW


def test_a_server_that_does_not_answer_is_left_alone_for_ever_longer_waits(litigant, server, monkeypatch):
    notifications.account_notice(litigant, "password_changed")
    server.down = ConnectionRefusedError()
    asked = []
    monkeypatch.setattr(
        throttle, "is_circuit_open", lambda ask=throttle.is_circuit_open: asked.append(ask()) or asked[-1]
    )

    for _ in range(3):
        delivery.deliver.call_local()

    assert asked == [False, True, True]
    assert OutgoingMail.objects.get().attempts == 1


def test_an_open_circuit_stays_open_for_five_minutes_at_most(monkeypatch):
    now = 1_000_000.0
    monkeypatch.setattr(throttle.time, "time", lambda: now)
    lengths = []
    for _ in range(12):
        throttle.open_circuit("TimeoutError (silent)")
        lengths.append(throttle.cache.get(throttle.OPEN_UNTIL)[0] - now)

    assert lengths[0] >= 15
    assert lengths[:4] == sorted(lengths[:4])
    assert max(lengths) <= 6 * 60


def test_after_a_day_with_an_open_circuit_the_oldest_go_first_and_what_is_urgent_before(litigant, server):
    day_ago = timezone.now() - dt.timedelta(hours=24)
    for hours in range(24):
        post(1, at=day_ago + dt.timedelta(hours=hours))
    server.down = TimeoutError()
    for _ in range(6):
        throttle.close_circuit()
        delivery.deliver.call_local()
    post(1, priority=0, at=timezone.now())
    assert set(OutgoingMail.objects.values_list("state", flat=True)) == {State.WAITING}

    server.down = None
    throttle.close_circuit()
    delivery.deliver_all()

    sent = list(OutgoingMail.objects.order_by("ended_at", "pk").values_list("priority", "not_before"))
    assert len(mail.outbox) == 25
    assert sent == sorted(sent)


def test_opening_and_closing_of_the_circuit_are_logged_once_each(litigant, server, caplog, monkeypatch):
    notifications.account_notice(litigant, "password_changed")
    server.down = ConnectionRefusedError("litigant@example.com")
    for _ in range(3):
        with suppress(delivery.ServerUnreachable):
            delivery.deliver_all()
    server.down = None
    for _ in range(2):
        delivery.deliver_all()
        notifications.account_notice(litigant, "password_changed")

    said = [record.getMessage() for record in caplog.records if record.name == "cpor_cases.mail.throttle"]
    assert said == [
        "the mail server cannot be spoken to: ConnectionRefusedError (silent); mail waits",
        "the mail server answers again, after 0 minutes (ConnectionRefusedError (silent))",
    ]
    assert not throttle.why_circuit_is_open()


def test_a_server_that_answers_again_ends_the_pause(litigant, server):
    server.down = TimeoutError()
    notifications.account_notice(litigant, "password_changed")
    delivery.deliver.call_local()
    assert throttle.is_circuit_open()

    server.down = None
    delivery.deliver_all()

    assert not throttle.is_circuit_open()
    assert OutgoingMail.objects.get().state == State.SENT


def make_batch(court, count):
    """Mails of each kind that leave in great numbers, `count` of each, to as many people."""
    run = factories.make_run()
    tomorrow = timezone.localtime() + dt.timedelta(days=1)
    rights = [factories.make_access(factories.make_user(), factories.make_case(court)) for _ in range(count)]
    for right in rights:
        factories.make_entry(right.case, changed_in=run, hearing_at=tomorrow.replace(hour=9))
        applications.approve(
            application=factories.make_application(court, email=f"{right.pk}@example.com"),
            by=factories.make_clerk(court),
        )
    notifications.progress(run, [right.case_id for right in rights])
    outbox.release_progress_mails(run, timezone.now())
    reminders.remind()


def test_a_batch_takes_as_many_queries_as_one_mail_but_for_its_notes(
    court, settings, server, django_assert_max_num_queries
):
    settings.CPOR = settings.CPOR | {"MAIL_BATCH": 500}

    def queries_of(count):
        make_batch(court, count)
        batch = queue.claim()
        assert {row.kind for row in batch} == {"activation", "progress", "hearing_reminder"}
        with django_assert_max_num_queries(1000) as made:
            assert delivery.send(batch) == 3 * count
        return len([query for query in made.captured_queries if query["sql"].startswith("SELECT")])

    few = queries_of(2)

    assert queries_of(9) == few
