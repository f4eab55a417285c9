"""What mail servers mean by their answers: the plain code 550 alone says only "no"."""

import re
from enum import StrEnum


class Meaning(StrEnum):
    """Why a mail did not arrive, as somebody says it who does not run a mail server."""

    UNKNOWN = "unknown"  # no such mailbox
    DOMAIN = "domain"  # no mail service at this domain
    FULL = "full"
    BLOCKED = "blocked"  # this mail, or this sender, for reasons of policy
    LATER = "later"
    REFUSED = "refused"
    SILENT = "silent"


# The enhanced codes of RFC 3463 first, then the words in which servers without them say it.
_MEANINGS = [
    (re.compile(r"\b5\.1\.[78]\b|sender (address|domain|verify)", re.I), Meaning.REFUSED),
    (re.compile(r"\b[45]\.2\.2\b|mailbox (is )?full|over ?quota|quota exceeded", re.I), Meaning.FULL),
    (re.compile(r"\b5\.(1\.(2|10)|4\.4)\b|domain not found|host unknown|null mx", re.I), Meaning.DOMAIN),
    (
        re.compile(
            r"\b5\.1\.[0136]\b|\b5\.2\.1\b|(user|recipient|mailbox|address) (is )?(unknown|not found|disabled)"
            r"|(unknown|no such) (user|recipient|mailbox)|does not exist|unrouteable address"
            r"|\b5\.4\.1\b.*recipient address rejected",
            re.I,
        ),
        Meaning.UNKNOWN,
    ),
    (re.compile(r"\b[45]\.7\.\d+\b|spam|blocked|blacklist|policy", re.I), Meaning.BLOCKED),
    (re.compile(r"mailbox unavailable", re.I), Meaning.UNKNOWN),
    (re.compile(r"^4\d\d|\b4\.\d\.\d+\b"), Meaning.LATER),
    (re.compile(r"^5\d\d|\b5\.\d\.\d+\b"), Meaning.REFUSED),
]
_CODE = re.compile(r"\b[245]\.\d{1,3}\.\d{1,3}\b")


def meaning_of(answer: str) -> Meaning:
    """Return what an answer means; SILENT if it is no answer of a mail server at all."""
    return next((meaning for pattern, meaning in _MEANINGS if pattern.search(answer)), Meaning.SILENT)


def is_about_the_address(answer: str) -> bool:
    """Whether a final refusal says that the address itself takes no mail, whatever is sent to it."""
    is_final = not (answer.startswith("4") or code_of(answer).startswith("4"))
    return is_final and meaning_of(answer) in {Meaning.UNKNOWN, Meaning.DOMAIN}


def code_of(answer: str) -> str:
    """Return the enhanced status code (RFC 3463) in an answer, or nothing."""
    found = _CODE.search(answer)
    return found.group() if found else ""
