"""Posting mail: a mail is a row, written in the transaction of the action that causes it. `delivery` sends it.

Only `notifications` posts. After the commit a worker is told; if that message is lost, the clock's next tick finds the rows.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Min, QuerySet
from django.utils import timezone

from cpor_cases import signals
from cpor_cases.models import (
    Announcement,
    CaseAccess,
    HearingNotice,
    ImportRun,
    Occasion,
    OutgoingMail,
    litigant_of,
)
from cpor_cases.models.outgoing_mails import make_message_id
from cpor_core.models import Court

from . import messages, queue
from .delivery import enqueue_delivery

State = OutgoingMail.State
URGENT = messages.base.OF_AN_ACCOUNT  # of a hearing within days: before all other news
OF_FEW = OutgoingMail.PRIORITY_OF_FEW  # of what is small, which need not wait for the mails of a large file
PEOPLE = 200  # whose joint mails are written in one transaction
ONE_MAIL_EACH = dt.timedelta(days=1)  # of what joins
BETWEEN_TWO = dt.timedelta(minutes=1)  # mails to one person about the same import
MANY_MAILS = 1000  # of one import: PostgreSQL's statistics are renewed before so many are sent


def post(
    kind: str,
    *,
    account,
    court: Court | None = None,
    access: CaseAccess | None = None,
    about: dict | None = None,
    address: str = "",
    not_before: dt.datetime | None = None,
    accepted_at: dt.datetime | None = None,
) -> OutgoingMail:
    """Write one mail to be sent to `account`, in the transaction of the action that causes it, and tell a worker.

    It goes to the account's address unless another `address` is given (one that is to be confirmed, or was replaced). The
    address alone is given of whoever has no account yet. What it tells of is accepted now, or when it is to be sent, unless
    the service had it before: `accepted_at`.
    """
    not_before = not_before or timezone.now()
    mail = OutgoingMail.objects.create(
        kind=kind,
        account=account,
        address=address or account.email,
        court=court,
        access=access,
        about=about or {},
        priority=messages.MESSAGES[kind].priority,
        accepted_at=accepted_at or not_before,
        not_before=not_before,
        next_attempt_at=not_before,
    )
    enqueue_delivery()
    return mail


def hold_progress_mails(run: ImportRun, recipients: Iterable[dict], *, is_ahead: bool = False) -> None:
    """Write one progress mail for each recipient of a run, once per person and run, held until the run has ended.

    `recipients` are rows of account, address and court (None where the news come from several courts). A mail that is to
    leave ahead of the rest is one besides, held until `release_mails_ahead`.
    """
    is_of_few = run.is_small or is_ahead
    OutgoingMail.objects.bulk_create(
        (
            OutgoingMail(
                kind=OutgoingMail.Kind.PROGRESS,
                account_id=recipient["account"],
                address=recipient["address"],
                court_id=recipient["court"],
                run=run,
                is_ahead=is_ahead,
                priority=OF_FEW if is_of_few else OutgoingMail.LOWEST_PRIORITY,
                state=State.HELD,
                accepted_at=run.started_at,
            )
            for recipient in recipients
        ),
        ignore_conflicts=True,
        batch_size=500,
    )


def put_urgent_first(run: ImportRun, *, is_ahead: bool = False) -> None:
    """Send the held mails of a run that tell of a changed hearing of the next days before all others, whichever of its
    batches they were written with."""
    told = HearingNotice.objects.mailed().filter(run=run, is_ahead=is_ahead)
    held = OutgoingMail.objects.of_run(run).filter(state=State.HELD, is_ahead=is_ahead)
    held.filter(account__in=told.values("access__account")).update(priority=URGENT)


def post_jointly(occasions: Iterable[Occasion]) -> None:
    """Write one mail for each person and kind among these occasions, with their `access` and its account and case.

    What a mail has been written for already is left out. The people are locked meanwhile, some at a time, so that two
    workers that find the same at the same moment write it once.
    """
    of_people: dict[int, list[Occasion]] = defaultdict(list)
    for occasion in occasions:
        of_people[occasion.access.account_id].append(occasion)
    keys = sorted(of_people)
    for start in range(0, len(keys), PEOPLE):
        some = keys[start : start + PEOPLE]
        with transaction.atomic():
            people = get_user_model().objects.filter(pk__in=some).order_by("pk")
            list(people.select_for_update(no_key=True).values_list("pk"))
            _post_untold([occasion for key in some for occasion in of_people[key]])


def _post_untold(occasions: list[Occasion]) -> None:
    told = Occasion.objects.filter(access__in={occasion.access_id for occasion in occasions})
    known = {occasion.what for occasion in told}
    mails: dict[tuple, OutgoingMail] = {}
    new = {each.what: each for each in occasions if each.what not in known}
    for occasion in new.values():
        account, court = occasion.access.account, occasion.access.case.court_id
        facts = {"kind": occasion.kind, "account": account, "address": account.email, "court_id": court}
        priority = messages.MESSAGES[occasion.kind].priority
        mail = mails.setdefault((occasion.kind, account.pk), OutgoingMail(priority=priority, **facts))
        # Of several the one that was due first.
        mail.accepted_at = min(filter(None, [mail.accepted_at, occasion.due_at]))
        if mail.court_id != court:
            mail.court_id = None
        occasion.mail = mail
    if new:
        post_all(mails.values())
        Occasion.objects.bulk_create(new.values(), batch_size=500)


def post_joining(occasion: Occasion) -> OutgoingMail:
    """Write what an action tells one person of one case, with its `access`, account and case: into the mail of this kind
    and court that no worker has taken yet, or else into a new one.

    The new one leaves at once if it is the first in 24 hours, otherwise when the person's daily mails do, so that what is
    told in between joins it.
    """
    account, court = occasion.access.account, occasion.access.case.court
    list(get_user_model().objects.filter(pk=account.pk).select_for_update(no_key=True).values_list("pk"))
    own = OutgoingMail.objects.filter(kind=occasion.kind, account=account, court=court)
    waiting = own.waiting().filter(address=account.email, attempts=0, lease=None).order_by("-pk")
    # The lock keeps workers from taking it before it tells of this as well.
    mail = waiting.select_for_update(of=("self",), skip_locked=True).first()
    if mail is None:
        is_first = not own.filter(created_at__gt=timezone.now() - ONE_MAIL_EACH).exists()
        not_before = None if is_first else next_daily_mail(account)
        mail = post(occasion.kind, account=account, court=court, not_before=not_before)
    tell_of(mail, [occasion])
    return mail


def tell_of(mail: OutgoingMail, occasions: Iterable[Occasion]) -> None:
    """Let a mail that is not sent yet tell of these occasions, or of what another mail told by them."""
    facts = ("access_id", "kind", "day", "days_before")
    Occasion.objects.bulk_create(
        Occasion(mail=mail, **{name: getattr(occasion, name) for name in facts}) for occasion in occasions
    )


def next_daily_mail(account) -> dt.datetime:
    """Return when the account's daily mails leave next."""
    now = timezone.localtime()
    today = now.replace(hour=litigant_of(account).digest_hour, minute=0, second=0, microsecond=0)
    return today if today > now else today + dt.timedelta(days=1)


