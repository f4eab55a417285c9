"""Inspects the mail server of EMAIL_URL: its name, encryption and certificate."""

import datetime as dt
import smtplib
import ssl
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import cast

from django.conf import settings
from django.core.mail.utils import DNS_NAME

from cpor_cases.mail import smtp

SECONDS = 10


class Unreachable(Exception):
    """Nothing answers there, or nothing that is a mail server."""


class BadCertificate(Exception):
    """It encrypts, but its certificate is not one for its name that this machine trusts."""


@dataclass
class Relay:
    """The mail server as it presents itself."""

    name: str  # by which it says EHLO back, and probably to others
    is_encrypted: bool
    offers_encryption: bool
    certificate_ends: dt.datetime | None = None


def inspect() -> Relay:
    """Connect as delivery does, log in nowhere, and send nothing. Raises Unreachable or BadCertificate."""
    try:
        with _connected() as server:
            server.ehlo_or_helo_if_needed()
            offers = server.has_extn("starttls")
            if settings.EMAIL_USE_TLS and offers:
                server.starttls(context=smtp.tls_context())
                server.ehlo()
            name = (server.ehlo_resp or server.helo_resp or b"").split(b"\n")[0].split(b" ")[0]
            encrypted = isinstance(server.sock, ssl.SSLSocket)
            ends = _end_of_certificate(server.sock) if isinstance(server.sock, ssl.SSLSocket) else None
            return Relay(name.decode("ascii", "replace").lower(), encrypted, offers or encrypted, ends)
    except ssl.SSLCertVerificationError as error:
        raise BadCertificate(error.verify_message) from error
    except (
        smtplib.SMTPException,
        OSError,
        UnicodeError,
    ) as error:  # the last of a name that no host can have
        raise Unreachable(f"{type(error).__name__}: {error}") from error


def _connected() -> smtplib.SMTP:
    host, port = settings.EMAIL_HOST, settings.EMAIL_PORT
    own_name = DNS_NAME.get_fqdn()
    if settings.EMAIL_USE_SSL:
        return smtplib.SMTP_SSL(host, port, own_name, timeout=SECONDS, context=smtp.tls_context())
    return smtplib.SMTP(host, port, own_name, timeout=SECONDS)


def _end_of_certificate(socket: ssl.SSLSocket) -> dt.datetime:
    certificate = cast(dict, socket.getpeercert())
    return parsedate_to_datetime(certificate["notAfter"]).replace(tzinfo=dt.UTC)
