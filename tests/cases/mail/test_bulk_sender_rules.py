"""What large providers ask of whoever sends much mail, of every mail of ours as it comes over the wire, in both languages.

Gmail's and Yahoo's rules for senders of 2024, RFC 5322, RFC 6376 (DKIM), RFC 8058 (one click).
"""

import base64
import re
from email.utils import parseaddr, parsedate_to_datetime

import dkim
import pytest
from aiosmtpd.controller import Controller
from bs4 import BeautifulSoup
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from django.core.mail import get_connection
from django.test import Client
from django.utils import timezone, translation

from cpor_cases.mail import delivery, descriptions, dkim_signing
from cpor_cases.mail.messages import MESSAGES
from cpor_cases.mail.mime import MailMessage
from cpor_cases.models import OutgoingMail
from cpor_site.settings.dkim import private_key as checked_private_key
from cpor_site.settings.values import Refused
from tests import factories
from tests.support import every_mail
from tests.support.ports import free_port
from tests.support.running_site import PATIENCE
from tests.support.smtp_sink import Arrived, sink  # noqa: F401 (a fixture)

DOMAIN = "court.example"
ANSWERED = re.compile(r"^\s*(re|fw|fwd|aw|答覆|回覆|回复|轉寄|轉發)\s*[:：]", re.IGNORECASE)
# What introduces a link in the one part and is its label in the other.
OF_A_LINK = {
    "zh-hant": ["請登入查看", "登入查看", "若按鈕無法使用"],
    "en": ["Log in to see it", "If the button does not work"],
}


@pytest.fixture(scope="module")
def private_key() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()


@pytest.fixture
def signing(settings, private_key):
    """Mails are signed here; what the DNS then says of the key."""
    settings.CPOR = settings.CPOR | {
        "DKIM_DOMAIN": DOMAIN,
        "DKIM_SELECTOR": "cpor",
        "DKIM_PRIVATE_KEY": private_key,
    }
    record = b"v=DKIM1; k=rsa; p=" + base64.b64encode(dkim_signing.public_key(private_key))

    def dns(name, timeout=5):
        return record if name.rstrip(b".") == b"cpor._domainkey.court.example" else None

    return dns


@pytest.fixture
def sender(settings):
    settings.DEFAULT_FROM_EMAIL = f"案件進度線上查詢服務 <no-reply@{DOMAIN}>"
    settings.CPOR = settings.CPOR | {"MESSAGE_ID_DOMAIN": DOMAIN}


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["zh-hant", "en"])
def test_every_mail_keeps_the_rules(language, sink, sender, signing, court):  # noqa: F811
    factories.make_word("訴")
    faults: dict[str, list[str]] = {}

    for name in every_mail.EVERY_MAIL:
        person = factories.make_user(language=language)
        mail = every_mail.post(name, person, factories.make_case(court))
        sink.arrived.clear()
        delivery.deliver_all()
        # With it may come what one click on the last one set off.
        [arrived] = [each for each in sink.arrived if mail.message_id in each.message["Message-ID"]]
        faults[name] = list(faults_of(arrived, OutgoingMail.objects.get(pk=mail.pk), language, signing))

    assert {name: found for name, found in faults.items() if found} == {}


def faults_of(arrived: Arrived, mail: OutgoingMail, language: str, dns):
    yield from _faults_of_form(arrived)
    yield from _faults_of_sender(arrived, mail)
    yield from _faults_of_unsubscribing(arrived, mail)
    yield from _faults_of_texts(arrived, language)
    with translation.override(language):
        known = descriptions.describe()["subjects"]
    if not MESSAGES[mail.kind].is_for_staff and arrived.message["Subject"].strip() not in known:
        yield f"the page on forged emails does not list its subject: {arrived.message['Subject']}"
    if not dkim.verify(arrived.raw, dnsfunc=dns):
        yield "the signature is wrong"
    signed = (
        arrived.message["DKIM-Signature"]
        .replace(" ", "")
        .partition("h=")[2]
        .partition(";")[0]
        .lower()
        .split(":")
    )
    for needed in (
        "from",
        "to",
        "subject",
        "date",
        "message-id",
        "list-unsubscribe",
        "list-unsubscribe-post",
    ):
        if needed in arrived.message and needed not in signed:
            yield f"{needed} is not signed"


def _faults_of_form(arrived: Arrived):
    if set(arrived.raw.replace(b"\r\n", b"")) & set(b"\r\n"):
        yield "a line ends without CR LF"
    if max(map(len, arrived.raw.split(b"\r\n"))) > 998:
        yield "a line is too long"
    head = arrived.raw.partition(b"\r\n\r\n")[0]
    if not head.isascii():
        yield "a header is not in ASCII"
    for part in arrived.message.walk():
        if part.defects:
            yield f"defects: {part.defects}"
    types = [part.get_content_type() for part in arrived.message.walk()]
    if types != ["multipart/alternative", "text/plain", "text/html"]:
        yield f"parts: {types}"
    for name in ("From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type"):
        if len(arrived.message.get_all(name, [])) != 1:
            yield f"{name} does not stand there once"


def _faults_of_sender(arrived: Arrived, mail: OutgoingMail):
    message = arrived.message
    address = parseaddr(message["From"])[1]
    if not address == arrived.sender == f"no-reply@{DOMAIN}":
        yield f"From {address} and envelope {arrived.sender} are not one"
    if f"d={DOMAIN};" not in message["DKIM-Signature"].replace(" ", ""):
        yield "the signature is another domain's"
    if message["Message-ID"] != f"<{mail.message_id}>" or not mail.message_id.endswith(f"@{DOMAIN}"):
        yield f"Message-ID {message['Message-ID']}"
    if abs(parsedate_to_datetime(message["Date"]) - timezone.now()).total_seconds() > 600:
        yield f"Date {message['Date']}"
    if message["To"] != arrived.recipient or arrived.recipient != mail.address:
        yield "To is not who gets it"
    subject = message["Subject"]
    if (
        not subject.strip()
        or ANSWERED.match(subject)
        or subject.isupper()
        or "!" in subject
        or "！" in subject
    ):
        yield f"Subject {subject}"


