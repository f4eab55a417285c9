"""Mail over the wire, to a real server on a real connection."""

import asyncio
import email
import smtplib
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from aiosmtpd.controller import Controller
from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection
from django.core.mail.message import sanitize_address
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import smtp_sink
from cpor_cases.mail import bounces, delivery, notifications, outbox, queue, rendering
from cpor_cases.mail.mime import MailMessage
from cpor_cases.models import CaseAccess, OutgoingMail
from tests import factories
from tests.support.ports import free_port
from tests.support.running_site import PATIENCE

State = OutgoingMail.State


@dataclass
class Server:
    """A mail server in a thread of this process, which answers each recipient as the test says."""

    abilities: bytes = smtp_sink.ABILITIES
    answers: dict = field(default_factory=dict)
    taken: list = field(default_factory=list)
    connections: int = 0
    greeting: bytes = smtp_sink.GREETING
    on_recipient: Callable[[str], None] = lambda _recipient: None

    def greet(self) -> bytes:
        self.connections += 1
        return self.greeting

    def take(self, recipient, message):
        self.on_recipient(recipient)
        answer = self.answers.get(recipient)
        if answer is None:
            self.taken.append((recipient, message))
        return answer

    def start(self):
        self.port, self.loop = free_port(), asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        facts = {"take": self.take, "greet": self.greet, "abilities": self.abilities}
        starting = smtp_sink.serve(self.port, **facts)
        self.server = asyncio.run_coroutine_threadsafe(starting, self.loop).result(5)

    def stop(self):
        async def close():
            self.server.close()
            for task in asyncio.all_tasks() - {asyncio.current_task()}:
                task.cancel()

        asyncio.run_coroutine_threadsafe(close(), self.loop).result(5)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(5)
        self.loop.close()


@pytest.fixture(params=["pipelining", "step by step"])
def server(request, settings):
    settings.EMAIL_BACKEND = "cpor_cases.mail.smtp.SMTPBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    server = Server()
    if request.param == "step by step":
        server.abilities = b"250-sink\r\n250 8BITMIME\r\n"
    server.start()
    settings.EMAIL_PORT = server.port
    yield server
    server.stop()


def make_message(to="person@example.com", body="文字\n.\n..dots\nend"):
    headers = {"Message-ID": "<1@court.example>", "Date": "Mon, 23 Nov 2026 03:58:59 +0800"}
    return MailMessage(subject="主旨", body=body, html="<p>文字</p>", to=[to], headers=headers)


def test_a_mail_arrives_byte_for_byte_with_its_dots(server):
    written = make_message()

    get_connection().send_messages([written])

    [(recipient, message)] = server.taken
    assert recipient == "person@example.com"
    assert message.replace(b"\r\n..", b"\r\n.") == written.as_bytes().replace(b"\r\n\r\n--", b"\r\n\r\n--")


class RealServer:
    """aiosmtpd, with or without 8BITMIME (RFC 6152) and PIPELINING; it keeps what it was sent."""

    def __init__(self, *, is_eight_bit, is_pipelining):
        self.taken, self.is_pipelining = [], is_pipelining
        # One that does not offer 8BITMIME reads what comes as ASCII, and refuses anything else.
        self.controller = Controller(
            self, "127.0.0.1", free_port(), decode_data=not is_eight_bit, ready_timeout=PATIENCE
        )

    async def handle_EHLO(self, server, session, envelope, hostname, responses):  # noqa: N802
        session.host_name = hostname
        return [*(["250-PIPELINING"] if self.is_pipelining else []), *responses]

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        self.taken.append((envelope.mail_options, envelope.original_content))
        return "250 taken"


@pytest.fixture(params=["pipelining", "step by step"])
def real_server(request, settings):
    settings.EMAIL_BACKEND, settings.EMAIL_HOST = "cpor_cases.mail.smtp.SMTPBackend", "127.0.0.1"
    started = []

    def start(*, is_eight_bit):
        server = RealServer(is_eight_bit=is_eight_bit, is_pipelining=request.param == "pipelining")
        server.controller.start()
        started.append(server)
        settings.EMAIL_PORT = server.controller.port
        return server

    yield start
    for server in started:
        server.controller.stop()


def make_django_message(body):
    message = EmailMultiAlternatives("主旨", body, to=["person@example.com"])
    message.attach_alternative("<p>文字</p>", "text/html")
    return message


def texts_of(message: bytes) -> list[str]:
    parts = [part for part in email.message_from_bytes(message).walk() if not part.is_multipart()]
    return [part.get_payload(decode=True).decode().replace("\r\n", "\n").rstrip("\n") for part in parts]


