"""The six digits that prove the address of a petition: derived from the secret key, never stored.

They are bound to one draft and one address, and change every PETITION_CODE_MINUTES. Those of the time before count, too,
so that a code is good for at least so long.
"""

import datetime as dt
import re

from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from cpor_core import conf
from cpor_core.case_numbers import fold

DIGITS = 6
EXAMPLE = "482109"  # shown in previews
SALT = "cpor_cases.mail.petition_codes"


def code_of(draft: str, address: str, made_at: dt.datetime) -> str:
    """Return the code of a draft (its random key) and an address that was asked for at a moment."""
    return _code(draft, address, _time_window(made_at))


def is_usable(made_at: dt.datetime, now: dt.datetime | None = None) -> bool:
    """Whether a code that was asked for at that moment still counts."""
    return _time_window(now or timezone.now()) - _time_window(made_at) <= 1


def is_right(typed: str, draft: str, address: str, now: dt.datetime | None = None) -> bool:
    """Whether this is the code of a draft and an address, with or without blanks between the digits."""
    digits = re.sub(r"\D", "", fold(typed)[:40])
    latest = _time_window(now or timezone.now())
    # Both, so that the time tells nothing.
    matches = [constant_time_compare(digits, _code(draft, address, each)) for each in (latest, latest - 1)]
    return any(matches)


def _time_window(at: dt.datetime) -> int:
    return int(at.timestamp()) // (60 * conf.PETITION_CODE_MINUTES)


def _code(draft: str, address: str, window: int) -> str:
    mac = salted_hmac(SALT, f"{draft} {window} {address}", algorithm="sha256").digest()
    return f"{int.from_bytes(mac[:8], 'big') % 10**DIGITS:0{DIGITS}d}"
