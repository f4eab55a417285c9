"""The checks of `manage.py check_sender`: each of one thing; it says in plain words what is missing, and what that does."""

import base64
import ipaddress
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from email.utils import parseaddr
from enum import StrEnum

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key
from django.conf import settings
from django.core.mail.utils import DNS_NAME
from django.utils import timezone

from cpor_cases.mail import dkim_signing

from . import lookups, spf
from . import relay as relays

CERTIFICATE_DAYS = 14
USUAL_BITS = 2048


class Grade(StrEnum):
    GOOD = "ok"
    BETTER = "better"  # mail arrives without it
    MISSING = "MISSING"


@dataclass
class CheckResult:
    grade: Grade
    about: str
    words: str

    def __str__(self) -> str:
        return f"{self.grade:8}{self.about}: {self.words}"


@dataclass
class Sender:
    """Who sends, as far as the settings and the operator say."""

    domain: str
    host: str
    addresses: list[str] = field(default_factory=list)  # from which mail goes out into the world
    relay: relays.Relay | None = None


def sender_of_settings(addresses: Iterable[str] = ()) -> Sender:
    """Return the configured sender. Mail goes out from `addresses`, or else from where the mail server is."""
    address = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    return Sender(address.rpartition("@")[2].lower(), settings.EMAIL_HOST, list(addresses))


def results(sender: Sender) -> Iterator[CheckResult]:
    """Yield what every check finds; a DNS that does not answer is a result, too."""
    if "." not in sender.domain:
        yield CheckResult(
            Grade.MISSING,
            "Sender",
            f"DEFAULT_FROM_EMAIL is at “{sender.domain}”, which is no domain of the internet. Every receiver refuses it.",
        )
        return
    yield CheckResult(Grade.GOOD, "Sender", f"mail comes from {settings.DEFAULT_FROM_EMAIL}")
    if not (sender.addresses or _outside(_addresses_of(sender))):
        yield CheckResult(
            Grade.BETTER,
            "Address",
            f"{sender.host} is this machine: say with --address from which internet address mail leaves, and SPF and its name are"
            " checked, too.",
        )
    for check in CHECKS:
        try:
            yield from check(sender)
        except lookups.NoAnswer as error:
            yield CheckResult(
                Grade.MISSING,
                _name_of(check),
                f"the DNS does not answer ({error}). Try again, or see DNS_RESOLVER.",
            )


def _name_of(check: Callable) -> str:
    return (check.__doc__ or "").partition(":")[0]


def check_relay(sender: Sender) -> Iterator[CheckResult]:
    """Relay: whether the mail server answers, encrypts and has a certificate for its name."""
    try:
        sender.relay = relay = relays.inspect()
    except relays.Unreachable as error:
        yield CheckResult(
            Grade.MISSING,
            "Relay",
            f"{_relay_name()} cannot be spoken to ({error}): nothing leaves. See EMAIL_URL.",
        )
        return
    except relays.BadCertificate as error:
        yield CheckResult(
            Grade.MISSING,
            "Relay",
            f"the certificate of {_relay_name()} is refused ({error}): nothing leaves. Use the name that stands in the"
            " certificate, or have it renewed.",
        )
        return
    yield _encryption_of(relay)
    if relay.certificate_ends:
        days = (relay.certificate_ends - timezone.now()).days
        grade = Grade.GOOD if days >= CERTIFICATE_DAYS else Grade.BETTER
        yield CheckResult(grade, "Relay", f"its certificate is valid for {days} more days")


def _encryption_of(relay: relays.Relay) -> CheckResult:
    if relay.is_encrypted:
        return CheckResult(Grade.GOOD, "Relay", f"{_relay_name()} answers, encrypted")
    if _is_here(settings.EMAIL_HOST):
        return CheckResult(Grade.GOOD, "Relay", f"{_relay_name()} answers, on this machine")
    how = "write smtp+tls:// in EMAIL_URL" if relay.offers_encryption else "it offers no STARTTLS"
    return CheckResult(
        Grade.MISSING,
        "Relay",
        f"names and links go to {_relay_name()} in the open, for anybody on the way to read: {how}.",
    )


def check_bounces(sender: Sender) -> Iterator[CheckResult]:
    """MX: whether the sender's domain takes mail, so that what cannot be delivered comes back."""
    servers = lookups.mail_servers(sender.domain)
    if servers and servers != ["."]:
        yield CheckResult(Grade.GOOD, "MX", f"mail to {sender.domain} goes to {servers[0]}")
    else:
        yield CheckResult(
            Grade.MISSING,
            "MX",
            f"{sender.domain} takes no mail. Many receivers refuse a sender to whom nothing can be returned, and wrong"
            " addresses stay unnoticed.",
        )


