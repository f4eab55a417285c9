"""The database goes away in the middle of a batch: when it is back, what the mail server has taken is recorded, the rest
is released, and every mail goes out once."""

import smtplib
from itertools import count, product

import pytest
from django.core.mail.backends.locmem import EmailBackend
from django.db import OperationalError, connections, transaction

from cpor_cases.mail import delivery, notifications, outbox, queue
from cpor_cases.models import OutgoingMail
from tests import factories

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("record_agrees")]
MAILS = 4
_numbers = count()
State = OutgoingMail.State


def post():
    """Write mails to new people, with no delivery enqueued."""
    OutgoingMail.objects.all().delete()
    with transaction.atomic():
        for number in range(MAILS):
            person = factories.make_user(f"p{number}-{next(_numbers)}", password=None)
            notifications.account_notice(person, "password_changed")


class Server:
    """Takes every mail; `at` tells what happens at which of its steps. As ours does, it has the wait used twice a mail."""

    def __init__(self, monkeypatch):
        self.taken, self.refused, self.at, self.steps = [], set(), {}, 0
        self.uses_waits = True
        monkeypatch.setattr(
            EmailBackend, "send_messages", lambda backend, messages: self._take(backend, *messages)
        )

    def _take(self, backend, message):
        self._step(backend)
        if message.to[0] in self.refused:
            raise smtplib.SMTPRecipientsRefused({message.to[0]: (451, b"later")})
        self.taken.append(message.to[0])
        self._step(backend)
        return 1

    def _step(self, backend):
        self.steps += 1
        self.at.pop(self.steps, lambda: None)()
        if self.uses_waits:
            backend.meanwhile()


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setattr(outbox, "enqueue_delivery", lambda: None)
    return Server(monkeypatch)


@pytest.fixture
def cut(monkeypatch):
    """Lose the database, once or several times in a row."""
    waits = []
    monkeypatch.setattr(delivery.time, "sleep", waits.append)
    connection = connections["default"]

    def lose(queries=1):
        if connection.vendor == "postgresql":
            other = connection.copy()
            with other.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_terminate_backend(%s, 2000)", [connection.connection.info.backend_pid]
                )
            other.close()
        real, left = type(connection).cursor, [queries]

        def cursor(self, *arguments, **options):
            if self is connection and left[0] > 0:
                left[0] -= 1
                raise OperationalError("the database is away")
            return real(self, *arguments, **options)

        monkeypatch.setattr(type(connection), "cursor", cursor)

    lose.waits = waits
    return lose


def all_went_out_once(server):
    addresses = OutgoingMail.objects.values_list("address", flat=True)
    assert sorted(server.taken) == sorted(addresses)
    assert set(OutgoingMail.objects.values_list("state", "lease", "attempts")) == {(State.SENT, None, 1)}


# Loops instead of parameters: after each of these tests all tables are emptied.


def test_whenever_the_database_goes_every_mail_goes_out_once(server, cut):
    for server.uses_waits, step in product([True, False], range(1, 2 * MAILS + 1)):
        post()
        server.taken, server.steps, server.at = [], 0, {step: cut}

        delivery.deliver.call_local()

        all_went_out_once(server)


def test_it_is_looked_for_until_it_is_back_and_a_refusal_that_could_not_be_noted_is_asked_for_again(
    server, cut
):
    post()
    refused = OutgoingMail.objects.last().address
    server.refused.add(refused)
    server.at[2 * MAILS - 1] = lambda: cut(queries=6)

    delivery.deliver.call_local()

    assert 0 < max(cut.waits) <= 2
    assert len(server.taken) == len(set(server.taken)) == MAILS - 1
    assert OutgoingMail.objects.get(lease=None, state=State.WAITING).address == refused


def test_a_lease_whose_claim_was_never_confirmed_is_released(server, monkeypatch):
    real, failed = queue.claim, []

    def claim(**options):
        claimed = real(**options)
        if not failed:
            failed.append(claimed)
            raise OperationalError("the answer to COMMIT never came")
        return claimed

    monkeypatch.setattr(delivery, "claim", claim)
    post()

    delivery.deliver.call_local()

    assert failed[0]
    all_went_out_once(server)