def _faults_of_unsubscribing(arrived: Arrived, mail: OutgoingMail):
    unsubscribe = str(arrived.message["List-Unsubscribe"] or "").strip()
    post = arrived.message["List-Unsubscribe-Post"]
    if not MESSAGES[mail.kind].can_be_switched_off:
        if unsubscribe or post:
            yield "it cannot be switched off, and says so"
        return
    if post != "List-Unsubscribe=One-Click" or not re.fullmatch(
        r"<http://testserver/\S+>", unsubscribe or ""
    ):
        yield "there is no one-click unsubscribing"
        return
    path = unsubscribe.strip("<>").removeprefix("http://testserver")
    if unsubscribe.strip("<>") not in arrived.text("plain"):
        yield "the link in the text is another one"
    if Client().post(path, {"List-Unsubscribe": "One-Click"}).status_code != 200:
        yield "one click ends nothing"


def _faults_of_texts(arrived: Arrived, language: str):
    page = BeautifulSoup(arrived.text("html"), "html.parser")
    html, text = _squeezed(page.body.text), _squeezed(arrived.text("plain"))
    for link in page.select("a"):  # of which the text has the address
        link.replace_with("" if _squeezed(link.text) not in text else link.text)
    blocks = [each.text for each in page.select("h1, h2, p, li") if not each.select("p, li")]
    for line in arrived.text("plain").split("\n"):
        said = _squeezed(re.sub(r"^\s*[*-]+ ?", "", line))
        if said and said not in html and not _is_of_a_link(line, language):
            yield f"only in the text: {line}"
    for block in blocks:
        if _squeezed(block) not in text and not _is_of_a_link(block, language):
            yield f"only in HTML: {' '.join(block.split())}"


def _squeezed(text: str) -> str:
    return re.sub(r"\s|[:：·]", "", re.sub(r"https?://\S+", "", text))


def _is_of_a_link(words: str, language: str) -> bool:
    return any(" ".join(words.split()).startswith(each) for each in OF_A_LINK[language])


def test_a_signature_holds_at_a_server_that_takes_seven_bits(settings, signing, sender):
    """It is made of what goes over the wire, not of what was written."""

    class Server:
        raw = b""

        async def handle_DATA(self, server, session, envelope):  # noqa: N802
            self.raw = envelope.original_content
            return "250 taken"

    server = Server()
    controller = Controller(server, "127.0.0.1", free_port(), decode_data=True, ready_timeout=PATIENCE)
    controller.start()
    settings.EMAIL_BACKEND, settings.EMAIL_HOST = "cpor_cases.mail.smtp.SMTPBackend", "127.0.0.1"
    settings.EMAIL_PORT = controller.port
    headers = {"Message-ID": "<1@court.example>", "Date": "Mon, 23 Nov 2026 03:58:59 +0800"}
    try:
        get_connection().send_messages(
            [
                MailMessage(
                    subject="主旨",
                    body="文字\n.\n..\nend",
                    html="<p>文字</p>",
                    to=["a@example.com"],
                    headers=headers,
                )
            ]
        )
    finally:
        controller.stop()

    assert server.raw.isascii()
    assert dkim.verify(server.raw, dnsfunc=signing)
    assert not dkim.verify(server.raw.replace(b"a@example.com", b"b@example.com"), dnsfunc=signing)
    assert not dkim.verify(b"Subject: another\r\n" + server.raw, dnsfunc=signing)


@pytest.mark.django_db
def test_a_mail_that_cannot_be_signed_is_tried_again_and_stops_no_other(
    sink,  # noqa: F811
    sender,
    signing,
    monkeypatch,
    litigant,
):
    sign = dkim.DKIM.sign

    def sign_others(signer, *arguments, **named):
        if any(b"unlucky" in value for _name, value in signer.headers):
            raise dkim.MessageFormatError("a header that nobody can read")
        return sign(signer, *arguments, **named)

    monkeypatch.setattr(dkim.DKIM, "sign", sign_others)
    unlucky, lucky = (
        OutgoingMail.objects.create(kind="welcome", account=litigant, address=f"{name}@example.com")
        for name in ("unlucky", "lucky")
    )

    delivery.deliver_all()

    unlucky.refresh_from_db()
    lucky.refresh_from_db()
    assert (unlucky.state, unlucky.attempts, unlucky.lease) == ("waiting", 1, None)
    assert lucky.state == "sent"


def test_without_a_key_nothing_is_signed(sink, settings):  # noqa: F811
    headers = {"Message-ID": "<1@court.example>", "Date": "Mon, 23 Nov 2026 03:58:59 +0800"}
    get_connection().send_messages(
        [MailMessage(subject="s", body="b", html="<p>b</p>", to=["a@example.com"], headers=headers)]
    )

    assert "DKIM-Signature" not in sink.arrived[0].message


def test_the_key_is_checked_when_the_site_starts(private_key):
    assert checked_private_key(private_key) == private_key
    assert checked_private_key(private_key.replace("\n", "\\n")) == private_key
    for wrong, what in [("hello", "no PEM"), (key_of_another_kind(), "1024 bits")]:
        with pytest.raises(Refused, match=what):
            checked_private_key(wrong)


def key_of_another_kind() -> str:
    key = ec.generate_private_key(ec.SECP256R1())
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
