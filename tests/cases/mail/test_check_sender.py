"""`manage.py check_sender` says what a receiver misses in the sender: asked of a DNS and a relay on this machine alone."""

import base64
import datetime as dt
import ssl
from io import StringIO

import pytest
from aiosmtpd.controller import Controller
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from django.core.management import CommandError, call_command
from django.utils import timezone

from cpor_cases.mail import dkim_signing, smtp
from cpor_cases.mail.sender import lookups, spf
from cpor_cases.mail.sender.checks.dkim import is_aligned
from cpor_core import conf
from tests.support.dns_stub import dns_zone  # noqa: F401 (a fixture)
from tests.support.ports import free_port
from tests.support.running_site import PATIENCE

DOMAIN, OUTSIDE = "court.example", "192.0.2.25"


def pem_of(key) -> str:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()


@pytest.fixture(scope="module")
def key():
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def certificate_for(name, key, *, days) -> bytes:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = timezone.now()
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=days, hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    return made.public_bytes(serialization.Encoding.PEM)


@pytest.fixture
def start_relay(settings, key, tmp_path, monkeypatch):
    """A mail server with STARTTLS, whose certificate this machine trusts."""
    started = []

    def start(
        *, certificate_name="localhost", days=90, is_trusted=True, is_tls=True, name="mail.court.example"
    ):
        certificate, secret = tmp_path / f"{len(started)}.pem", tmp_path / "relay.key"
        certificate.write_bytes(certificate_for(certificate_name, key, days=days))
        secret.write_text(pem_of(key))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, secret)
        tls = {"tls_context": context} if is_tls else {}
        controller = Controller(
            object(), "127.0.0.1", free_port(), server_hostname=name, ready_timeout=PATIENCE, **tls
        )
        controller.start()
        started.append(controller)
        settings.EMAIL_HOST, settings.EMAIL_PORT = "localhost", controller.port
        settings.EMAIL_USE_TLS, settings.EMAIL_USE_SSL = is_tls, False
        trusting = ssl.create_default_context(cafile=certificate if is_trusted else None)
        monkeypatch.setattr(smtp, "tls_context", lambda: trusting)

    yield start
    for controller in started:
        controller.stop()


@pytest.fixture
def sound(settings, dns_zone, start_relay, key):  # noqa: F811
    """A sender of whom nothing is missing."""
    start_relay()
    settings.EMAIL_BACKEND = "cpor_cases.mail.smtp.SMTPBackend"
    settings.DEFAULT_FROM_EMAIL = f"案件進度 <no-reply@{DOMAIN}>"
    settings.CPOR = settings.CPOR | {
        "DKIM_DOMAIN": DOMAIN,
        "DKIM_SELECTOR": "cpor",
        "DKIM_PRIVATE_KEY": pem_of(key),
    }
    published = base64.b64encode(dkim_signing.public_key(conf.DKIM_PRIVATE_KEY)).decode()
    dns_zone.records |= {
        (DOMAIN, "MX"): ["10 mail.court.example."],
        ("mail.court.example", "A"): [OUTSIDE],
        ("25.2.0.192.in-addr.arpa", "PTR"): ["mail.court.example."],
    }
    dns_zone.texts(DOMAIN, "another=record", "v=spf1 mx -all")
    dns_zone.texts("cpor._domainkey.court.example", f"v=DKIM1; k=rsa; p={published}")
    dns_zone.texts("_dmarc.court.example", "v=DMARC1; p=reject; rua=mailto:dmarc@court.example")
    return dns_zone


def check(*arguments) -> tuple[int, str]:
    """What the command says, and its exit code."""
    out = StringIO()
    try:
        call_command("check_sender", "--address", OUTSIDE, *arguments, stdout=out)
    except CommandError as error:
        return error.returncode, f"{out.getvalue()}{error}"
    return 0, out.getvalue()


def test_nothing_is_missing_of_a_sound_sender(sound):
    code, said = check()

    assert (code, "MISSING" in said, "better" in said) == (0, False, False), said
    for about in ("Sender", "Relay", "MX", "SPF", "DKIM", "DMARC", "Reverse DNS", "HELO"):
        assert f"ok      {about}: " in said


def no_key(zone, settings):
    settings.CPOR = settings.CPOR | {"DKIM_SELECTOR": "", "DKIM_PRIVATE_KEY": ""}


def another_domain(zone, settings):
    settings.CPOR = settings.CPOR | {"DKIM_DOMAIN": "provider.example"}
    zone.records["cpor._domainkey.provider.example", "TXT"] = zone.records[
        "cpor._domainkey.court.example", "TXT"
    ]


