"""The sender that is checked, as far as the settings and the operator describe it."""

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass, field
from email.utils import parseaddr

from django.conf import settings

from . import lookups
from .relay import Relay


@dataclass
class Sender:
    """The domain mail comes from, the mail server, and the internet addresses from which mail leaves."""

    domain: str
    host: str
    addresses: list[str] = field(default_factory=list)
    relay: Relay | None = None  # as it was found by its check

    def outside_addresses(self) -> list[str]:
        """Return the addresses that receivers see; those of a relay on this machine are known only by --address."""
        return [each for each in self._addresses() if not ipaddress.ip_address(each).is_loopback]

    def _addresses(self) -> list[str]:
        if self.addresses or is_here(self.host):
            return self.addresses
        return lookups.addresses(self.host)


def sender_of_settings(addresses: Iterable[str] = ()) -> Sender:
    """Return the configured sender. Mail leaves from `addresses`, or else from those of the mail server."""
    address = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    return Sender(address.rpartition("@")[2].lower(), settings.EMAIL_HOST, list(addresses))


def is_here(host: str) -> bool:
    """Whether a host is this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
