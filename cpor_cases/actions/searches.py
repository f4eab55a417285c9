"""Stored searches: the URL of the results holds a key, with which its author alone can read the text."""

from cpor_cases.models import SavedSearch
from cpor_core import conf
from cpor_core.actors import ActorKind, kind_of

LONGEST = 200  # characters, as many as a row holds
TOO_LONG = "too-long"  # in place of a key: no text is stored under it


def keep(text: str, *, by, view: str) -> str:
    """Store what `by` typed in the search of `view` and return its key; empty for an empty text, TOO_LONG for one that
    cannot be stored whole: a search for a part of it would find other rows.

    The texts of staff are kept for KEEP_SEARCH_DAYS, because the audit names them; those of litigants for a day.
    """
    text = text.replace("\0", "").strip()
    if not text:
        return ""
    if len(text) > LONGEST:
        return TOO_LONG
    for_days = conf.KEEP_SEARCH_DAYS if kind_of(by) == ActorKind.STAFF else 0
    return SavedSearch.objects.keep(text, account=by, view=view, for_days=for_days)


def text_of(key: str, *, by, view: str) -> str | None:
    """Return what `by` typed under this key; None if it has expired or is somebody else's."""
    return SavedSearch.objects.text_of(key[:30].replace("\0", ""), account=by, view=view)
