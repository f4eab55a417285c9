"""Encryption of stored secrets with a key derived from SECRET_KEY; keys of SECRET_KEY_FALLBACKS still decrypt."""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class Unreadable(Exception):
    """None of the present keys can decrypt this."""


def encrypt(text: str) -> str:
    return _cipher().encrypt(text.encode()).decode()


def decrypt(text: str) -> str:
    """Return the plain text. Raises Unreadable if none of the keys fits."""
    try:
        return _cipher().decrypt(text.encode()).decode()
    except InvalidToken as error:
        raise Unreadable from error


def reencrypt(text: str) -> str:
    """Return the same secret encrypted with SECRET_KEY, whichever key encrypted it. Raises Unreadable if none fits."""
    try:
        return _cipher().rotate(text.encode()).decode()
    except InvalidToken as error:
        raise Unreadable from error


def _cipher() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = (hashlib.sha256(b"cpor_cases.accounts.second_factor" + key.encode()).digest() for key in keys)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
