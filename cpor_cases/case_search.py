"""Search of cases by what people type: a whole number, the beginning of one, or words."""

import re
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet

from cpor_cases.models import MergedCase
from cpor_cases.models.case_accesses import CaseAccessQuerySet
from cpor_core.case_numbers import fold, fold_word, parse_case_number, spellings_of_word
from cpor_core.search_text import SearchText, holds
from cpor_core.spellings import fold_search

_PART_OF_NUMBER = re.compile(
    r"(?:民國)?(?P<year>\d{1,3})?年?度?(?P<word>[^\d]*?)字?第?(?P<number>\d{0,7})號?"
)


def of_typed_number(rows: QuerySet, text: str, path: str = "") -> QuerySet | None:
    """Return the rows about the case of a typed whole number; None if `text` is none. `path` leads to the case.

    A number that was merged into another one finds the case that was kept.
    """
    number = parse_case_number(text)
    if number is None:
        return None
    words = spellings_of_word(number.word)
    return of_number_facts(rows, path, year=number.year, word__in=words, number=number.number)


def of_number_facts(rows: QuerySet, path: str = "", **facts) -> QuerySet:
    """Return the rows about cases that have these facts in their number, or in that of a case merged into them."""
    return rows.filter(has_number_facts(path, **facts))


def has_number_facts(path: str = "", **facts) -> Q:
    """Return the condition of `of_number_facts`."""
    found = Q(**{f"{path}{key}": value for key, value in facts.items()})
    # Read first: with a subquery beside it the database would not use the index of the numbers.
    if into := list(MergedCase.objects.filter(**facts).values_list("case", flat=True)):
        found |= Q(**{f"{path}pk__in": into})
    return found


def has_part_of_number(text: str, path: str = "") -> Q:
    """Return the condition that a case has the typed part in its number: word and number (重訴45), or year and word (115重訴).

    Matches nothing if `text` is no such part.
    """
    found = _PART_OF_NUMBER.fullmatch(re.sub(r"\s", "", fold(text)))
    word = found and fold_word(found["word"])
    if not found or not word or not (found["year"] or found["number"]):
        return Q(pk__in=[])
    facts = {name: int(found[name]) for name in ("year", "number") if found[name]}
    return has_number_facts(path, word__in=spellings_of_word(word), **facts)


def matching(accesses: CaseAccessQuerySet, text: str) -> CaseAccessQuerySet:
    """Return those whose number, court, cause, own name or note contains `text`, however it is spelled.

    A whole case number matches that case alone. The texts are folded while they are searched: nobody has many cases, so
    no folded copy of them is stored.
    """
    texts = ("own_name", "note", "case__cause", "case__court__name__every")
    searched = accesses.alias(searched=SearchText(*texts))
    number = parse_case_number(text)
    if number is not None:
        words = spellings_of_word(number.word)
        same = _numbered(year=number.year, word__in=words, number=number.number)
        return searched.filter(same | holds(text, "searched"))
    parts = [part for part in fold(text).split() if fold_search(part)]
    if not parts:
        return accesses.none()
    for part in parts:
        searched = searched.filter(holds(part, "searched") | _of_number_like(part))
    return searched


def _of_number_like(part: str) -> Q:
    """Return the condition that a case's number begins with a typed part: 115訴, 訴12, 12. Matches nothing otherwise."""
    if part.isdecimal():
        begun = _numbered(number__startswith=str(int(part)))
        return begun | Q(case__year=int(part)) if len(part) <= 3 else begun
    if not (found := _PART_OF_NUMBER.fullmatch(part)):
        return Q(pk__in=[])
    facts = {
        "year": found["year"] and int(found["year"]),
        "number__startswith": found["number"] and str(int(found["number"])),
    }
    asked = {name: value for name, value in facts.items() if value}
    if word := fold_word(found["word"]):
        words = sorted(spellings_of_word(word))
        return reduce(or_, (_numbered(**asked, word__startswith=each) for each in words))
    return _numbered(**asked) if asked else Q(pk__in=[])


def _numbered(**facts) -> Q:
    """Return the condition that the case has such a number, or that a case of this number was merged into it."""
    own = Q(**{f"case__{name}": value for name, value in facts.items()})
    return own | Q(case__in=MergedCase.objects.filter(**facts).values("case"))
