"""Monthly counters for editors: downloads, votes and searches without a hit. No person is recorded."""

import datetime as dt
import unicodedata

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from cpor_pages.models import AnswerCounter, AnswerPage, DownloadCounter, SearchMissCounter


def count_download(document) -> None:
    """Count a download of `document`, this month."""
    _raise(DownloadCounter, "count", document_id=document.pk)


def count_vote(answer: AnswerPage, *, helpful: bool) -> None:
    """Count a vote on whether `answer` was helpful, this month."""
    _raise(AnswerCounter, "helpful" if helpful else "unhelpful", answer_id=answer.pk)


def count_miss(query: str) -> None:
    """Count a search without a hit, this month, unless it may be a case number, telephone number or address."""
    folded = fold_query(query)[:100]
    if folded and "@" not in folded and not any(character.isdigit() for character in folded):
        _raise(SearchMissCounter, "count", query=folded)


def fold_query(text: str) -> str:
    """Return a query in its normal form for counting: without differences of width, case and repeated blanks."""
    return " ".join(unicodedata.normalize("NFKC", text).replace("\x00", "").lower().split())


def this_month() -> dt.date:
    return timezone.localdate().replace(day=1)


@transaction.atomic
def _raise(model, field: str, **of_what) -> None:
    counter, _made = model.objects.get_or_create(month=this_month(), **of_what)
    model.objects.filter(pk=counter.pk).update(**{field: F(field) + 1})
