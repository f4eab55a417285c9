"""The purge: deletes or blanks what has been kept long enough, of whatever kind."""

import datetime as dt
import logging
from collections.abc import Callable
from contextlib import contextmanager, nullcontext

from django.db import connection, transaction
from django.utils import timezone
from huey.contrib.djhuey import HUEY

from cpor_cases.actions import clarity, staff_invitations
from cpor_cases.mail import eml_files
from cpor_cases.models import (
    SavedSearch,
)
from cpor_core import signals

from . import accounts, applications, ended_sessions, imports, log_mentions, mails, petitions

logger = logging.getLogger(__name__)

BEGIN_JOURNAL_ANEW = "PRAGMA wal_checkpoint(TRUNCATE)"


def purge_expired(now: dt.datetime | None = None, *, dry_run: bool = False) -> dict[str, int]:
    """Purge what has been kept long enough and return how much of each. Safe to repeat.

    With `dry_run` nothing changes: the same is done in a transaction that is rolled back.
    """
    now = now or timezone.now()
    words: set[str] = set()  # names and addresses of those who are forgotten
    with _rolled_back() if dry_run else nullcontext():
        counts = {kind: purge(now, words) for kind, purge in _KINDS.items()}
        counts |= ended_sessions.purge_sessions(now)
        counts |= _answers(signals.expired.send(None, now=now))
        counts["mentions in the record"] = log_mentions.forget_in_record(words)
        counts["searches that named somebody"] = _delete_searches_for(words)
        counts |= _answers(signals.forgotten.send(None, words=words))
    counts["mail files"] = eml_files.purge(now, addresses=words, dry_run=dry_run)
    if not dry_run:
        _forget_results()
        _overwrite_freed_pages()
    return counts


@contextmanager
def _rolled_back():
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _answers(responses: list[tuple]) -> dict[str, int]:
    return {kind: count for _receiver, counts in responses for kind, count in counts.items()}


def _forget_results() -> None:
    """Delete the results of tasks: nobody reads them, and those of failures quote what failed."""
    try:
        HUEY.storage.flush_results()
    except Exception:
        logger.exception("the results of tasks stay until the next purge: the queue cannot be reached")


def _overwrite_freed_pages() -> None:
    """Truncate SQLite's journal, which still holds what was deleted; the database itself is overwritten at once
    (`secure_delete`). Another connection that reads at this moment may keep a part of it until the next purge."""
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute(BEGIN_JOURNAL_ANEW)


def _delete_searches(now: dt.datetime, words: set[str]) -> int:
    return SavedSearch.objects.expired(now).delete()[0]


def _delete_searches_for(words: set[str]) -> int:
    return SavedSearch.objects.mentioning(words).delete()[0]


_KINDS: dict[str, Callable[[dt.datetime, set[str]], int]] = {
    "undecided applications": applications.delete_undecided,
    "refused applications": applications.delete_refused,
    "ended accesses": applications.blank_of_ended_accesses,
    "accounts told that they end": lambda now, words: accounts.tell_beforehand(now),
    "accounts never activated": accounts.empty_never_activated,
    "accounts without a case": accounts.empty_without_access,
    "closed accounts": accounts.empty_closed,
    "petitions": petitions.delete_expired,
    "mails with codes for petitions": petitions.delete_code_mails,
    "mail addresses": mails.blank_addresses,
    "bounced addresses": mails.delete_bounced_addresses,
    "rejected rows": imports.delete_rejected_rows,
    "manifests": imports.delete_manifests,
    "incoming files": lambda now, words: imports.delete_incoming_files(now),
    "searches": _delete_searches,
    "staff invitations": staff_invitations.delete_expired,
    "marks of votes": lambda now, words: clarity.forget_votes(now),
}
