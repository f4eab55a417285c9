"""What mail servers mean by their answers: the plain code 550 alone says only "no"."""

import re
from enum import StrEnum


class Meaning(StrEnum):
    """Why a mail did not arrive, as somebody says it who does not run a mail server."""

    RELAY = "relay"  # the mail server of this site, or how this site sends: its operator corrects it
    UNKNOWN = "unknown"  # no such mailbox
    DOMAIN = "domain"  # no mail service at this domain
    FULL = "full"
    BLOCKED = "blocked"  # this mail, or this sender, for reasons of policy
    LATER = "later"
    REFUSED = "refused"
    SILENT = "silent"


# The enhanced codes of RFC 3463 first, then the words in which servers without them say it.
_MEANINGS = [
    (
        re.compile(
            # Log-in and encryption asked for or refused (RFC 3207, 4954, 5248); a command out of order.
            r"^(?:454|50[0234]|53[0458])\b|\b[45]\.7\.(?:[89]|1[0-4])\b"
            r"|starttls|(?:authenticat\w+|encryption|log-?in) (?:is )?(?:required|needed|failed|unsuccessful)"
            r"|(?:must|please|not) (?:be )?authenticate|\bsmtp auth\b"
            # It relays no mail of this site.
            r"|\brelay(?:ing)?\b.{0,40}(?:denied|prohibited|refused|disabled|not (?:allowed|permitted|authori[sz]ed))"
            r"|(?:denied|unable|cannot|refus\w+|not|no).{0,20}\brelay(?:ing)?\b|rcpthosts|client host rejected"
            # Who this site says it is (RFC 3463, 7372).
            r"|\b5\.1\.[78]\b|sender (?:address|domain|verify)|\b5\.7\.2[0-7]\b|\bas this sender\b",
            re.I,
        ),
        Meaning.RELAY,
    ),
    (
        re.compile(r"\b[45]\.2\.2\b|mailbox (is )?full|over ?quota|quota exceeded|信箱已滿|空間不足", re.I),
        Meaning.FULL,
    ),
    (re.compile(r"\b5\.(1\.(2|10)|4\.4)\b|domain not found|host unknown|null mx", re.I), Meaning.DOMAIN),
    (
        re.compile(
            r"\b5\.1\.[0136]\b|\b5\.2\.1\b|(user|recipient|mailbox|address) (is )?(unknown|not found|disabled)"
            r"|(unknown|no such) (user|recipient|mailbox)|does(?: not|n't) exist|unrouteable address"
            r"|no longer accepts mail|no mailbox here|查無此(?:人|使用者|帳號|收件)|(?:使用者|帳號|信箱|收件人)不存在"
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
_BASIC_CODE = re.compile(r"^[245]\d\d\b")
_EXCEPTION = re.compile(r"^(?:not written: )?[A-Za-z]+(?:[Ee]rror|Disconnected|Exception)\b")


def meaning_of(answer: str) -> Meaning:
    """Return what an answer means; SILENT if it is no answer of a mail server at all."""
    return next((meaning for pattern, meaning in _MEANINGS if pattern.search(answer)), Meaning.SILENT)


def is_about_the_address(answer: str) -> bool:
    """Whether a final refusal says that the address itself takes no mail, whatever is sent to it."""
    is_final = not (answer.startswith("4") or code_of(answer).startswith("4"))
    return is_final and meaning_of(answer) in {Meaning.UNKNOWN, Meaning.DOMAIN}


def is_tried_again(answer: str) -> bool:
    """Whether a mail with this answer stays in the queue: it may be accepted later, or once the operator has removed
    the cause."""
    return not answer.startswith("5") or is_about_the_relay(answer)


def is_about_the_relay(answer: str) -> bool:
    """Whether the mail server of this site is to blame, or how it is used: its operator corrects it, no address does."""
    return meaning_of(answer) is Meaning.RELAY


def in_short(answer: str) -> str:
    """Return an answer by its codes and its meaning. Its words may name a person; these do not."""
    said = [*_BASIC_CODE.findall(answer), code_of(answer)]
    codes = " ".join(filter(None, said)) or "".join(_EXCEPTION.findall(answer))
    return f"{codes} ({meaning_of(answer)})".strip()


def code_of(answer: str) -> str:
    """Return the enhanced status code (RFC 3463) in an answer, or nothing."""
    found = _CODE.search(answer)
    return found.group() if found else ""
