"""What is stored enciphered: by the site's secret key, and read by its fallbacks as well."""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class Unreadable(Exception):
    """No key the site has now can decipher this."""


def encipher(text: str) -> str:
    return _cipher().encrypt(text.encode()).decode()


def decipher(text: str) -> str:
    """Return what was enciphered. Raises Unreadable."""
    try:
        return _cipher().decrypt(text.encode()).decode()
    except InvalidToken as error:
        raise Unreadable from error


def encipher_anew(text: str) -> str:
    """Return the same, enciphered by the present key whichever one it was enciphered by. Raises Unreadable."""
    try:
        return _cipher().rotate(text.encode()).decode()
    except InvalidToken as error:
        raise Unreadable from error


def _cipher() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = (hashlib.sha256(b"cpor_cases.accounts.second_factor" + key.encode()).digest() for key in keys)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
