"""Connections that would carry personal data unprotected to another machine. Production does not start with one."""

import ipaddress
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

from environ import Env

from .reader import Environment

ENCRYPTED_SSL_MODES = {"require", "verify-ca", "verify-full"}  # libpq falls back to plain text in every other

Variables = Mapping[str, str]


@dataclass(frozen=True)
class Transport:
    """One connection: the variable that names it, what may be wrong with it, and the setting that permits it all the same."""

    variable: str
    is_unprotected: Callable[[Variables], bool]
    fault: str
    remedy: str
    permission: str

    def refusal(self) -> str:
        """Return why the service does not start, without any part of the address: it may hold a password."""
        return f"{self.fault}. {self.remedy} If something else protects this connection, set {self.permission}=true."


def refuse_unprotected(env: Environment) -> None:
    """Refuse each unprotected connection to another host that no setting permits."""
    for transport in TRANSPORTS:
        is_permitted = env.bool(transport.permission, default=False)
        is_readable = transport.variable not in env.faults
        if is_readable and not is_permitted and transport.is_unprotected(env.variables):
            env.refuse(transport.variable, transport.refusal())


def is_this_machine(host: str | None) -> bool:
    """Whether a host is a Unix socket or the loopback interface. No host means the client's default, which is one of them."""
    host = unquote(host or "").strip("[]").lower()
    if not host or host.startswith("/") or host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _is_plain_smtp(variables: Variables) -> bool:
    server = Env.email_url_config(variables.get("EMAIL_URL") or "dummymail://")
    is_encrypted = server.get("EMAIL_USE_TLS") or server.get("EMAIL_USE_SSL")
    return not is_encrypted and not is_this_machine(server["EMAIL_HOST"])


def _is_plain_imap(variables: Variables) -> bool:
    mailbox = urlsplit(variables.get("BOUNCES_URL", ""))
    return mailbox.scheme == "imap" and not is_this_machine(mailbox.hostname)


def _is_redis_without_password(variables: Variables) -> bool:
    server = urlsplit(variables.get("REDIS_URL", ""))
    if server.scheme == "unix" or is_this_machine(server.hostname):
        return False
    return not (server.password or parse_qs(server.query).get("password"))


def _is_plain_postgresql(variables: Variables) -> bool:
    database = Env.db_url_config(variables.get("DATABASE_URL") or "sqlite://:memory:")
    if "postg" not in database["ENGINE"]:
        return False
    options = database.get("OPTIONS", {})
    if (options.get("sslmode") or variables.get("PGSSLMODE")) in ENCRYPTED_SSL_MODES:
        return False
    given = [database["HOST"], options.get("host"), options.get("hostaddr")]
    hosts = [host for host in given if host] or [variables.get(n) for n in ("PGHOST", "PGHOSTADDR")]
    is_named_elsewhere = "service" in options or "PGSERVICE" in variables  # a file that only libpq reads
    is_elsewhere = any(not is_this_machine(host) for group in hosts for host in (group or "").split(","))
    return is_elsewhere or (is_named_elsewhere and not any(hosts))


TRANSPORTS = [
    Transport(
        "EMAIL_URL",
        _is_plain_smtp,
        "would send mail to another host unencrypted",
        "Use smtp+tls:// (STARTTLS) or smtp+ssl://.",
        "ALLOW_UNENCRYPTED_SMTP",
    ),
    Transport(
        "BOUNCES_URL",
        _is_plain_imap,
        "would read a mailbox on another host unencrypted",
        "Use imaps:// or imap+tls://.",
        "ALLOW_UNENCRYPTED_IMAP",
    ),
    Transport(
        "REDIS_URL",
        _is_redis_without_password,
        "names a Redis on another host without a password",
        "Set requirepass there and use rediss://:PASSWORD@HOST:6379/0.",
        "ALLOW_REDIS_WITHOUT_PASSWORD",
    ),
    Transport(
        "DATABASE_URL",
        _is_plain_postgresql,
        "names a PostgreSQL on another host without requiring encryption",
        "Add ?sslmode=verify-full (or verify-ca, require).",
        "ALLOW_UNENCRYPTED_POSTGRESQL",
    ),
]
