"""Counting for editors: what is fetched, found helpful or not found. Numbers only, never of whom."""

import datetime as dt
import unicodedata

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from cpor_pages.models import AnswerCounter, AnswerPage, DownloadCounter, SearchMissCounter


def count_download(document) -> None:
    """One more download of `document` this month."""
    _raise(DownloadCounter, "count", document_id=document.pk)


def count_vote(answer: AnswerPage, *, helpful: bool) -> None:
    """One more voice on whether `answer` helped, this month."""
    _raise(AnswerCounter, "helpful" if helpful else "unhelpful", answer_id=answer.pk)


def count_miss(query: str) -> None:
    """One more search that found nothing. What may be a case number, telephone or address is not kept."""
    folded = fold_query(query)[:100]
    if folded and "@" not in folded and not any(character.isdigit() for character in folded):
        _raise(SearchMissCounter, "count", query=folded)


def fold_query(text: str) -> str:
    """Return what was searched for in the one form in which it is counted: widths, case and further blanks do not count."""
    return " ".join(unicodedata.normalize("NFKC", text).replace("\x00", "").lower().split())


def this_month() -> dt.date:
    return timezone.localdate().replace(day=1)


@transaction.atomic
def _raise(model, field: str, **of_what) -> None:
    counter, _made = model.objects.get_or_create(month=this_month(), **of_what)
    model.objects.filter(pk=counter.pk).update(**{field: F(field) + 1})