def check_spf(sender: Sender) -> Iterator[CheckResult]:
    """SPF: whether the domain permits the machines from which its mail comes."""
    records = spf.records_of(sender.domain)
    if not records:
        yield CheckResult(
            Grade.MISSING,
            "SPF",
            f"{sender.domain} does not say which machines send its mail: large providers treat it as spam. Add a TXT record such"
            f" as “v=spf1 {_suggested(sender)} -all”.",
        )
        return
    if len(records) > 1:
        yield CheckResult(
            Grade.MISSING,
            "SPF",
            f"{sender.domain} has {len(records)} records; receivers then count none. Join them into one.",
        )
        return
    for address in _outside(_addresses_of(sender)):
        yield _spf_of(address, sender)
    if re.search(r"(^|\s)\+?all\b", records[0]):
        yield CheckResult(
            Grade.MISSING,
            "SPF",
            "the record permits every machine of the world (+all): forged mail passes. End it with -all.",
        )


def _spf_of(address: str, sender: Sender) -> CheckResult:
    try:
        result = spf.Evaluation(address).result(sender.domain)
    except spf.TooManyLookups:
        return CheckResult(
            Grade.MISSING,
            "SPF",
            f"the record takes more than {spf.MOST_LOOKUPS} lookups; receivers then count it as broken. Replace includes by"
            " addresses.",
        )
    if result == spf.Result.PASS:
        return CheckResult(Grade.GOOD, "SPF", f"{sender.domain} permits {address}")
    return CheckResult(
        Grade.MISSING,
        "SPF",
        f"{sender.domain} does not permit {address} ({result}): its mail is refused or lands in spam. Add"
        f" “{_mechanism(address)}” to the record. If mail leaves from elsewhere, say so with --address.",
    )


def _suggested(sender: Sender) -> str:
    return " ".join(map(_mechanism, _outside(_addresses_of(sender)))) or "mx"


def _mechanism(address: str) -> str:
    return f"ip{ipaddress.ip_address(address).version}:{address}"


def check_dkim(sender: Sender) -> Iterator[CheckResult]:
    """DKIM: whether the key with which mails are signed stands in the DNS, and is the sender's."""
    domain, selector = settings.DKIM_DOMAIN or sender.domain, settings.DKIM_SELECTOR
    if not selector:
        yield CheckResult(
            Grade.MISSING,
            "DKIM",
            "DKIM_SELECTOR is empty, so that nobody knows how mails are signed. Unsigned mail lands in spam at large providers. If"
            " the relay signs, set the selector it uses; if it does not, set DKIM_PRIVATE_KEY_FILE as well, and mails are signed"
            " here.",
        )
        return
    name = f"{selector}._domainkey.{domain}"
    tags = _tags(next(iter(lookups.texts(name)), ""))
    if not tags.get("p"):
        yield CheckResult(
            Grade.MISSING,
            "DKIM",
            f"there is no key at {name}: signatures count as wrong. Add a TXT record{_record_to_add()}.",
        )
        return
    yield from _results_of_key(name, tags["p"])
    if not is_aligned(domain, sender.domain):
        yield CheckResult(
            Grade.MISSING,
            "DKIM",
            f"mails are signed for {domain} but come from {sender.domain}: for DMARC they are unsigned. Sign for the sender's"
            " domain.",
        )


def _results_of_key(name: str, published: str) -> Iterator[CheckResult]:
    try:
        key = load_der_public_key(base64.b64decode(re.sub(r"\s", "", published), validate=True))
    except (ValueError, UnsupportedAlgorithm):
        yield CheckResult(
            Grade.MISSING, "DKIM", f"what stands at {name} is no key: signatures count as wrong."
        )
        return
    private = settings.DKIM_PRIVATE_KEY
    if private and dkim_signing.public_key(private) != base64.b64decode(re.sub(r"\s", "", published)):
        yield CheckResult(
            Grade.MISSING,
            "DKIM",
            f"the key at {name} does not belong to the private key here: every signature counts as wrong. The record should be"
            f"{_record_to_add()}.",
        )
        return
    by = "mails are signed here" if private else "the relay is expected to sign"
    bits = key.key_size if isinstance(key, RSAPublicKey) else USUAL_BITS
    grade = Grade.GOOD if bits >= USUAL_BITS else Grade.BETTER
    yield CheckResult(grade, "DKIM", f"the key of {bits} bits stands at {name}; {by}")