def post_all(mails: Iterable[OutgoingMail]) -> None:
    """Write many mails at once, in the transaction of the action that causes them."""
    OutgoingMail.objects.bulk_create(mails, batch_size=500)
    enqueue_delivery()


def release_mails_ahead(run: ImportRun, now: dt.datetime) -> None:
    """Send now, while a run goes on, those of its mails that are to leave ahead of the rest."""
    held = OutgoingMail.objects.of_run(run).filter(state=State.HELD, is_ahead=True)
    held.update(state=State.WAITING, not_before=now, next_attempt_at=now)
    enqueue_delivery()


def release_progress_mails(run: ImportRun, at: dt.datetime, *, accepted_at: dt.datetime | None = None) -> int:
    """Schedule the mails of an ended run for the moment `at`; return how many they are.

    What they tell of was accepted with the run, or is at the end of the hold; `accepted_at` if it was at another moment.
    Whoever was told of changed hearings ahead of the rest is told of the rest a minute after that at the earliest.
    """
    is_on_hold = at > timezone.now()
    accepted_at = accepted_at or (at if is_on_hold else run.started_at)
    held = OutgoingMail.objects.of_run(run).filter(state=State.HELD)
    released = _release_seconds(run, held, at, accepted_at)
    released += held.update(state=State.WAITING, not_before=at, next_attempt_at=at, accepted_at=accepted_at)
    if released >= MANY_MAILS:
        transaction.on_commit(queue.renew_statistics, robust=True)
    enqueue_delivery(at)
    if not is_on_hold and (people := Announcement.objects.filter(run=run).count()):
        signals.send_on_commit(signals.entries_announced, ImportRun, run=run.pk, people=people)
    return released


def _release_seconds(run: ImportRun, held: QuerySet, at: dt.datetime, accepted_at: dt.datetime) -> int:
    """Schedule the mails of those who had one ahead of the rest; return how many they are."""
    ahead = OutgoingMail.objects.of_run(run).filter(is_ahead=True).exclude(state=State.HELD)
    left_at = ahead.aggregate(at=Min("not_before"))["at"]
    if left_at is None:
        return 0
    at = max(at, left_at + BETWEEN_TWO)
    seconds = held.filter(account__in=ahead.values("account"))
    released = seconds.update(state=State.WAITING, not_before=at, next_attempt_at=at, accepted_at=accepted_at)
    if released:
        enqueue_delivery(at)
    return released


def hurry_progress_mails(run: ImportRun, now: dt.datetime) -> int:
    """Send the scheduled mails of a run now; return how many they are."""
    waiting = OutgoingMail.objects.of_run(run).waiting().filter(not_before__gt=now)
    hurried = waiting.update(not_before=now, next_attempt_at=now, accepted_at=now)
    enqueue_delivery()
    return hurried


def take_up(mails: Iterable[OutgoingMail], *, address: str = "", now: dt.datetime | None = None) -> int:
    """Send failed or held mails again, to another `address` if one is given; return how many.

    Each goes out as new: under a new Message-ID, so that what a server says of the first one cannot stop the second. How long
    its person waited counts from the first time.
    """
    mails, now = list(mails), now or timezone.now()
    for mail in mails:
        mail.address = address or mail.address
        mail.state, mail.attempts, mail.ended_at, mail.taken_at = State.WAITING, 0, None, None
        mail.not_before = mail.next_attempt_at = max(mail.not_before, now)
        mail.message_id = make_message_id()
    fields = ["address", "state", "attempts", "ended_at", "taken_at", "not_before", "next_attempt_at"]
    OutgoingMail.objects.bulk_update(mails, [*fields, "message_id"], batch_size=500)
    enqueue_delivery()
    return len(mails)
