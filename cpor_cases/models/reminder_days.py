"""How many days before a hearing a person is reminded: stored as "7,1", the longest time first."""

from collections.abc import Iterable
from itertools import combinations

from django.utils.functional import lazy
from django.utils.translation import gettext, ngettext

from cpor_core import conf
from cpor_core.punctuation import listed


def stored(days: Iterable[int]) -> str:
    return ",".join(map(str, sorted(days, reverse=True)))


def read(text: str) -> list[int]:
    """Return the days of a stored choice, the longest time first."""
    return [int(days) for days in text.split(",") if days]


def default() -> str:
    """Return what holds for who has chosen nothing: a week before, in time to take leave and find papers, and the day
    before, so that it is not forgotten. Who wants more mails than these chooses them."""
    return stored(conf.HEARING_REMINDER_DEFAULT)


def choices() -> list[tuple[str, str]]:
    """Return what can be chosen, and how it is called; the default first."""
    offered = sorted(conf.HEARING_REMINDER_DAYS, reverse=True)
    sets = [each for count in range(len(offered), 0, -1) for each in combinations(offered, count)]
    values = dict.fromkeys([default(), *map(stored, sets)])
    return [(value, _in_words(value)) for value in values]


def in_words(value: str) -> str:
    """Return “7 days, 1 day before the hearing” in the active language."""
    days = (ngettext("%(days)d day", "%(days)d days", each) % {"days": each} for each in read(value))
    return gettext("%(days)s before") % {"days": listed(days)}


_in_words = lazy(in_words, str)