def _record_to_add() -> str:
    if not settings.DKIM_PRIVATE_KEY:
        return ", as your mail server gives it"
    key = base64.b64encode(dkim_signing.public_key(settings.DKIM_PRIVATE_KEY)).decode()
    return f" “v=DKIM1; k=rsa; p={key}”"


def check_dmarc(sender: Sender) -> Iterator[CheckResult]:
    """DMARC: whether the domain says what is to be done with forged mail."""
    where, tags = _dmarc_of(sender.domain)
    if not tags:
        yield CheckResult(
            Grade.MISSING,
            "DMARC",
            f"{sender.domain} does not say what is to be done with mail that is not its own: large providers ask bulk senders for"
            f" it, and forgeries arrive. Add the TXT record “v=DMARC1; p=none; rua=mailto:…” at _dmarc.{sender.domain}, and"
            " p=reject once the reports show nothing of yours.",
        )
        return
    policy = (tags.get("sp") if where != sender.domain else None) or tags.get("p", "none")
    if policy == "none":
        yield CheckResult(
            Grade.BETTER,
            "DMARC",
            f"_dmarc.{where} asks for nothing (p=none): forgeries in your name are delivered. Go on to"
            " p=quarantine, then p=reject.",
        )
    else:
        yield CheckResult(Grade.GOOD, "DMARC", f"_dmarc.{where} says p={policy}")
    if "rua" not in tags:
        yield CheckResult(
            Grade.BETTER,
            "DMARC",
            "no address for reports (rua): you will not learn who sends in your name.",
        )
    # The envelope has the sender's own domain, so that SPF is aligned however strict the record is.
    signing = settings.DKIM_DOMAIN or sender.domain
    if tags.get("adkim") == "s" and signing != sender.domain:
        yield CheckResult(
            Grade.MISSING,
            "DMARC",
            f"adkim=s asks for signatures of {sender.domain} itself, not of {signing}.",
        )


def _dmarc_of(domain: str) -> tuple[str, dict[str, str]]:
    """Return where the record of a domain is, at itself or above, and its tags."""
    labels = domain.split(".")
    for first in range(len(labels) - 1):
        where = ".".join(labels[first:])
        for text in lookups.texts(f"_dmarc.{where}"):
            tags = _tags(text)
            if tags.get("v", "").upper() == "DMARC1":
                return where, tags
    return domain, {}


def check_names(sender: Sender) -> Iterator[CheckResult]:
    """Names: whether the machine has a name, the name leads back to it, and it greets by it."""
    for address in _outside(_addresses_of(sender)):
        names = lookups.names_of(address)
        back = [name for name in names if address in lookups.addresses(name)]
        if back:
            yield CheckResult(Grade.GOOD, "Reverse DNS", f"{address} is {back[0]}, and back")
        else:
            named = f"is called {names[0]}, which does not lead back to it" if names else "has no name (PTR)"
            yield CheckResult(
                Grade.MISSING,
                "Reverse DNS",
                f"{address} {named}: large providers refuse such machines. Whoever gave you the address sets its name.",
            )
    yield from _greeting(sender)


def _greeting(sender: Sender) -> Iterator[CheckResult]:
    """The relay's own name, by which it greets receivers; of a relay on this machine, this machine's."""
    name = sender.relay.name if sender.relay else DNS_NAME.get_fqdn()
    if "." in name and lookups.addresses(name.strip("[]")):
        yield CheckResult(Grade.GOOD, "HELO", f"the mail server calls itself {name}")
    else:
        yield CheckResult(
            Grade.MISSING,
            "HELO",
            f"the mail server calls itself “{name}”, a name that the DNS does not know: many receivers refuse the greeting. Set its"
            " host name (Postfix: myhostname).",
        )


CHECKS: list[Callable[[Sender], Iterator[CheckResult]]] = [
    check_relay,
    check_bounces,
    check_spf,
    check_dkim,
    check_dmarc,
    check_names,
]


def is_aligned(domain: str, other: str) -> bool:
    """Whether two domains are one organisation's for DMARC (relaxed): the same, or one below the other."""
    return domain == other or domain.endswith(f".{other}") or other.endswith(f".{domain}")


def _addresses_of(sender: Sender) -> list[str]:
    if sender.addresses or _is_here(sender.host):
        return sender.addresses
    return lookups.addresses(sender.host)


def _outside(addresses: Iterable[str]) -> list[str]:
    """Return the addresses that receivers can see; a relay on this machine says nothing of them (--address does)."""
    return [each for each in addresses if not ipaddress.ip_address(each).is_loopback]


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _relay_name() -> str:
    return f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"


def _tags(record: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in record.split(";"))
    return {name.strip().lower(): value.strip() for name, _equals, value in pairs if name.strip()}
