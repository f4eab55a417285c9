"""What the text of a setting may be: each function returns its value, or raises Refused with the rest of a sentence.

No sentence repeats what may hold a password.
"""

import ipaddress
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

import pyrage
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from environ import Env

_HOST_NAME = re.compile(r"(?!-)[a-z0-9_-]{1,63}(\.(?!-)[a-z0-9_-]{1,63})*", re.IGNORECASE)
SHORTEST_KEY, FEWEST_SIGNS = 50, 10
TRUE, FALSE = {"true", "yes", "on", "1", "y", "ok"}, {"false", "no", "off", "0", "n"}


class Refused(ValueError):
    """The value cannot be right; the message goes on after the name of the setting."""


def truth(text: str) -> bool:
    if text.lower() in TRUE:
        return True
    if text.lower() in FALSE:
        return False
    raise Refused(f"is “{_shortened(text)}”: say true or false.")


def whole_number(least: int, most: int) -> Callable[[str], int]:
    """Return what reads a whole number within bounds."""

    def read(text: str) -> int:
        if not re.fullmatch(r"[+-]?[0-9]{1,15}", text) or not least <= int(text) <= most:
            raise Refused(f"is “{_shortened(text)}”: say a whole number from {least} to {most:,}.")
        return int(text)

    return read


def log_level(text: str) -> str:
    levels = ["DEBUG", "INFO", "WARNING", "ERROR"]
    if text.upper() not in levels:
        raise Refused(f"is “{_shortened(text)}”: say one of {', '.join(levels)}.")
    return text.upper()


def secret_key(text: str) -> str:
    """Hold a key to the measure of Django's deployment check."""
    if len(text) < SHORTEST_KEY or len(set(text)) < FEWEST_SIGNS or text.startswith("django-insecure-"):
        raise Refused(
            f"can be guessed: it needs {SHORTEST_KEY} signs or more, of {FEWEST_SIGNS} kinds or more, and by chance. "
            "Make one by: python3 -c 'import secrets; print(secrets.token_urlsafe(50))'"
        )
    return text


def bearer_token(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9._~+/=-]{32,200}", text):
        raise Refused(
            "is no token: 32 to 200 letters and figures by chance. "
            "Make one by: python3 -c 'import secrets; print(secrets.token_urlsafe(32))'"
        )
    return text


def hexadecimal(text: str) -> str:
    if not re.fullmatch(r"([0-9a-f]{2})+", text, re.IGNORECASE):
        raise Refused(
            "holds something that is no key: copy the line that `manage.py rotate_secrets` printed."
        )
    return text


def age_recipient(text: str) -> str:
    """The public half of a key of age (https://age-encryption.org)."""
    try:
        pyrage.x25519.Recipient.from_str(text)
    except pyrage.RecipientError:
        raise Refused(
            "holds something that is no public key of age (age1…): `age-keygen` prints one."
        ) from None
    return text


def dns_name(text: str) -> str:
    if not _HOST_NAME.fullmatch(text):
        raise Refused(f"is “{_shortened(text)}”: say a name as the DNS has it (xn--… for other letters).")
    return text


def domain_or_star(text: str) -> str:
    return text if text == "*" else dns_name(text)


def allowed_host(text: str) -> str:
    """A name or address by which the site is reached, `.name` for all below a name, or `*`."""
    if text == "*" or _is_address(text.strip("[]")) or _HOST_NAME.fullmatch(text.removeprefix(".")):
        return text
    raise Refused(f"names “{_shortened(text)}”: say names alone, without https://, port or path.")


def mail_address(text: str) -> str:
    """A sender: an address, or a name and the address in angle brackets."""
    address = match[1] if (match := re.fullmatch(r"[^<>]*<(.*)>", text)) else text
    try:
        validate_email(address)
    except ValidationError:
        raise Refused(
            f"is “{_shortened(text)}”: say an address, or a name before it: Court <no-reply@court.example>."
        ) from None
    return text


def resolver(text: str) -> str:
    address, _, port = text.partition("#")
    if not _is_address(address) or (port and not port.isdecimal()):
        raise Refused(f"is “{_shortened(text)}”: say an address, or address and port: 192.0.2.53#5353.")
    return text


# Places on the machine


def folder(text: str) -> str:
    """A folder that is there, and in which this user may write."""
    path = absolute(text)
    if not path.is_dir():
        raise Refused(f"names the folder {path}, which is not there. Make it, or mount it.")
    if not os.access(path, os.W_OK | os.X_OK):
        raise Refused(f"names the folder {path}, in which this user may not write.")
    return text


def file_to_write(text: str) -> str:
    """A file that is there or can be made."""
    path = absolute(text)
    if path.is_dir():
        raise Refused(f"names {path}, which is a folder: say a file.")
    folder(str(path.parent))
    return text


def absolute(text: str) -> Path:
    """Return the path; what it is relative to would depend on where the program is started."""
    if not (path := Path(text)).is_absolute():
        raise Refused(f"is “{_shortened(text)}”: say the whole path, from / on.")
    return path


# Addresses of servers


def site_address(text: str) -> str:
    """Return the address without the slash at its end."""
    parts = _parts(text, ["https", "http"], example="https://cpor.court.example")
    if parts.path.strip("/") or parts.query or parts.username is not None:
        raise Refused("must be the bare address of the site, as in https://cpor.court.example.")
    return text.rstrip("/")


