"""Mails kept as files, where no mail server is configured (EMAIL_FILE_PATH): they hold addresses and go like mails."""

import datetime as dt
import email
import email.policy
from collections.abc import Iterable
from email.utils import getaddresses
from pathlib import Path

from dateutil.relativedelta import relativedelta
from django.conf import settings


def purge(now: dt.datetime, *, addresses: Iterable[str] = (), dry_run: bool = False) -> int:
    """Delete the files that are old enough, and those to one of `addresses`; return how many (that would be)."""
    before = (now - relativedelta(days=settings.KEEP_MAIL_FILE_DAYS)).timestamp()
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
