"""The code in each mail by which its reader finds out whether we sent it (docs/decisions/0015).

It is the key of the mail's row, enciphered: nothing is stored for it, and who has seen many codes can make none. Together with
the address that got the mail it proves the mail; alone it proves nothing, for a forger can copy it.
"""

import hashlib
import re
import unicodedata
from functools import lru_cache

from django.conf import settings

from cpor_cases.models import OutgoingMail
from cpor_core import conf
from cpor_core.email_addresses import MAX_TYPED, normalise

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: without I, L, O, U
LENGTH, GROUP = 10, 5
HALF_BITS = 25  # two halves of five symbols of five bits each
HALF = (1 << HALF_BITS) - 1
ROUNDS = 6
PURPOSE = b"cpor_cases.mail.check_codes"
EXAMPLE = "7K4PT-9MXQ2"  # shown in previews; no mail has it
_MISREAD = str.maketrans("ILO", "110")
_LABEL = re.compile(r".*[:\uff1a]", re.DOTALL)
_NAMED = re.compile(r".*[<\uff1c]([^<>\uff1c\uff1e]*)[>\uff1e]\s*", re.DOTALL)
_BETWEEN = re.compile(r"[\s\u2010-\u2015\u2212_.-]+")


def code_of(mail: OutgoingMail) -> str:
    """Return the check code of a mail, such as 7K4PT-9MXQ2."""
    number = _permuted(mail.pk, _key(settings.SECRET_KEY))
    symbols = [ALPHABET[number >> 5 * place & 31] for place in reversed(range(LENGTH))]
    return f"{''.join(symbols[:GROUP])}-{''.join(symbols[GROUP:])}"


def find_sent(*, code: str, address: str) -> OutgoingMail | None:
    """Return the mail of this code that went to this address, however both are typed; None if there is none.

    Both may be copied from the mail: the code with the words before it, the address with a name as mail programs show it.

    Whatever is wrong, it takes the same steps. A mail whose address retention has deleted is not found.
    """
    number = _number_of(code)
    keys = [_unpermuted(number, key) for key in _keys()]
    found = OutgoingMail.objects.filter(pk__in=keys, address=_address_in(address))
    return found.exclude(address="").first()


def derived_key(secret_key: str) -> str:
    """Return in hexadecimal digits what of a secret key is kept to read codes of before (CHECK_CODE_KEYS). It opens nothing else."""
    return _key(secret_key).hex()


@lru_cache(maxsize=16)
def _key(secret_key: str) -> bytes:
    return hashlib.sha256(PURPOSE + secret_key.encode()).digest()


def _keys() -> list[bytes]:
    own = (_key(key) for key in [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS])
    return [*own, *map(bytes.fromhex, conf.CHECK_CODE_KEYS)]


def _address_in(typed: str) -> str:
    typed = typed[:MAX_TYPED]
    named = _NAMED.fullmatch(typed)
    return normalise(named[1] if named else typed)


def _number_of(typed: str) -> int:
    """Return the number that a code spells, in whatever case, width and groups; one that no mail has if it is no code."""
    text = unicodedata.normalize("NFKC", _LABEL.sub("", typed[:MAX_TYPED]))
    symbols = _BETWEEN.sub("", text).upper().translate(_MISREAD)
    if len(symbols) != LENGTH or not set(symbols) <= set(ALPHABET):
        return _permuted(0, _key(settings.SECRET_KEY))  # keys begin at 1
    number = 0
    for symbol in symbols:
        number = number << 5 | ALPHABET.index(symbol)
    return number


def _permuted(number: int, key: bytes) -> int:
    """Return another number of 50 bits by a Feistel network of keyed BLAKE2b: one to one, and random to who lacks the key."""
    left, right = number >> HALF_BITS, number & HALF
    for each in range(ROUNDS):
        left, right = right, left ^ _mixed(each, right, key)
    return left << HALF_BITS | right


def _unpermuted(number: int, key: bytes) -> int:
    left, right = number >> HALF_BITS, number & HALF
    for each in reversed(range(ROUNDS)):
        left, right = right ^ _mixed(each, left, key), left
    return left << HALF_BITS | right


def _mixed(each: int, half: int, key: bytes) -> int:
    block = half << 8 | each
    digest = hashlib.blake2b(block.to_bytes(8, "big"), digest_size=4, key=key).digest()
    return int.from_bytes(digest, "big") & HALF
