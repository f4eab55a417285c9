"""Bounce reports, and what happens to stopped mails when an address is corrected."""

import datetime as dt
import logging
from collections import Counter
from enum import StrEnum

from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.db import transaction
from django.utils import timezone

from cpor_cases.mail import bounce_mailbox, bounce_reports, bounces, outbox, queue
from cpor_cases.mail.bounce_reports import Report
from cpor_cases.mail.messages import kinds_that
from cpor_cases.mail.smtp_replies import Meaning, is_about_the_address, is_about_the_relay, meaning_of
from cpor_cases.models import BouncedAddress, OutgoingMail, UnreadReport
from cpor_core import conf

logger = logging.getLogger(__name__)
State = OutgoingMail.State
DAY = dt.timedelta(days=1)


@transaction.atomic
def clear(address: str, *, now: dt.datetime | None = None) -> int:
    """Delete the mark that an address bounces and send the mails it stopped; return how many.

    Safe on an address that is not marked. If it still bounces, the next reply of its server marks it again.
    """
    bounced = BouncedAddress.objects.of(address).select_for_update().first()
    if bounced is None:
        return 0
    bounced.delete()
    owners = get_user_model().objects.filter(own_addresses__address=bounced.address)
    return _send_after_all(_stopped_by(bounced), _failed_by(bounced, owners), now=now)


@transaction.atomic
def follow(account, *, now: dt.datetime | None = None) -> int:
    """Send to the present address of an account the mails that its former addresses stopped; return how many.

    A mail that proves an address never goes to another one. Nor does a mail about a case that the person may no longer
    see: its court must not learn of the new address.
    """
    former = OutgoingMail.objects.filter(account=account).exclude(address=account.email).values("address")
    sent = 0
    for bounced in BouncedAddress.objects.hard().filter(address__in=former):
        stopped = _stopped_by(bounced).awaited().filter(account=account)
        failed = _failed_by(bounced, [account]).awaited()
        sent += _send_after_all(stopped, failed, address=account.email, now=now)
    return sent


def _stopped_by(bounced: BouncedAddress):
    return OutgoingMail.objects.stopped().filter(address=bounced.address)


def _failed_by(bounced: BouncedAddress, owners):
    """Return the mails that failed since the address is marked."""
    failed = OutgoingMail.objects.filter(state=State.FAILED, ended_at__gte=bounced.since, account__in=owners)
    return failed.filter(address=bounced.address)


def _send_after_all(*lists, address: str = "", now: dt.datetime | None = None) -> int:
    """Send again each mail that is still of use, to `address` if it is given; drop the others."""
    now = now or timezone.now()
    useless = kinds_that("is_of_the_moment")
    if address:
        useless |= kinds_that("is_bound_to_its_address")
    useful = sorted((mail for mails in lists for mail in mails.exclude(kind__in=useless)), key=lambda m: m.pk)
    for mails in lists:
        mails.stopped().filter(kind__in=useless).update(state=State.DROPPED, ended_at=now)
    return outbox.take_up(useful, address=address, now=now)


class Came(StrEnum):
    """What a returned message was."""

    BOUNCED = "bounced"
    DELAYED = "delayed"
    NOT_OURS = "not about mail of ours"
    NO_REPORT = "no report"
    UNREADABLE = "unreadable"


def take_back(raw: bytes, *, now: dt.datetime | None = None) -> Came:
    """Record what a returned message says about mails of this service.

    It counts only if it names the Message-ID of a mail that was sent to that very address: otherwise anybody could stop
    another person's mails.
    """
    try:
        reports = bounce_reports.read(raw)
    except bounce_reports.NotReadable:
        return Came.UNREADABLE
    came = {note(report, now=now) for report in reports}
    return next(
        (each for each in (Came.BOUNCED, Came.DELAYED, Came.NOT_OURS) if each in came), Came.NO_REPORT
    )


@transaction.atomic
def note(report: Report, *, now: dt.datetime | None = None) -> Came:
    """Record one report on its mail, and mark the address if the report is about the address."""
    mail = _mail_of(report)
    if mail is None:
        return Came.NOT_OURS
    now = now or timezone.now()
    is_final = report.action == bounce_reports.FAILED
    if is_final and mail.state == State.SENT:
        sent = OutgoingMail.objects.filter(pk=mail.pk, state=State.SENT)
        if sent.update(state=State.FAILED, ended_at=now, last_answer=report.answer[:500]):
            queue.tell_given_up(mail, report.answer)
    hardness = _hardness(report, is_final)
    if hardness:
        bounces.mark(mail.address, answer=report.answer, status=report.status, hardness=hardness, now=now)
    return Came.BOUNCED if is_final else Came.DELAYED


def _mail_of(report: Report) -> OutgoingMail | None:
    mails = OutgoingMail.objects.filter(message_id__in=list(report.message_ids)[:10])
    return next((mail for mail in mails if mail.address in report.addresses), None)


def _hardness(report: Report, is_final: bool) -> BouncedAddress.Hardness | None:
    """Return how the address bounces; None if the mail was refused for its content or sender."""
    if is_about_the_relay(report.answer):
        return None
    if is_final and is_about_the_address(report.answer):
        return BouncedAddress.Hardness.HARD
    if not is_final or meaning_of(report.answer) in {Meaning.FULL, Meaning.LATER, Meaning.SILENT}:
        return BouncedAddress.Hardness.SOFT
    return None


def read_mailbox() -> dict[str, int]:
    """Read the messages in the mailbox of BOUNCES_URL; return how many there were of each kind. Raises Unreachable."""
    counts: Counter[str] = Counter()

    def handle(raw: bytes) -> bool:
        came = take_back(raw)
        counts[came] += 1
        return came in {Came.BOUNCED, Came.DELAYED}

    try:
        bounce_mailbox.read_new(conf.BOUNCES_URL, handle)
    except bounce_mailbox.Unreachable as error:
        cache.set(_UNREACHABLE, str(error), int(DAY.total_seconds()))
        raise
    finally:
        _tell_of_unread(counts[Came.UNREADABLE])
    cache.delete(_UNREACHABLE)
    return dict(counts)


# The last failure to open the mailbox, for /readyz. The next reading replaces it.
_UNREACHABLE = "returned-mail-unreachable"


def unread_of_the_day() -> int:
    """Return how many reports of the last day stay in the mailbox because they could not be read."""
    return UnreadReport.objects.filter(came_at__gt=timezone.now() - DAY).count()


def why_unreachable() -> str:
    """Return why the mailbox could not be opened the last time; nothing if it could."""
    return cache.get(_UNREACHABLE, "")


def _tell_of_unread(count: int) -> None:
    UnreadReport.objects.filter(came_at__lte=timezone.now() - DAY).delete()
    if count:
        logger.warning(
            "%s returned messages could not be read; they stay in the mailbox of BOUNCES_URL", count
        )
        UnreadReport.objects.bulk_create([UnreadReport() for _each in range(count)])