def strict_signatures(zone, settings):
    settings.CPOR = settings.CPOR | {"DKIM_DOMAIN": "mail.court.example"}
    zone.records["cpor._domainkey.mail.court.example", "TXT"] = zone.records[
        "cpor._domainkey.court.example", "TXT"
    ]
    zone.texts("_dmarc.court.example", "v=DMARC1; p=reject; adkim=s; rua=mailto:a@court.example")


def another_key(zone, settings):
    settings.CPOR = settings.CPOR | {
        "DKIM_PRIVATE_KEY": pem_of(rsa.generate_private_key(public_exponent=65537, key_size=2048))
    }


def long_chain(zone, settings):
    zone.texts(DOMAIN, "v=spf1 include:0.example -all")
    for number in range(12):
        zone.texts(f"{number}.example", f"v=spf1 include:{number + 1}.example ~all")


def set_texts(name, *texts):
    return lambda zone, settings: zone.texts(name, *texts)


def remove(name, kind):
    return lambda zone, settings: zone.records.pop((name, kind))


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (remove(DOMAIN, "TXT"), "SPF: court.example does not say which machines send its mail"),
        (set_texts(DOMAIN, "v=spf1 -all", "v=spf1 mx -all"), "SPF: court.example has 2 records"),
        (
            set_texts(DOMAIN, "v=spf1 ip4:198.51.100.0/24 -all"),
            "SPF: court.example does not permit 192.0.2.25 (fail)",
        ),
        (set_texts(DOMAIN, "v=spf1 ip4:198.51.100.0/24 ~all"), "does not permit 192.0.2.25 (softfail)"),
        (set_texts(DOMAIN, "v=spf1 +all"), "SPF: the record permits every machine of the world"),
        (long_chain, "SPF: the record takes more than 10 lookups"),
        (remove(DOMAIN, "MX"), "MX: court.example takes no mail"),
        (
            lambda zone, settings: zone.records.update({(DOMAIN, "MX"): ["0 ."]}),
            "MX: court.example takes no mail",
        ),
        (no_key, "DKIM: DKIM_SELECTOR is empty"),
        (
            remove("cpor._domainkey.court.example", "TXT"),
            "DKIM: there is no key at cpor._domainkey.court.example",
        ),
        (set_texts("cpor._domainkey.court.example", "v=DKIM1; p="), "there is no key at"),
        (set_texts("cpor._domainkey.court.example", "v=DKIM1; p=AAAA"), "is no key"),
        (
            set_texts("cpor._domainkey.court.example", f"v=DKIM1; k=ed25519; p={'A' * 43}="),
            "which large providers do not read",
        ),
        (another_key, "does not belong to the private key here"),
        (another_domain, "DKIM: mails are signed for provider.example but come from court.example"),
        (remove("_dmarc.court.example", "TXT"), "DMARC: court.example does not say what is to be done"),
        (strict_signatures, "adkim=s asks for signatures of court.example itself"),
        (remove("25.2.0.192.in-addr.arpa", "PTR"), "Reverse DNS: 192.0.2.25 has no name"),
        (
            lambda zone, settings: zone.records.update({("mail.court.example", "A"): ["192.0.2.99"]}),
            "which does not lead back to it",
        ),
    ],
)
def test_what_is_missing_is_said_and_why(sound, settings, damage, said):
    damage(sound, settings)

    code, output = check()

    assert code == 1
    [line] = [line for line in output.splitlines() if said in line and line.startswith("MISSING")]
    assert len(line) > 60  # it says what to do


@pytest.mark.parametrize(
    ("record", "said"),
    [
        ("v=DMARC1; p=none; rua=mailto:a@court.example", "forgeries in your name are delivered"),
        ("v=DMARC1; p=reject", "no address for reports"),
    ],
)
def test_what_would_be_better_is_no_failure(sound, record, said):
    sound.texts("_dmarc.court.example", record)

    code, output = check()

    assert code == 0
    assert [line for line in output.splitlines() if said in line and line.startswith("better")]


def test_a_domain_below_another_has_its_dmarc_record(sound, settings):
    settings.DEFAULT_FROM_EMAIL = "no-reply@cpor.court.example"

    _code, said = check()

    assert "ok      DMARC: _dmarc.court.example says p=reject" in said


@pytest.mark.parametrize(
    ("relay", "said"),
    [
        ({"is_trusted": False}, "is refused (self-signed certificate)"),
        ({"certificate_name": "other.example"}, "is refused (Hostname mismatch"),
        ({"name": "localhost"}, "HELO: the mail server calls itself “localhost”"),
    ],
)
def test_what_is_wrong_with_the_relay(sound, start_relay, relay, said):
    start_relay(**relay)

    code, output = check()

    assert code == 1
    assert [line for line in output.splitlines() if said in line and line.startswith("MISSING")]


def test_a_certificate_that_ends_soon_is_said(sound, start_relay):
    start_relay(days=3)

    assert "better  Relay: its certificate is valid for 3 more days" in check()[1]


