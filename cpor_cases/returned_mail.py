"""What came back: reading delivery status notifications (RFC 3464), and the older ones that only say so in words."""

import email
import email.message
import re
from dataclasses import dataclass
from email import policy

from .email_addresses import normalise

LARGEST = 1_000_000  # bytes of a message that are read: what matters stands at its beginning

FAILED, DELAYED = "failed", "delayed"
_MESSAGE_ID = re.compile(r"<([^<>\s]+@[^<>\s]+)>")
_ID_LINE = re.compile(r"^Message-ID:\s*<([^<>\s]+)>", re.I | re.M)
_STATUS = re.compile(r"\b[245]\.\d{1,3}\.\d{1,3}\b")


class NotReadable(Exception):
    """This message is broken in such a way that nothing can be said about it."""


@dataclass(frozen=True)
class Report:
    """What a server says about one recipient of one message of ours, if it is ours: that is for others to judge."""

    message_ids: frozenset[str]
    addresses: frozenset[str]  # as we wrote it, and where it went in the end
    action: str
    status: str
    answer: str


def read(raw: bytes) -> list[Report]:
    """Return what a message reports; nothing if it is no report (an automatic reply, a receipt, a letter).

    Raises NotReadable.
    """
    try:
        # PostgreSQL takes no NUL, and no header may hold one (RFC 5322).
        message = email.message_from_bytes(raw[:LARGEST].replace(b"\0", b""), policy=policy.compat32)
        status = next((p for p in message.walk() if p.get_content_type() == "message/delivery-status"), None)
        if status is not None:
            return _reports(message, status)
        return _report_in_words(message)
    except Exception as error:  # whatever a stranger's server wrote must not stop the others
        raise NotReadable(type(error).__name__) from error


def _reports(message, status) -> list[Report]:
    ids = _message_ids(message)
    reports = (_report(group, ids) for group in _groups(status))
    return [report for report in reports if report and report.action in (FAILED, DELAYED)]


def _groups(status) -> list[email.message.Message]:
    """Return the header groups of a delivery status: one about the message, then one for each recipient."""
    payload = status.get_payload()
    if isinstance(payload, list):
        return [group for group in payload if group.get("Final-Recipient") or group.get("Original-Recipient")]
    blocks = re.split(r"\r?\n\s*\r?\n", str(payload))
    return [email.message_from_string(block) for block in blocks if "-recipient:" in block.lower()]


def _report(group, ids: frozenset[str]) -> Report | None:
    addresses = {_address(group.get(name)) for name in ("Original-Recipient", "Final-Recipient")} - {""}
    status = _STATUS.search(str(group.get("Status", "")))
    said = _one_line(group.get("Diagnostic-Code", "")).partition(";")
    answer = (said[2] or said[0]).strip()
    code = status.group() if status else ""
    if code and not _STATUS.search(answer):
        answer = f"{code} {answer}".strip()
    action = str(group.get("Action", "")).split(";")[0].strip().lower()
    return Report(ids, frozenset(addresses), action, code, answer) if addresses else None


def _address(value) -> str:
    """Return the address in `rfc822; <person@example.com>`."""
    return normalise(_one_line(value or "").rpartition(";")[2].strip(" <>"))


def _one_line(value) -> str:
    return " ".join(str(value).replace("\0", "").split())  # PostgreSQL takes no NUL


def _message_ids(message) -> frozenset[str]:
    """Return the Message-IDs of the message that is reported about: of its returned head, or else as replied to."""
    for part in message.walk():
        kind = part.get_content_type()
        if kind == "message/rfc822" and isinstance(part.get_payload(), list) and part.get_payload():
            found = _MESSAGE_ID.findall(str(part.get_payload(0).get("Message-ID", "")))
        elif kind in ("text/rfc822-headers", "message/rfc822-headers"):
            found = _ID_LINE.findall(_text(part))
        else:
            continue
        if found:
            return frozenset(found)
    replied_to = " ".join(str(message.get(name, "")) for name in ("In-Reply-To", "References"))
    return frozenset(_MESSAGE_ID.findall(replied_to))


def _text(part) -> str:
    payload = part.get_payload(decode=True)
    if payload is None:
        payload = str(part.get_payload()).encode("utf-8", "replace")
    return payload.decode("utf-8", "replace").replace("\0", "")


def _report_in_words(message) -> list[Report]:
    """Read what older servers write: the recipients in a header, the reason in words, a copy of the message below."""
    failed = message.get("X-Failed-Recipients")
    if not failed:
        return []
    text = "\n".join(_text(part) for part in message.walk() if part.get_content_maintype() == "text")
    ids = _message_ids(message) | frozenset(_ID_LINE.findall(text))
    said = re.search(r"\b[45]\d\d[ -].*", text) or re.search(r"(?i)unrouteable address|user unknown", text)
    answer = _one_line(said.group()) if said else ""
    code = _STATUS.search(answer)
    addresses = [normalise(part.strip(" <>\t")) for part in _one_line(failed).split(",")]
    return [
        Report(ids, frozenset({address}), FAILED, code.group() if code else "", answer)
        for address in addresses
    ]
