"""Names and addresses are kept no longer than needed (rule 9). How long is in the settings KEEP_…."""

import datetime as dt
import logging
from collections.abc import Callable
from contextlib import contextmanager, nullcontext

from allauth.account.models import EmailAddress
from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from huey.contrib.djhuey import HUEY

from cpor_cases.mail import eml_files
from cpor_cases.models import (
    AccountAddress,
    Application,
    BouncedAddress,
    CaseAccess,
    CourtLogEntry,
    ImportRun,
    IncomingFile,
    KeptSearch,
    OutgoingMail,
    RejectedRow,
)
from cpor_core import signals

from . import accounts, ended_sessions, log_mentions

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
    """Nobody asks for the results of tasks, and those of failures quote what failed."""
    try:
        HUEY.storage.flush_results()
    except Exception:
        logger.exception("the results of tasks stay until the next purge: the queue is away")


def _overwrite_freed_pages() -> None:
    """SQLite keeps what was deleted in its journal until that is begun anew; the database itself is overwritten at once
    (`secure_delete`). Another connection that reads at this moment may keep a part of it until the next time."""
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute(BEGIN_JOURNAL_ANEW)


def _delete_refused_applications(now: dt.datetime, words: set[str]) -> int:
    before = now - relativedelta(months=settings.KEEP_REFUSED_APPLICATION_MONTHS)
    refused = Application.objects.filter(status=Application.Status.REFUSED, decided_at__lt=before)
    return _delete_applications(refused, words)


def _delete_undecided_applications(now: dt.datetime, words: set[str]) -> int:
    before = now - relativedelta(months=settings.KEEP_UNDECIDED_APPLICATION_MONTHS)
    return _delete_applications(Application.objects.pending().filter(recorded_at__lt=before), words)


@transaction.atomic
def _delete_applications(applications, words: set[str]) -> int:
    applications = Application.objects.filter(pk__in=list(applications.values_list("pk", flat=True)))
    accounts.blank_applications(applications, words)
    return applications.delete()[1].get("cpor_cases.Application", 0)


@transaction.atomic
def _blank_ended_accesses(now: dt.datetime, words: set[str]) -> int:
    """Forget who applied and when they looked, once neither this access nor the case's query period is alive."""
    before = now - relativedelta(months=settings.KEEP_ENDED_ACCESS_MONTHS)
    over = CaseAccess.objects.filter(accounts.over(before))
    over.exclude(own_name="", note="").update(own_name="", note="")
    named = Application.objects.approved().filter(accesses__in=over)
    named = named.exclude(applicant_name="", email="", receipt_number="")
    keys = list(named.values_list("pk", flat=True))
    ended = over.filter(application__in=keys)
    for account, case in ended.values_list("account", "case"):
        CourtLogEntry.objects.forget_views(user_id=account, case_id=case)
    _blank_remarks(list(ended.values_list("pk", flat=True)))
    return accounts.blank_applications(Application.objects.filter(pk__in=keys), words)


def _blank_remarks(accesses: list[int]) -> None:
    """What a clerk typed when the access was revoked is about its person, named or not."""
    remarks = CourtLogEntry.objects.get_for_model(CaseAccess).filter(
        object_id__in=map(str, accesses), action="cpor_cases.access.revoke", data__has_key="reason_given"
    )
    for entry in remarks:
        CourtLogEntry.objects.filter(pk=entry.pk).update(data=entry.data | {"reason_given": ""})


def _blank_mail_addresses(now: dt.datetime, words: set[str]) -> int:
    before = now - relativedelta(months=settings.KEEP_MAIL_ADDRESS_MONTHS)
    old = OutgoingMail.objects.filter(ended_at__lt=before).exclude(address="", last_answer="")
    return old.update(address="", last_answer="")  # servers like to repeat the address in their answer


def _forget_bounced_addresses(now: dt.datetime, words: set[str]) -> int:
    """Forget what is nobody's address any more, with the mails it stopped."""
    owned = AccountAddress.objects.filter(address=OuterRef("address"))
    asked = EmailAddress.objects.filter(email=OuterRef("address"))
    nobodys = BouncedAddress.objects.exclude(Exists(owned) | Exists(asked))
    return sum(_forget(bounced) for bounced in nobodys)


@transaction.atomic
def _forget(bounced: BouncedAddress) -> bool:
    stopped = OutgoingMail.objects.stopped().filter(address=bounced.address)
    stopped.update(state=OutgoingMail.State.DROPPED, ended_at=timezone.now())
    bounced.delete()
    return True


def _delete_rejected_rows(now: dt.datetime, words: set[str]) -> int:
    """Rows that an import rejected hold what the court sent of a case; the counts and the reasons' report stay."""
    before = now - relativedelta(months=settings.KEEP_REJECTED_ROW_MONTHS)
    ImportRun.objects.filter(started_at__lt=before).exclude(file_name="").update(file_name="")
    return RejectedRow.objects.filter(run__started_at__lt=before).delete()[0]


def delete_incoming_files(now: dt.datetime | None = None) -> int:
    """Delete files that no clerk has imported in time, and what courts' systems sent long ago; their runs stay on record."""
    return IncomingFile.objects.expired(now).delete()[1].get("cpor_cases.IncomingFile", 0)


def _delete_searches(now: dt.datetime, words: set[str]) -> int:
    return KeptSearch.objects.expired(now).delete()[0]


def _delete_searches_for(words: set[str]) -> int:
    return KeptSearch.objects.mentioning(words).delete()[0]


_KINDS: dict[str, Callable[[dt.datetime, set[str]], int]] = {
    "undecided applications": _delete_undecided_applications,
    "refused applications": _delete_refused_applications,
    "ended accesses": _blank_ended_accesses,
    "accounts told that they end": lambda now, words: accounts.tell_beforehand(now),
    "accounts never activated": accounts.empty_never_activated,
    "accounts without a case": accounts.empty_without_access,
    "closed accounts": accounts.empty_closed,
    "mail addresses": _blank_mail_addresses,
    "bounced addresses": _forget_bounced_addresses,
    "rejected rows": _delete_rejected_rows,
    "incoming files": lambda now, words: delete_incoming_files(now),
    "searches": _delete_searches,
}