def redis_server(text: str) -> str:
    parts = _parts(text, ["redis", "rediss", "unix"], example="redis://:PASSWORD@HOST:6379/0")
    if parts.scheme != "unix" and not re.fullmatch(r"/?[0-9]{0,4}", parts.path):
        raise Refused(
            "ends in something that is no number of a Redis database: redis://:PASSWORD@HOST:6379/0."
        )
    return text


def mail_server(text: str) -> dict[str, Any]:
    """Return Django's settings for it."""
    ports = {"smtp": 25, "smtp+tls": 587, "smtp+ssl": 465}
    parts = _parts(text, list(ports), example="smtp+tls://USER:PASSWORD@HOST:587")
    return Env.email_url_config(text) | {"EMAIL_PORT": parts.port or ports[parts.scheme]}


def mailbox(text: str) -> str:
    schemes = ["imaps", "imap+tls", "imap", "maildir", "mbox"]
    parts = _parts(text, schemes, example="imaps://USER:PASSWORD@HOST/INBOX")
    if not parts.scheme.startswith("imap") and parts.netloc:
        raise Refused("needs three slashes before the path: maildir:///PATH.")
    return text


def bucket(text: str) -> dict[str, Any]:
    """Return the options of the storage of media."""
    example = "s3://KEY:SECRET@HOST/BUCKET?region=REGION"
    parts = _parts(text, ["s3", "s3+http"], example=example)
    name, _, folder = parts.path.strip("/").partition("/")
    if not re.fullmatch(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", name):
        raise Refused(f"names no bucket: {example}.")
    asked = parse_qs(parts.query)
    if set(asked) - {"region"}:
        raise Refused(f"asks for something else than ?region=, as in {example}.")
    if (parts.username is None) != (parts.password is None):
        raise Refused(f"has a key without its secret, or a secret without a key: {example}.")
    port = f":{parts.port}" if parts.port else ""
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    keys = {"access_key": parts.username, "secret_key": parts.password}
    return {
        "endpoint_url": f"{'http' if parts.scheme == 's3+http' else 'https'}://{host}{port}",
        "bucket_name": name,
        "location": unquote(folder),
        "region_name": asked.get("region", ["us-east-1"])[0],
        **{option: unquote(key) for option, key in keys.items() if key},
    }


def sentry_dsn(text: str) -> str:
    """Return the address to which failures are reported. Unencrypted it may lead to this machine alone."""
    example = "https://KEY@HOST/PROJECT"
    parts = _parts(text, ["https", "http"], example=example)
    if not parts.username or not re.fullmatch(r"/([\w./-]*/)?\d+", parts.path):
        raise Refused(f"has no key or no number of a project: {example}.")
    if parts.scheme == "http" and parts.hostname not in {"127.0.0.1", "::1", "localhost"}:
        raise Refused(f"would tell of failures unencrypted: {example}.")
    return text


def database(text: str) -> dict[str, Any]:
    """Return Django's settings for it."""
    example = "postgres://USER:PASSWORD@HOST:5432/NAME"
    scheme = text.partition("://")[0]
    if scheme not in {"postgres", "postgresql", "sqlite"} or "://" not in text:
        raise Refused(f"must begin with postgres:// or sqlite:///, as in {example}.")
    try:
        found = Env.db_url_config(text)
    except Exception:
        raise Refused(f"cannot be read: {_PATTERN.format(example)}") from None
    if "#" in text.partition("?")[0]:
        raise Refused(f"cannot be read: {_PATTERN.format(example)}")
    if not found["NAME"] and "service" not in found.get("OPTIONS", {}):
        raise Refused(f"names no database: {example}.")
    if scheme == "sqlite" and found["NAME"] != ":memory:":
        file_to_write(found["NAME"])
    return found


_PATTERN = "write {}, and signs like / # @ : in the password as %2F %23 %40 %3A."


def _parts(text: str, schemes: list[str], *, example: str) -> SplitResult:
    """Return the parts of an address that has one of these schemes and, unless it names a file, a host."""
    try:
        parts = urlsplit(text)
        parts.port  # noqa: B018 (raises where it is no number)
    except ValueError:
        raise Refused(f"cannot be read: {_PATTERN.format(example)}") from None
    if parts.scheme not in schemes or not text.startswith(f"{parts.scheme}://"):
        raise Refused(f"must begin with {' or '.join(f'{each}://' for each in schemes)}, as in {example}.")
    is_file = parts.scheme in {"unix", "maildir", "mbox"}
    if parts.fragment or (not is_file and not _is_host(parts.hostname or "")):
        raise Refused(f"cannot be read: {_PATTERN.format(example)}")
    if is_file and not parts.path:
        raise Refused(f"names no file: {parts.scheme}:///PATH.")
    return parts


def _is_host(text: str) -> bool:
    return bool(_HOST_NAME.fullmatch(text)) or _is_address(text)


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _shortened(text: str) -> str:
    """Return what fits into a line of a log."""
    printable = "".join(sign if sign.isprintable() else "?" for sign in text)
    return printable if len(printable) <= 40 else f"{printable[:39]}…"
