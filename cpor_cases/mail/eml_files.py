"""Mails as files, where no mail server is configured (EMAIL_FILE_PATH). They hold addresses and are purged like mails."""

import datetime as dt
import email
import email.policy
from collections.abc import Iterable
from email.utils import getaddresses
from pathlib import Path
from uuid import uuid4

from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend

from cpor_core import conf


class EmlFileBackend(BaseEmailBackend):
    """Write each mail as one `.eml` file below EMAIL_FILE_PATH, named by the time; mail programs open them."""

    def send_messages(self, email_messages) -> int:
        folder = Path(settings.EMAIL_FILE_PATH)
        folder.mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            name = f"{dt.datetime.now():%Y%m%d-%H%M%S-%f}-{uuid4().hex[:6]}.eml"
            unfinished = folder / f".{name}"
            unfinished.write_bytes(message.message().as_bytes(linesep="\r\n"))
            unfinished.rename(folder / name)  # a file under its final name is always complete
        return len(email_messages)


def purge(now: dt.datetime, *, addresses: Iterable[str] = (), dry_run: bool = False) -> int:
    """Delete the files that are old enough, and those to one of `addresses`; return how many (that would be)."""
    before = (now - relativedelta(days=conf.KEEP_MAIL_FILE_DAYS)).timestamp()
    addresses = {address.casefold() for address in addresses if address}
    old = [
        path
        for path in _files()
        if path.stat().st_mtime < before or (addresses and _recipients(path) & addresses)
    ]
    if not dry_run:
        for path in old:
            path.unlink(missing_ok=True)
    return len(old)


def _files() -> list[Path]:
    folder = settings.EMAIL_FILE_PATH and Path(settings.EMAIL_FILE_PATH)
    return sorted(folder.glob("*.eml")) if folder and folder.is_dir() else []


def _recipients(path: Path) -> set[str]:
    with path.open("rb") as file:
        message = email.message_from_binary_file(file, policy=email.policy.default)
    return {address.casefold() for _name, address in getaddresses(message.get_all("To", []))}
