"""The private key of DKIM, as text."""

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from .values import Refused

SMALLEST_KEY = 1024  # RFC 8301; receivers take no shorter one


def private_key(text: str) -> str:
    """Return the key in PEM. Raises Refused if it cannot sign."""
    pem = text.replace("\\n", "\n")
    try:
        loaded = load_pem_private_key(pem.encode(), password=None)
    except (ValueError, TypeError) as error:
        raise Refused("is no PEM without a passphrase.") from error
    if not isinstance(loaded, RSAPrivateKey) or loaded.key_size < SMALLEST_KEY:
        raise Refused(f"must be an RSA key of {SMALLEST_KEY} bits or more; 2048 is usual.")
    return pem
