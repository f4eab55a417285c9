"""What a check is, and what it found."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice

from django.db.models import Model, QuerySet
from django.utils.functional import Promise

MOST_KEYS = 1000  # are counted; the sentence says “1,000 or more”
Find = Callable[[dt.datetime], QuerySet | Iterable[int]]


@dataclass(frozen=True)
class Fault:
    """Rows that contradict others: the code of the check, and their keys, 1,000 of them at most."""

    code: str
    keys: tuple[int, ...]


@dataclass(frozen=True)
class Check:
    """One thing that must hold of all rows. `find` returns the rows, or their keys, of which it does not hold."""

    code: str
    of: type[Model]
    says: str | Promise
    """What is wrong."""
    do: str | Promise
    """What an operator does about it."""
    find: Find

    def carry_out(self, now: dt.datetime) -> Fault | None:
        """Return what is wrong, None if nothing is.

        What a statement reads is of one moment. What takes several of them may be misled by a change in between: only
        rows count that are found twice.
        """
        found = self._keys(now)
        if 0 < len(found) < MOST_KEYS:
            found &= self._keys(now)
        return Fault(self.code, tuple(sorted(found))) if found else None

    def _keys(self, now: dt.datetime) -> set[int]:
        found = self.find(now)
        if isinstance(found, QuerySet):
            found = found.order_by("pk").values_list("pk", flat=True)[:MOST_KEYS]
        return set(islice(found, MOST_KEYS))


def check(code: str, *, of: type[Model], says: str | Promise, do: str | Promise) -> Callable[[Find], Check]:
    """Make a check of the function that finds the rows which are wrong."""
    return lambda find: Check(code, of, says, do, find)
