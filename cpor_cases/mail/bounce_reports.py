"""Reads delivery status notifications (RFC 3464, RFC 6533), and older bounce messages that are written for people only."""

import email
import email.message
import re
from dataclasses import dataclass
from email import policy
from email.utils import parseaddr

from cpor_core.email_addresses import normalise

LARGEST = 1_000_000  # bytes of a message that are read: what matters stands at its beginning

FAILED, DELAYED = "failed", "delayed"
_STATUS_PARTS = {"message/delivery-status", "message/global-delivery-status"}
_WHOLE_MESSAGES = {"message/rfc822", "message/global"}
_RETURNED_HEADS = {
    *_WHOLE_MESSAGES,
    "message/rfc822-headers",
    "message/global-headers",
    "text/rfc822-headers",
}
# Anybody may write to this mailbox: these patterns take linear time, however long a line is.
_MESSAGE_ID = re.compile(r"<([^<>\s@]+@[^<>\s]+)>")
_ID_LINE = re.compile(r"^(?:X-Original-)?Message-ID:\s*<([^<>\s]+)>", re.I | re.M)
_MOST_IDS = 10  # in one report; no genuine one has more
_STATUS = re.compile(r"\b[245]\.\d{1,3}\.\d{1,3}\b")
_BLANK_LINES = re.compile(r"\r?\n[ \t]*\r?\n\s*")
_UNICODE_IN_ASCII = re.compile(r"\\x\{([0-9A-Fa-f]{1,6})\}")  # RFC 6533, 3
_XTEXT = re.compile(r"\+([0-9A-F]{2})")  # RFC 3461, 4
_COMMENT = re.compile(r"\([^()]*\)")
_ADDRESS = re.compile(r"(?<![^\s<>()\[\],;:\"])[^\s<>()\[\],;:\"]+@[^\s<>()\[\],;:\"]+")
# What mail servers write when they have given up, or are still trying.
_GIVEN_UP = re.compile(r"\b[45]\d\d[ -].*|^.*\b5\.\d{1,3}\.\d{1,3}\b.*", re.M)
_GIVEN_UP_IN_WORDS = re.compile(
    r"unrouteable address|(?:user|mailbox|recipient) unknown|no such user"
    r"|^.*(?:over quota|no longer accepts mail|no mailbox|does(?: not|n't) exist|查無此|不存在|信箱已滿|空間不足|已停用).*",
    re.I | re.M,
)
_GIVEN_UP_WITHOUT_REASON = re.compile(
    r"^.*(?:permanent (?:fatal )?error|無法(?:送達|投遞|寄達|遞送)).*", re.I | re.M
)
_STILL_TRIED = re.compile(
    r"\bdelayed \d|warning: message|(?:has )?not yet been delivered|no action is required on your part"
    r"|will (?:continue|keep) (?:to try|trying)|you do not need to resend",
    re.I,
)
_PROGRAMS = {"mailer-daemon", "postmaster", "mailerdaemon", "mail-daemon"}


class NotReadable(Exception):
    """The message is a report, or seems to be one, but cannot be understood."""


@dataclass(frozen=True)
class Report:
    """What a server reports about one recipient of one message. The caller finds out whether the message is ours."""

    message_ids: frozenset[str]
    addresses: frozenset[str]  # as we wrote it, and where it went in the end
    action: str
    status: str
    answer: str


def read(raw: bytes) -> list[Report]:
    """Return what a message reports; nothing if it reports no failure (a receipt, an automatic reply, a person's message).

    Raises NotReadable for what is a report by its form or sender, but cannot be understood.
    """
    try:
        # PostgreSQL takes no NUL, and no header may hold one (RFC 5322).
        message = email.message_from_bytes(raw[:LARGEST].replace(b"\0", b""), policy=policy.compat32)
        return _read(message)
    except NotReadable:
        raise
    except Exception as error:  # a malformed message must not stop the others
        raise NotReadable(type(error).__name__) from error


def _read(message) -> list[Report]:
    ids = _message_ids(message)
    groups = [group for part in _parts(message, _STATUS_PARTS) for group in _groups(_content(part))]
    reports = [report for group in groups if (report := _report(group, ids))]
    if reports:
        return [report for report in reports if report.action in (FAILED, DELAYED)]
    reports = _reports_in_words(message, ids)
    if not reports and _is_report(message):
        raise NotReadable("no recipient")
    return reports


def _is_report(message) -> bool:
    kind = str(message.get_param("report-type", "")).lower()
    return kind in ("delivery-status", "global-delivery-status") or _is_from_program(message)


def _is_from_program(message) -> bool:
    """Whether a mail server wrote it. Automatic replies of people come from their own address."""
    sender = parseaddr(_one_line(message.get("From", "")))[1] or _one_line(message.get("From", ""))
    return sender.partition("@")[0].strip(" <>\"'").lower() in _PROGRAMS


def _parts(message, kinds: set[str]):
    return (part for part in message.walk() if part.get_content_type() in kinds)


