"""The mailbox to which mail comes back: IMAP, a Maildir or an mbox file.

Handled messages are moved away. Messages that do not concern our mails stay, marked as seen, for a person to read.
"""

import imaplib
import mailbox
import re
import ssl
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from .bounce_reports import LARGEST

HANDLED = "Handled"  # the folder beside the inbox
TIMEOUT = 30
MOST = 1000  # messages in one run

Handle = Callable[[bytes], bool]


class Unreachable(Exception):
    """The mailbox cannot be opened."""


def read_new(url: str, handle: Handle) -> int:
    """Give each new message to `handle`, which returns whether it is dealt with; return how many there were.

    Raises Unreachable, without naming the password.
    """
    parts = urlsplit(url)
    readers = {
        "imap": _read_imap,
        "imap+tls": _read_imap,
        "imaps": _read_imap,
        "maildir": _read_maildir,
        "mbox": _read_mbox,
    }
    if parts.scheme not in readers:
        raise ImproperlyConfigured(
            "BOUNCES_URL must begin with imaps://, imap+tls://, imap://, maildir:// or mbox://."
        )
    try:
        return readers[parts.scheme](parts, handle)
    except (OSError, imaplib.IMAP4.error, mailbox.Error) as error:
        raise Unreachable(type(error).__name__) from error


# Files


def _read_maildir(parts, handle: Handle) -> int:
    box = mailbox.Maildir(_existing(parts.path), create=False)
    handled = box.add_folder(HANDLED)  # made if it is not there
    new = [key for key in box.iterkeys() if "S" not in box.get_message(key).get_flags()][:MOST]
    for key in new:
        message = box.get_message(key)
        with box.get_file(key) as file:
            is_handled = handle(file.read(LARGEST))
        message.set_subdir("cur")
        message.add_flag("S")
        if is_handled:
            handled.add(message)
            box.remove(key)
        else:
            box[key] = message
    return len(new)


def _read_mbox(parts, handle: Handle) -> int:
    box = mailbox.mbox(_existing(parts.path), create=False)
    handled = mailbox.mbox(f"{parts.path}.{HANDLED.lower()}")
    box.lock()
    try:
        new = [key for key in box.iterkeys() if "R" not in box[key].get_flags()][:MOST]
        for key in new:
            message = box[key]
            is_handled = handle(box.get_bytes(key)[:LARGEST])
            message.add_flag("RO")
            if is_handled:
                handled.add(message)
                box.remove(key)
            else:
                box[key] = message
        handled.flush()  # before it is removed here: a crash in between leaves two copies, not none
        box.flush()
    finally:
        box.unlock()
        box.close()
        handled.close()
    return len(new)


def _existing(path: str) -> str:
    if not Path(path).exists():
        raise FileNotFoundError(path)
    return path


# IMAP


def _read_imap(parts, handle: Handle) -> int:
    server = _connect(parts)
    try:
        server.login(unquote(parts.username or ""), unquote(parts.password or ""))
        folder = unquote(parts.path.strip("/")) or "INBOX"
        _done(server.select(_quoted(folder)))
        new = _done(server.uid("SEARCH", "UNSEEN"))[0].split()[:MOST]
        if new:
            server.create(_quoted(HANDLED))  # answers NO if it is there already
        for uid in new:
            _read_one(server, uid.decode(), handle)
        if new:
            server.expunge()
        return len(new)
    finally:
        server.logout()


def _connect(parts) -> imaplib.IMAP4:
    if parts.scheme == "imaps":
        return imaplib.IMAP4_SSL(
            parts.hostname, parts.port or 993, ssl_context=ssl.create_default_context(), timeout=TIMEOUT
        )
    server = imaplib.IMAP4(parts.hostname, parts.port or 143, timeout=TIMEOUT)
    if parts.scheme == "imap+tls":
        server.starttls(ssl.create_default_context())
    return server


def _read_one(server: imaplib.IMAP4, uid: str, handle: Handle) -> None:
    fetched = _done(server.uid("FETCH", uid, f"(BODY.PEEK[]<0.{LARGEST}>)"))
    raw = next((part[1] for part in fetched if isinstance(part, tuple)), None)
    if raw is None:  # somebody else has moved it meanwhile
        return
    if handle(raw):
        _done(server.uid("COPY", uid, _quoted(HANDLED)))
        _done(server.uid("STORE", uid, "+FLAGS", r"(\Seen \Deleted)"))
    else:
        _done(server.uid("STORE", uid, "+FLAGS", r"(\Seen)"))


def _done(answer):
    kind, data = answer
    if kind != "OK":
        raise imaplib.IMAP4.error(kind)
    return data


def _quoted(name: str) -> str:
    return '"' + re.sub(r'(["\\])', r"\\\1", name) + '"'
