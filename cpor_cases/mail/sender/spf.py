"""Sender Policy Framework (RFC 7208), as far as it says which machines may send a domain's mail. Macros are not expanded."""

import ipaddress
import re
import time
from dataclasses import dataclass, field
from enum import StrEnum

from . import lookups

MOST_LOOKUPS = 10  # RFC 7208, 4.6.4, as the next two
MOST_MAIL_SERVERS = 10
SECONDS = 20.0  # receivers ask no longer, however slow the DNS is
_TERM = re.compile(r"([+?~-]?)(all|include|a|mx|ptr|ip4|ip6|exists)(?:[:/](.*))?", re.IGNORECASE)


class Result(StrEnum):
    PASS = "pass"  # noqa: S105 (the word of the standard)
    FAIL = "fail"
    SOFTFAIL = "softfail"
    NEUTRAL = "neutral"
    NONE = "none"
    PERMERROR = "permerror"


QUALIFIERS = {"": Result.PASS, "+": Result.PASS, "-": Result.FAIL, "~": Result.SOFTFAIL, "?": Result.NEUTRAL}


class TooManyLookups(Exception):
    """The record needs more lookups than a receiver makes."""


@dataclass
class Evaluation:
    """What a domain's record says of one internet address, and the lookups it took."""

    address: str
    lookups: int = 0
    _until: float = field(default_factory=lambda: time.monotonic() + SECONDS)
    _passed: list[str] = field(default_factory=list)

    def result(self, domain: str) -> Result:
        """Return what a receiver concludes. Raises TooManyLookups, or lookups.NoAnswer."""
        records = records_of(domain)
        if len(records) != 1:
            return Result.PERMERROR if records else Result.NONE
        terms = records[0].split()[1:]
        for term in terms:
            found = _TERM.fullmatch(term)
            if found and self._matches(found[2].lower(), found[3] or "", term, domain):
                return QUALIFIERS[found[1]]
        redirect = next((term[9:] for term in terms if term.lower().startswith("redirect=")), "")
        if redirect and redirect not in self._passed:
            self._passed.append(redirect)
            self._count()
            return self.result(redirect)
        return Result.NEUTRAL

    def _matches(self, mechanism: str, value: str, term: str, domain: str) -> bool:
        if mechanism == "all":
            return True
        if mechanism in ("ip4", "ip6"):
            return self._is_in(value)
        self._count()
        if mechanism == "include":
            return self.result(value) == Result.PASS
        if mechanism in ("a", "mx"):
            name, _, bits = (value if ":" in term else f"/{value}" if value else "").partition("/")
            name = name or domain
            hosts = self._mail_servers(name) if mechanism == "mx" else [name]
            found = [each for host in hosts for each in self._addresses(host)]
            return any(self._is_in(f"{each}/{bits}" if bits.isdecimal() else each) for each in found)
        return False  # ptr and exists, which a record should not rely on

    def _mail_servers(self, name: str) -> list[str]:
        hosts = lookups.mail_servers(name)
        if len(hosts) > MOST_MAIL_SERVERS:
            raise TooManyLookups
        return hosts

    def _addresses(self, host: str) -> list[str]:
        self._keep_time()
        return lookups.addresses(host)

    def _is_in(self, network: str) -> bool:
        try:
            return ipaddress.ip_address(self.address) in ipaddress.ip_network(network, strict=False)
        except ValueError:
            return False

    def _count(self) -> None:
        self.lookups += 1
        if self.lookups > MOST_LOOKUPS:
            raise TooManyLookups
        self._keep_time()

    def _keep_time(self) -> None:
        if time.monotonic() > self._until:
            raise lookups.NoAnswer(f"the record takes longer than {SECONDS:.0f} seconds")


def records_of(domain: str) -> list[str]:
    return [text for text in lookups.texts(domain) if text.lower().split()[:1] == ["v=spf1"]]
