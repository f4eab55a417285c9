"""Names and addresses that got into the record: typed into a remark, searched for, or in what an entry calls an account."""

import json
from collections.abc import Iterable

from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast
from wagtail.log_actions import registry

from cpor_cases.models import Application

SHORTEST = 2  # characters; a shorter word would be found in everything


def forget_in_record(words: Iterable[str]) -> int:
    """Blank every remark, search and label of the record that mentions one of `words`; return in how many entries.

    What still belongs to somebody who is kept (another person of the same name) stays.
    """
    words = _of_nobody({word.strip() for word in words if len(word.strip()) >= SHORTEST})
    if not words:
        return 0
    return sum(_forget_in(model, words) for model in registry.get_log_entry_models())


def _of_nobody(words: set[str]) -> set[str]:
    users, kept = get_user_model().objects, set()
    for field in ("applicant_name", "email", "receipt_number"):
        kept |= set(Application.objects.filter(**{f"{field}__in": words}).values_list(field, flat=True))
    kept |= set(users.filter(email__in=words).values_list("email", flat=True))
    return words - kept


def _forget_in(model, words: set[str]) -> int:
    entries = list(_mentioning(model.objects.all(), words))
    for entry in entries:
        entry.data = without(entry.data, words)
        entry.label = without(entry.label, words)
    model.objects.bulk_update(entries, ["data", "label"], batch_size=500)
    return len(entries)


def _mentioning(entries: QuerySet, words: set[str]) -> QuerySet:
    """Find words in the JSON as the database keeps it: as they are, or escaped (SQLite)."""
    mentioned = Q()
    for word in words:
        mentioned |= Q(label__icontains=word) | Q(data_text__icontains=word)
        mentioned |= Q(data_text__icontains=json.dumps(word)[1:-1])
    return entries.annotate(data_text=Cast("data", TextField())).filter(mentioned)


def without(value, words: set[str]):
    """Return a JSON value in which no text mentions a word: a text that does is emptied."""
    if isinstance(value, str):
        is_mentioned = any(word.casefold() in value.casefold() for word in words)
        return "" if is_mentioned else value
    if isinstance(value, list):
        return [without(each, words) for each in value]
    if isinstance(value, dict):
        return {key: without(each, words) for key, each in value.items()}
    return value
