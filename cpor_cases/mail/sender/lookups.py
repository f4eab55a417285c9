"""Queries to the DNS, through the resolver that DNS_RESOLVER names, or the machine's own."""

import ipaddress
from collections.abc import Iterator

import dns.exception
import dns.name
import dns.resolver
import dns.reversename

from cpor_core import conf

SECONDS = 5.0


class NoAnswer(Exception):
    """The DNS could not be queried: neither yes nor no."""


def texts(name: str) -> list[str]:
    """Return the TXT records of a name, each as one text."""
    return [b"".join(record.strings).decode("utf-8", "replace") for record in _query(name, "TXT")]


def mail_servers(name: str) -> list[str]:
    """Return the names of a domain's MX records, the preferred first; "." is a domain that takes no mail (RFC 7505)."""
    found = sorted(_query(name, "MX"), key=lambda record: record.preference)
    return [_plain(record.exchange) for record in found]


def addresses(name: str) -> list[str]:
    """Return the internet addresses of a name, or of what is an address already."""
    try:
        return [str(ipaddress.ip_address(name))]
    except ValueError:
        return [record.address for kind in ("A", "AAAA") for record in _query(name, kind)]


def names_of(address: str) -> list[str]:
    """Return the names that the reverse DNS knows for an internet address."""
    return [_plain(record.target) for record in _query(dns.reversename.from_address(address), "PTR")]


def _plain(name: dns.name.Name) -> str:
    return name.to_text(omit_final_dot=True).lower()


def _query(name: str | dns.name.Name, kind: str) -> Iterator:
    try:
        yield from _resolver().resolve(name, kind, search=False, lifetime=SECONDS)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return
    except (dns.exception.DNSException, ValueError, UnicodeError) as error:
        raise NoAnswer(f"{name} {kind}: {type(error).__name__}") from error


def _resolver() -> dns.resolver.Resolver:
    if not conf.DNS_RESOLVER:
        return dns.resolver.Resolver()
    host, _, port = conf.DNS_RESOLVER.partition("#")
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers, resolver.port = [host], int(port or 53)
    return resolver