BODIES = {
    "chinese": "文字\n.\n..點\n末行",
    "ascii": "text\n.\nend",
    "long lines": "字" * 400 + "\n" + "x" * 1200,
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
@pytest.mark.parametrize(
    "make", [lambda body: make_message(body=body), make_django_message], ids=["ours", "django"]
)
@pytest.mark.parametrize("is_eight_bit", [True, False], ids=["8BITMIME", "7 bits"])
def test_a_server_gets_eight_bits_only_if_it_offers_to_take_them(real_server, make, body, is_eight_bit):
    server = real_server(is_eight_bit=is_eight_bit)

    get_connection().send_messages([make(body)])

    [(options, message)] = server.taken
    assert ("BODY=8BITMIME" in [option.upper() for option in options]) is (not message.isascii())
    assert is_eight_bit or message.isascii()
    assert max(len(line) for line in message.split(b"\r\n")) <= 998
    assert texts_of(message) == [body, "<p>文字</p>"]


@given(st.text(st.characters(codec="utf-8", exclude_characters="\r\0"), max_size=80), st.integers(1, 40))
def test_any_text_survives_seven_bits(text, times):
    from cpor_cases.mail.smtp import _in_seven_bits

    message = make_message(body=text * times or "x").as_bytes()

    made = _in_seven_bits(message)

    assert made.isascii()
    assert max(len(line) for line in made.split(b"\r\n")) <= 998
    assert texts_of(made) == texts_of(message)


def test_djangos_own_messages_leave_too(server):
    EmailMessage("subject", "body", to=["a@example.com", "b@example.com"]).send()

    assert len(server.taken) == 1


def test_a_refusal_is_raised_and_the_connection_serves_the_next(server):
    server.answers["bad@example.com"] = b"550 5.1.1 no such user\r\n"
    connection = get_connection()
    connection.open()

    with pytest.raises(smtplib.SMTPDataError, match="no such user"):
        connection.send_messages([make_message("bad@example.com")])
    connection.send_messages([make_message()])
    connection.close()

    assert [recipient for recipient, _ in server.taken] == ["person@example.com"]
    assert server.connections == 1


@pytest.mark.parametrize(
    ("replies", "raised"),
    [
        (["550 no", "503 first MAIL", "503 first RCPT"], smtplib.SMTPSenderRefused),
        (["250 ok", "550 5.1.1 unknown", "503 no valid recipients"], smtplib.SMTPRecipientsRefused),
        (
            ["250 ok", "550 5.1.1 unknown", "354 go on", "554 no valid recipients"],
            smtplib.SMTPRecipientsRefused,
        ),
        (["250 ok", "250 ok", "452 full"], smtplib.SMTPDataError),
        (["250 ok", "250 ok", "354 go on", "451 later"], smtplib.SMTPDataError),
        (["250 ok", "251 forwarded", "354 go on", "250 taken"], None),
    ],
)
def test_each_refusal_in_one_go_is_told_as_smtplib_tells_it(replies, raised):
    from cpor_cases.mail.smtp import _hand_over_in_one_go

    class Conversation:
        def __init__(self):
            self.sent, self.replies, self.resets = [], list(replies), 0

        def has_extn(self, name):
            return True

        def send(self, what):
            self.sent.append(what)

        def getreply(self):
            code, _, text = self.replies.pop(0).partition(" ")
            return int(code), text.encode()

        def rset(self):
            self.resets += 1

    conversation = Conversation()
    if raised:
        with pytest.raises(raised):
            _hand_over_in_one_go(conversation, "a@b.example", "c@d.example", b"text\r\n")
    else:
        _hand_over_in_one_go(conversation, "a@b.example", "c@d.example", b"text\r\n")

    assert conversation.replies == []
    assert conversation.resets == bool(raised)
    assert conversation.sent[0].startswith(
        "MAIL FROM:<a@b.example> size=6\r\nRCPT TO:<c@d.example>\r\nDATA\r\n"
    )


def post(count, name="p"):
    for number in range(count):
        person = factories.make_user(f"{name}{number}", email=f"{name}{number}@mail.example")
        notifications.account_notice(person, "password_changed")


@given(st.emails() | st.text(alphabet='ab.@-+_<>"\\\\ 法院,:;', max_size=30))
def test_addresses_are_written_as_smtplib_and_django_write_them(address):
    from cpor_cases.mail import smtp

    assert smtp._quoted(address) == smtplib.quoteaddr(address)
    try:
        sanitized = sanitize_address(address, "utf-8")
    except Exception as error:  # the library's own, of many kinds
        with pytest.raises(type(error)):
            smtp._envelope(address)
    else:
        assert smtp._envelope(address) == sanitized


@pytest.mark.django_db
def test_a_mail_is_recorded_as_sent_before_the_server_gets_the_text_of_another(server, monkeypatch):
    events, note = [], queue.record_sent
    monkeypatch.setattr(
        queue, "record_sent", lambda mail: events.append(("recorded", mail.address)) or note(mail)
    )
    server.on_recipient = lambda recipient: events.append(("taken", recipient))
    post(4)

    assert delivery.deliver_all() == 4

    addresses = [f"p{number}@mail.example" for number in range(4)]
    assert events == [(what, address) for address in addresses for what in ("taken", "recorded")]
    assert OutgoingMail.objects.filter(state=State.SENT, lease=None, attempts=1).count() == 4


@pytest.mark.django_db
def test_a_mail_that_is_refused_costs_the_one_before_nothing(server):
    post(4)
    server.answers["p1@mail.example"] = b"550 5.1.1 no such user\r\n"
    server.answers["p3@mail.example"] = b"451 later\r\n"

    delivery.deliver_all()

    states = OutgoingMail.objects.order_by("pk").values_list("state", "last_answer")
    assert [state for state, _answer in states] == [State.SENT, State.FAILED, State.SENT, State.WAITING]
    assert OutgoingMail.objects.filter(lease=None).count() == 4


@pytest.mark.django_db
def test_a_mail_with_nothing_left_to_say_stops_none_beside_it(server, court):
    """It is rendered, and dropped, before the one before it is recorded."""
    run = factories.make_run(court=court)
    accesses = [factories.make_access(factories.make_user()) for _ in range(5)]
    for access in accesses:
        factories.make_entry(access.case, changed_in=run)
    notifications.progress(run, [access.case_id for access in accesses])
    outbox.release_progress_mails(run, timezone.now())
    for access in accesses[1:4:2]:
        CaseAccess.objects.filter(pk=access.pk).update(ended_at=timezone.now(), end_reason="left")

    assert delivery.deliver_all() == 3

    states = OutgoingMail.objects.order_by("account").values_list("state", flat=True)
    assert list(states) == [State.SENT, State.DROPPED, State.SENT, State.DROPPED, State.SENT]


@pytest.mark.django_db
def test_a_mail_that_reads_more_while_it_is_written_waits_for_the_record_before(server, monkeypatch):
    render = rendering.render
    monkeypatch.setattr(rendering, "render", lambda mail: OutgoingMail.objects.count() and render(mail))
    post(4)

    assert delivery.deliver_all() == 4


@pytest.mark.django_db
@pytest.mark.parametrize(("allowed", "is_larger"), [(60.0, True), (0.01, False)])
def test_only_a_quick_server_is_sent_large_batches(server, settings, monkeypatch, allowed, is_larger):
    """Quick is what takes less than is allowed for a batch; each mail here takes longer than the smaller of these."""
    settings.CPOR = settings.CPOR | {"MAIL_BATCH": 3}
    monkeypatch.setattr(delivery, "BATCH_SECONDS", allowed)
    sizes, claim = [], queue.claim
    monkeypatch.setattr(
        delivery, "claim", lambda most, **lease: sizes.append(most) or claim(most=most, **lease)
    )
    server.on_recipient = lambda _recipient: time.sleep(0.02)
    post(8)

    assert delivery.deliver_all() == 8

    assert sizes[0] == 3
    assert (sizes[1] > 3) is is_larger
    assert max(sizes) <= delivery.LARGEST_BATCH


@pytest.mark.django_db
def test_batches_share_one_connection(server, settings):
    settings.CPOR = settings.CPOR | {"MAIL_BATCH": 5}
    post(17)

    assert delivery.deliver_all() == 17

    assert server.connections == 1
    assert len(server.taken) == 17


@pytest.mark.django_db
def test_a_connection_lost_in_the_middle_costs_that_mail_one_attempt_and_no_other(server):
    post(6)
    server.answers["p2@mail.example"] = False

    delivery.deliver_all()

    assert len(server.taken) == 5
    assert server.connections == 2
    row = OutgoingMail.objects.get(address="p2@mail.example")
    assert (row.state, row.attempts, row.lease) == (State.WAITING, 1, None)


@pytest.mark.django_db
def test_an_address_that_cannot_be_written_does_not_stop_the_others(server):
    post(3)
    OutgoingMail.objects.filter(address="p1@mail.example").update(address="p1@mail.example\nBcc: x@y")

    delivery.deliver_all()

    assert [recipient for recipient, _ in server.taken] == ["p0@mail.example", "p2@mail.example"]
    assert OutgoingMail.objects.filter(lease=None).count() == 3


@pytest.mark.django_db
def test_a_final_refusal_over_the_wire_marks_the_address(server):
    post(2)
    server.answers["p0@mail.example"] = b"550 5.1.1 no such user\r\n"

    delivery.deliver_all()

    assert bounces.BouncedAddress.objects.does_bounce("p0@mail.example")
    assert sorted(OutgoingMail.objects.values_list("state", flat=True)) == [State.FAILED, State.SENT]


def test_one_tls_context_serves_all_connections():
    first, second = (
        get_connection("cpor_cases.mail.smtp.SMTPBackend"),
        get_connection("cpor_cases.mail.smtp.SMTPBackend"),
    )

    assert first.ssl_context is second.ssl_context
