"""Names and addresses that got into the record: typed into a remark, searched for, or in what an entry calls an account."""

import json
from collections.abc import Iterable
from functools import reduce
from operator import or_

from django.contrib.auth import get_user_model
from django.db.models import CharField, JSONField, Q, QuerySet, TextField
from django.db.models.functions import Cast
from wagtail.log_actions import registry

from cpor_cases.models import Application
from cpor_cases.search_text import SearchTextField

FACTS = {"action", "object_id"}
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
    fields = text_fields_of(model)
    entries = list(_mentioning(model, fields, words))
    for entry in entries:
        for field in fields:
            setattr(entry, field, without(getattr(entry, field), words))
    if entries:
        model.objects.bulk_update(entries, fields, batch_size=500)
    return len(entries)


def text_fields_of(model) -> list[str]:
    """Return the fields of a log that may hold what somebody typed.

    Not who acted: that a clerk bears the name of somebody who is forgotten must not rewrite the record.
    """
    return [
        field.name
        for field in model._meta.concrete_fields
        if isinstance(field, CharField | TextField | JSONField)
        and field.name not in FACTS
        and not isinstance(field, SearchTextField)  # follows the fields it is made of
        and not field.name.startswith("actor_")
    ]


def _mentioning(model, fields: list[str], words: set[str]) -> QuerySet:
    """Find words as they are, or escaped as SQLite keeps them in JSON."""
    spellings = words | {json.dumps(word)[1:-1] for word in words}
    as_text = {f"{field}_as_text": Cast(field, TextField()) for field in fields}
    mentioned = reduce(or_, (Q(**{f"{text}__icontains": word}) for text in as_text for word in spellings))
    return model.objects.annotate(**as_text).filter(mentioned)


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