def _content(part) -> str:
    """Return the decoded content of a part. The library parses parts of the type message/* itself, even encoded ones."""
    payload = part.get_payload()
    if isinstance(payload, list):
        text = b"\n\n".join(inner.as_bytes() for inner in payload)
        cover = email.message.Message()
        cover["Content-Transfer-Encoding"] = _one_line(part.get("Content-Transfer-Encoding", "")).lower()
        cover.set_payload(text.strip().decode("ascii", "surrogateescape"))
        payload = cover.get_payload(decode=True)
    else:
        payload = part.get_payload(decode=True)
    return _decoded(payload, part)


def _decoded(text: bytes, part) -> str:
    """Decode text by its real encoding: providers in Taiwan write Big5 without declaring it."""
    for encoding in ("utf-8", part.get_content_charset() or "", "cp950"):
        try:
            return text.decode(encoding).replace("\0", "")
        except (UnicodeDecodeError, LookupError):
            continue
    return text.decode("utf-8", "replace").replace("\0", "")


# The machine-readable part


def _groups(status: str) -> list[email.message.Message]:
    """Return the header groups of a delivery status: the first is about the message, each other one about a recipient."""
    groups = (email.message_from_string(block) for block in _BLANK_LINES.split(status.strip()))
    return [group for group in groups if group.get("Final-Recipient") or group.get("Original-Recipient")]


def _report(group, ids: frozenset[str]) -> Report | None:
    named = (group.get(name) for name in ("Original-Recipient", "Final-Recipient"))
    addresses = frozenset(address for value in named for address in _spellings(value))
    status = _STATUS.search(str(group.get("Status", "")))
    said = _one_line(group.get("Diagnostic-Code", "")).partition(";")
    answer = (said[2] or said[0]).strip()
    code = status.group() if status else ""
    if code and not _STATUS.search(answer):
        answer = f"{code} {answer}".strip()
    return Report(ids, addresses, _action(group, code), code, answer) if addresses else None


def _action(group, code: str) -> str:
    """Return the action of a recipient's group, derived from the status where it is missing."""
    named = re.match(r"\s*([A-Za-z]+)", str(group.get("Action", "")))
    return named.group(1).lower() if named else {"5": FAILED, "4": DELAYED}.get(code[:1], "")


def _spellings(value) -> set[str]:
    """Return the address in `rfc822; <person@example.com> (a comment)`, in each way in which it may have been meant."""
    text = _COMMENT.sub("", _one_line(value or "").rpartition(";")[2])
    text = _UNICODE_IN_ASCII.sub(lambda found: _character(found.group(1)), text)
    local, at, domain = text.strip(" <>").rpartition("@")
    plain = local.strip('"') + at + domain
    return {normalise(plain), normalise(_XTEXT.sub(lambda found: _character(found.group(1)), plain))} - {""}


def _character(code: str) -> str:
    number = int(code, 16)
    return chr(number) if 0 < number < 0xD800 or 0xDFFF < number <= 0x10FFFF else ""


def _one_line(value) -> str:
    return " ".join(str(value).replace("\0", "").split())  # PostgreSQL takes no NUL


def _message_ids(message) -> frozenset[str]:
    """Return the Message-IDs of the message that is reported about, from wherever servers write them: its returned
    head, the report's word about the message, a header, or as replied to."""
    found = [key for part in _parts(message, _RETURNED_HEADS) for key in _ID_LINE.findall(_head(part))]
    found += [key for part in _parts(message, _STATUS_PARTS) for key in _ID_LINE.findall(_content(part))]
    for name in ("X-Original-Message-ID", "In-Reply-To", "References"):
        found += _MESSAGE_ID.findall(_one_line(message.get(name, "")))
    return frozenset(list(dict.fromkeys(found))[:_MOST_IDS])


def _head(part) -> str:
    text = _content(part)
    return _BLANK_LINES.split(text, maxsplit=1)[0] if part.get_content_type() in _WHOLE_MESSAGES else text


# Text for people only


def _reports_in_words(message, ids: frozenset[str]) -> list[Report]:
    """Read what older servers write: recipients and reason in words, a copy of the message below or beside.

    From programs only. The recipient is among the addresses they name; the Message-ID tells which one it is.
    """
    named = message.get("X-Failed-Recipients")
    if not named and not _is_from_program(message):
        return []
    text = "\n".join(_text(part) for part in _texts(message))
    ids |= frozenset(_ID_LINE.findall(text)[:_MOST_IDS])
    ways = (_GIVEN_UP, _GIVEN_UP_IN_WORDS, _GIVEN_UP_WITHOUT_REASON)
    said = next((found for way in ways if (found := way.search(text))), None)
    action = DELAYED if _STILL_TRIED.search(f"{_one_line(message.get('Subject', ''))}\n{text}") else FAILED
    if not ids or not (named or said or action == DELAYED):
        return []
    answer = _one_line(said.group()) if said else ""
    code = _STATUS.search(answer)
    addresses = _ADDRESS.findall(_one_line(named) if named else text)[:_MOST_IDS]
    return [
        Report(ids, frozenset({normalise(address)}), action, code.group() if code else "", answer)
        for address in dict.fromkeys(addresses)
    ]


def _texts(message):
    """Return the parts that people read, not those of the message that came back."""
    returned = {id(inner) for part in _parts(message, _RETURNED_HEADS) for inner in part.walk()}
    return (
        part for part in message.walk() if part.get_content_maintype() == "text" and id(part) not in returned
    )


def _text(part) -> str:
    return _decoded(part.get_payload(decode=True) or b"", part)
