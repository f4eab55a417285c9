"""Whether the mail server answers, encrypts and has a certificate for its name."""

from collections.abc import Iterator

from django.conf import settings
from django.utils import timezone

from cpor_cases.mail.sender import relay as relays
from cpor_cases.mail.sender.results import CheckResult, better, good, missing
from cpor_cases.mail.sender.senders import Sender, is_here

ABOUT = "Relay"
CERTIFICATE_DAYS = 14


def check(sender: Sender) -> Iterator[CheckResult]:
    """Yield what is found at the mail server, and note it in the sender."""
    try:
        sender.relay = relay = relays.inspect()
    except relays.Unreachable as error:
        yield missing(ABOUT, f"{_name()} cannot be spoken to ({error}): nothing leaves. See EMAIL_URL.")
        return
    except relays.BadCertificate as error:
        yield missing(
            ABOUT,
            f"the certificate of {_name()} is refused ({error}): nothing leaves. Use the name that stands in the"
            " certificate, or have it renewed.",
        )
        return
    yield _encryption_of(relay)
    if relay.certificate_ends:
        days = (relay.certificate_ends - timezone.now()).days
        grade = good if days >= CERTIFICATE_DAYS else better
        yield grade(ABOUT, f"its certificate is valid for {days} more days")


def _encryption_of(relay: relays.Relay) -> CheckResult:
    if relay.is_encrypted:
        return good(ABOUT, f"{_name()} answers, encrypted")
    if is_here(settings.EMAIL_HOST):
        return good(ABOUT, f"{_name()} answers, on this machine")
    how = "write smtp+tls:// in EMAIL_URL" if relay.offers_encryption else "it offers no STARTTLS"
    return missing(
        ABOUT, f"names and links go to {_name()} in the open, for anybody on the way to read: {how}."
    )


def _name() -> str:
    return f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