def test_a_relay_that_does_not_answer(sound, settings):
    settings.EMAIL_PORT = free_port()

    code, said = check()

    assert code == 1
    assert "MISSING Relay: localhost:" in said


def test_a_relay_elsewhere_without_encryption(sound, start_relay, settings, monkeypatch):
    start_relay(is_tls=False)
    monkeypatch.setattr("cpor_cases.mail.sender.checks.relay.is_here", lambda _host: False)

    assert "in the open" in check()[1]


def test_a_relay_on_this_machine_is_asked_for_its_address(sound):
    out = StringIO()
    call_command("check_sender", stdout=out)

    assert "say with --address" in out.getvalue()


def test_a_dns_that_is_silent_is_no_answer(sound, monkeypatch):
    monkeypatch.setattr(lookups, "SECONDS", 0.2)
    sound.is_silent = True

    code, said = check()

    assert code == 1
    assert "the DNS does not answer" in said


def test_a_dns_that_is_silent_about_a_relay_elsewhere_is_no_answer_either(sound, settings, monkeypatch):
    monkeypatch.setattr(lookups, "SECONDS", 0.2)
    settings.EMAIL_HOST = "mail.court.example"
    sound.is_silent = True
    out = StringIO()

    with pytest.raises(CommandError, match="missing"):
        call_command("check_sender", stdout=out)

    assert "MISSING Address: the DNS does not answer" in out.getvalue()


def test_a_relay_whose_name_no_host_can_have(sound, settings):
    settings.EMAIL_HOST = f"{'x' * 70}.example"

    code, said = check()

    assert code == 1
    assert "cannot be spoken to" in said


def test_what_stands_in_the_dns_does_not_steer_the_terminal(sound):
    sound.texts("_dmarc.court.example", r"v=DMARC1; p=\027[2J\010reject; rua=mailto:a@court.example")

    said = check()[1]

    assert "\x1b" not in said
    assert "p=\ufffd[2J\ufffdreject" in said


def test_a_receiver_asks_for_no_more_mail_servers_and_no_longer_than_it_must(sound, monkeypatch):
    sound.records[DOMAIN, "MX"] = [f"10 mail{number}.court.example." for number in range(11)]
    with pytest.raises(spf.TooManyLookups):
        spf.Evaluation(OUTSIDE).result(DOMAIN)

    monkeypatch.setattr(spf, "SECONDS", 0.0)
    with pytest.raises(lookups.NoAnswer):
        spf.Evaluation(OUTSIDE).result(DOMAIN)


def test_a_sender_at_no_domain(sound, settings):
    settings.DEFAULT_FROM_EMAIL = "no-reply@localhost"

    assert check()[0] == 1


def test_where_mails_are_files_there_is_nothing_to_check(settings):
    settings.EMAIL_BACKEND = "cpor_cases.mail.eml_files.EmlFileBackend"

    with pytest.raises(CommandError, match="EMAIL_URL"):
        call_command("check_sender")


@pytest.mark.parametrize(
    ("record", "address", "result"),
    [
        ("v=spf1 ip4:192.0.2.0/24 -all", OUTSIDE, "pass"),
        ("v=spf1 ip6:2001:db8::/32 -all", "2001:db8::25", "pass"),
        ("v=spf1 a:mail.court.example -all", OUTSIDE, "pass"),
        ("v=spf1 a:mail.court.example/24 -all", "192.0.2.77", "pass"),
        ("v=spf1 mx/24 -all", "192.0.2.77", "pass"),
        ("v=spf1 include:friend.example -all", "198.51.100.1", "pass"),
        ("v=spf1 include:friend.example ?all", "203.0.113.1", "neutral"),
        ("v=spf1 -ip4:192.0.2.25 +all", OUTSIDE, "fail"),
        ("v=spf1 redirect=friend.example", "198.51.100.1", "pass"),
        ("v=spf1 redirect=friend.example", OUTSIDE, "softfail"),
        ("v=spf1 ptr exists:%{i}.example ip4:rubbish", OUTSIDE, "neutral"),
        ("V=SPF1 A:MAIL.COURT.EXAMPLE -ALL", OUTSIDE, "pass"),
    ],
)
def test_which_machines_a_record_permits(sound, record, address, result):
    sound.texts(DOMAIN, record)
    sound.texts("friend.example", "v=spf1 ip4:198.51.100.0/24 ~all")

    assert spf.Evaluation(address).result(DOMAIN) == result


def test_domains_of_one_organisation_are_aligned():
    assert is_aligned("court.example", "court.example")
    assert is_aligned("court.example", "cpor.court.example")
    assert is_aligned("mail.court.example", "court.example")
    assert not is_aligned("court.example", "notcourt.example")
