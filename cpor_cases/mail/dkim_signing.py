"""DKIM signatures (RFC 6376), where the relay makes none: settings DKIM_DOMAIN, DKIM_SELECTOR, DKIM_PRIVATE_KEY."""

from functools import lru_cache

import dkim
from cryptography.hazmat.primitives import serialization

from cpor_core import conf

# The headers that reader and mail program rely on. RFC 8058 requires both List-Unsubscribe headers to be signed.
SIGNED = [
    *("From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type"),
    *("Content-Language", "Auto-Submitted", "List-Unsubscribe", "List-Unsubscribe-Post"),
]
# Signed once more than they occur: a second such header, added on the way, breaks the signature.
ONLY_ONCE = ["From", "To", "Subject", "Date"]


def is_on() -> bool:
    return bool(conf.DKIM_PRIVATE_KEY)


def signed(message: bytes) -> bytes:
    """Return the bytes of a message with its signature in front. Raises ValueError if it cannot be signed."""
    try:
        return _signature_of(message) + message
    except dkim.DKIMException as error:
        raise ValueError(f"not signed: {error}") from error


def _signature_of(message: bytes) -> bytes:
    signer = dkim.DKIM(message)
    present = {name.lower() for name, _value in signer.headers}
    names = [name.encode() for name in SIGNED if name.lower().encode() in present]
    return signer.sign(
        conf.DKIM_SELECTOR.encode(),
        conf.DKIM_DOMAIN.encode(),
        _private_key(conf.DKIM_PRIVATE_KEY),
        canonicalize=(b"relaxed", b"relaxed"),
        include_headers=[*names, *(name.encode() for name in ONLY_ONCE)],
    )


@lru_cache(maxsize=1)
def _private_key(pem: str) -> bytes:
    """Return the key as PKCS #1, the one format that the library always reads."""
    key = serialization.load_pem_private_key(pem.encode(), password=None)
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )


def public_key(pem: str) -> bytes:
    """Return the public half of a private key in DER, as it stands in the DNS in base64."""
    key = serialization.load_pem_private_key(pem.encode(), password=None)
    return key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
