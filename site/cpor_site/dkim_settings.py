"""The settings of DKIM, checked when the site starts."""

import re
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from django.core.exceptions import ImproperlyConfigured

_DNS_NAME = re.compile(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*")
SMALLEST_KEY = 1024  # RFC 8301; receivers take no shorter one


def checked_private_key(*, key: str, file: str, domain: str, selector: str) -> str:
    """Return the private key, from the environment or from a file; empty if mails are not signed here.

    Raises ImproperlyConfigured if they are to be signed and cannot be.
    """
    if key and file:
        raise ImproperlyConfigured("Set DKIM_PRIVATE_KEY or DKIM_PRIVATE_KEY_FILE, not both.")
    if file:
        try:
            key = Path(file).read_text(encoding="ascii")
        except (OSError, ValueError) as error:
            raise ImproperlyConfigured(f"DKIM_PRIVATE_KEY_FILE {file} cannot be read: {error}.") from error
        if not key:
            raise ImproperlyConfigured(f"DKIM_PRIVATE_KEY_FILE {file} is empty.")
    if not key:
        return ""
    if not (domain and selector):
        raise ImproperlyConfigured("To sign mails, set DKIM_DOMAIN and DKIM_SELECTOR beside the private key.")
    if not (_DNS_NAME.fullmatch(domain) and _DNS_NAME.fullmatch(selector)):
        raise ImproperlyConfigured(
            "DKIM_DOMAIN and DKIM_SELECTOR must be names as the DNS has them (xn--… for other letters)."
        )
    _check(key := key.replace("\\n", "\n"))
    return key


def _check(key: str) -> None:
    try:
        loaded = load_pem_private_key(key.encode(), password=None)
    except (ValueError, TypeError) as error:
        raise ImproperlyConfigured("The DKIM private key is no PEM without a passphrase.") from error
    if not isinstance(loaded, RSAPrivateKey) or loaded.key_size < SMALLEST_KEY:
        raise ImproperlyConfigured(
            f"The DKIM private key must be an RSA key of {SMALLEST_KEY} bits or more; 2048 is usual."
        )
