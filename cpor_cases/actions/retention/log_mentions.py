"""Names and addresses in the log: typed into a remark, searched for, or in the label of an entry."""

from collections.abc import Iterable, Iterator

from django.contrib.auth import get_user_model
from django.db.models import CharField, JSONField, TextField
from wagtail.log_actions import registry

from cpor_cases.models import Application
from cpor_cases.permissions import staff_accounts
from cpor_core.mentions import Mentions
from cpor_core.search_text import SearchTextField
from cpor_core.spellings import fold_search

# Keys and codes of the program, into which nobody types.
FACTS = {"action", "object_id", "rows"}
READ_AT_ONCE = 2000  # entries
ADDRESSES_AT_ONCE = 5000  # addresses


def forget_in_record(words: Iterable[str]) -> int:
    """Blank every remark, search and label of the log that mentions one of `words`; return in how many entries.

    A word that is also the name or address of a person who is still on record stays.
    """
    mentions = Mentions(_of_no_one_else(set(words)))
    if not mentions:
        return 0
    return sum(_forget_in(model, mentions) for model in registry.get_log_entry_models())


def _of_no_one_else(words: set[str]) -> set[str]:
    """Return the words that are no name, number or address of a person still on record, however spelled."""
    folded = {fold_search(word) for word in words}
    papers = Application.objects.values_list("search_text", flat=True).iterator(chunk_size=READ_AT_ONCE)
    kept = {part for paper in papers for part in paper.split() if part in folded}
    kept |= {fold_search(clerk.get_full_name()) for clerk in staff_accounts()}
    unnamed = {word for word in words if fold_search(word) not in kept}
    return unnamed - _addresses_kept(unnamed)


def _addresses_kept(words: set[str]) -> set[str]:
    kept: set[str] = set()
    for some in _parts(list(words), ADDRESSES_AT_ONCE):
        for rows in (Application.objects, get_user_model().objects):
            kept |= set(rows.filter(email__in=some).values_list("email", flat=True))
    return kept


def _forget_in(model, mentions: Mentions) -> int:
    fields = text_fields_of(model)
    rows = model.objects.order_by().values_list("pk", *fields).iterator(chunk_size=READ_AT_ONCE)
    keys = [key for key, *values in rows if any(map(mentions.are_in, _texts_in(values)))]
    for some in _parts(keys, READ_AT_ONCE):
        entries = list(model.objects.filter(pk__in=some))
        for entry in entries:
            for field in fields:
                setattr(entry, field, without(getattr(entry, field), mentions))
        model.objects.bulk_update(entries, fields, batch_size=500)
    return len(keys)


def _parts(items: list, size: int) -> Iterator[list]:
    for start in range(0, len(items), size):
        yield items[start : start + size]


def text_fields_of(model) -> list[str]:
    """Return the fields of a log that may hold what somebody typed.

    Not the fields of who acted: the name of a clerk must stay, even if it is also that of a purged person.
    """
    return [
        field.name
        for field in model._meta.concrete_fields
        if isinstance(field, CharField | TextField | JSONField)
        and field.name not in FACTS
        and not isinstance(field, SearchTextField)  # derived from other fields
        and not field.name.startswith("actor_")
    ]


def _texts_in(value) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _texts_in(each)


def without(value, mentions: Mentions):
    """Return a JSON value in which no text mentions a word: a text that does is emptied."""
    if isinstance(value, str):
        return "" if mentions.are_in(value) else value
    if isinstance(value, list):
        return [without(each, mentions) for each in value]
    if isinstance(value, dict):
        return {key: without(each, mentions) for key, each in value.items()}
    return value
