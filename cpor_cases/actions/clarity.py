"""Whether people understand what they are told: their votes are counted without them."""

import datetime as dt

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from cpor_cases.models import CaseAccess, ClarityCounter, ClarityVote, OutgoingMail, ProgressEntry
from cpor_cases.models.clarity_counters import Place, Question, Vote, quarter_of
from cpor_core import conf, languages
from cpor_core.models import ProgressKind


def is_asked_about(mail: OutgoingMail, now: dt.datetime | None = None) -> bool:
    """Whether the link in a mail still counts."""
    return mail.ended_at is None or mail.ended_at >= _oldest_asked_about(now)


def answered_of_mail(mail: OutgoingMail) -> set[str]:
    """Return the questions about a mail that have been answered."""
    return set(ClarityVote.objects.filter(mail=mail).values_list("question", flat=True))


def answered_of_entry(account: int, entry: ProgressEntry) -> set[str]:
    """Return the questions about an entry that the person of an account (its key) has answered on its page."""
    return set(ClarityVote.objects.filter(account=account, entry=entry).values_list("question", flat=True))


@transaction.atomic
def vote_on_mail(
    mail: OutgoingMail,
    *,
    kind: ProgressKind,
    language: str,
    question: Question,
    vote: Vote,
    now: dt.datetime | None = None,
) -> bool:
    """Count one vote on what a mail in `language` said of an entry of `kind`; return whether it is counted: the first is,
    as long as the mail is asked about."""
    if not is_asked_about(mail, now):
        return False
    _mark, is_first = ClarityVote.objects.get_or_create(mail=mail, question=question)
    if is_first:
        _count(kind, language, Place.MAIL, question, vote, now)
    return is_first


@transaction.atomic
def vote_on_entry(
    account, entry: ProgressEntry, *, question: Question, vote: Vote, now: dt.datetime | None = None
) -> bool:
    """Count one vote of a person on what the page says of an entry, in the language it is read in; return whether it is
    counted: the first is."""
    _mark, is_first = ClarityVote.objects.get_or_create(account=account, entry=entry, question=question)
    if is_first:
        _count(entry.kind, languages.reader(), Place.PAGE, question, vote, now)
    return is_first


def forget_votes(now: dt.datetime | None = None) -> int:
    """Delete the marks that nobody needs any more: of mails that are no longer asked about, and of entries that their
    person may no longer see. The counts stay."""
    rights = CaseAccess.objects.in_force(now).filter(
        account=OuterRef("account"), case=OuterRef("entry__case")
    )
    needless = Q(mail__ended_at__lt=_oldest_asked_about(now)) | (Q(entry__isnull=False) & ~Exists(rights))
    return ClarityVote.objects.filter(needless).delete()[0]


def _oldest_asked_about(now: dt.datetime | None) -> dt.datetime:
    return (now or timezone.now()) - dt.timedelta(days=conf.CLARITY_LINK_DAYS)


def _count(
    kind: ProgressKind,
    language: str,
    place: Place,
    question: Question,
    vote: Vote,
    now: dt.datetime | None,
) -> None:
    counter, _made = ClarityCounter.objects.get_or_create(
        quarter=quarter_of(timezone.localdate(now)),
        kind=kind,
        language=language,
        place=place,
        question=question,
    )
    ClarityCounter.objects.filter(pk=counter.pk).update(**{vote.value: F(vote.value) + 1})
