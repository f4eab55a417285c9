"""“Is my case covered?”: from a case word or a case number, as people write it, to an answer with its reasons."""

import datetime as dt
import re
from typing import NamedTuple

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from cpor_core.case_numbers import CaseNumber, fold, fold_word, parse_case_number, spellings_of_word
from cpor_core.models import CaseWord, Category, Court
from cpor_core.models.case_words import CaseWordQuerySet
from cpor_core.roc_dates import in_both_calendars
from cpor_core.spellings import spell_out
from cpor_core.translated.fields import first_text

MOST_SIMILAR = 6
_WITH_COURT = re.compile(r"^(?P<court>\D*[院庭])(?P<rest>(?:民國)?\d.*)$")
# As the published judgments are numbered: TPDV,114,簡上,409,20260624,1
_AS_PUBLISHED = re.compile(r"^(?P<court>[A-Z]{3})(?P<law>[VMAP]),(?P<number>\d+,[^,]+,\d+)(?:,\d+)*$")
_OF_LAW = {"M": Category.CRIMINAL, "A": Category.ADMINISTRATIVE}


class WordResult(NamedTuple):
    """One word of the list, and why its cases can be followed or not."""

    word: CaseWord
    is_open: bool
    why: str


class CheckResult(NamedTuple):
    """Whether cases filed under a word can be followed, and which words of the list say so.

    `answer`: open, partly, closed or unclear; unknown: not on the list; elsewhere: only at other courts or in other categories.
    """

    answer: str
    word: str
    number: CaseNumber | None
    court: Court | None
    results: list[WordResult]
    similar: list[str]


class Query(NamedTuple):
    """What a visitor asks about."""

    word: str
    number: CaseNumber | None
    court: Court | None
    category: str


def check_word(*, court: str, category: str, word: str, day: dt.date | None = None) -> CheckResult:
    """Return whether cases of a word, at a court and in a category if given, can be followed on `day` (default: today)."""
    asked = read_query(word, court=court, category=category)
    day = day or timezone.localdate()
    everywhere = CaseWord.objects.filter(word__in=spellings_of_word(asked.word))
    here = _narrowed(everywhere, asked)
    answer, words = _answer(here, day), here
    if answer == "unknown" and (others := list(everywhere)):
        answer, words = "elsewhere", others
    similar = similar_words(asked.word) if answer == "unknown" else []
    return CheckResult(answer, asked.word, asked.number, asked.court, _results_of(words, day), similar)


def read_query(text: str, *, court: str, category: str) -> Query:
    """Parse what was typed: a word or a case number, with the court's name before it, or as in published judgments."""
    text = re.sub(r"\s", "", fold(text.replace("\x00", "")).upper())
    found_court = Court.objects.filter(code=court.replace("\x00", "")).first()
    published = _AS_PUBLISHED.match(text)
    if published:
        text = published["number"]
        found_court = Court.objects.filter(code=published["court"]).first() or found_court
        category = category or _OF_LAW.get(published["law"], "")
    named = _WITH_COURT.match(text)
    if named:
        text = named["rest"]
        found_court = _court_named(named["court"]) or found_court
    number = parse_case_number(text)
    word = number.word if number else fold_word(text)
    return Query(word, number, found_court, category if category in Category.values else "")


def _court_named(name: str) -> Court | None:
    """Return the court with this name, full or short (士林地院), with or without its summary division; None if ambiguous."""
    name = spell_out(name)
    courts = {first_text(court, "name").replace(" ", ""): court for court in Court.objects.all()}
    begun = [whole for whole in courts if name.startswith(whole)]
    ended = [whole for whole in courts if whole.endswith(name)]
    if begun:
        return courts[max(begun, key=len)]
    return courts[ended[0]] if len(ended) == 1 else None


def _narrowed(words: CaseWordQuerySet, asked: Query) -> list[CaseWord]:
    if asked.court:
        words = words.of_court(asked.court)
    if asked.category:
        words = words.filter(category=asked.category)
    return list(words)


def _answer(words: list[CaseWord], day: dt.date) -> str:
    if not words:
        return "unknown"
    open_ones = [word for word in words if word.is_open(day)]
    if open_ones:
        return "open" if len(open_ones) == len(words) else "partly"
    unsettled = any(word.openness == CaseWord.Openness.UNCLEAR for word in words)
    return "unclear" if unsettled else "closed"


def _results_of(words: list[CaseWord], day: dt.date) -> list[WordResult]:
    found = [WordResult(word, word.is_open(day), why(word, day)) for word in words]
    return sorted(found, key=lambda each: (not each.is_open, each.word.pk))


def why(word: CaseWord, day: dt.date) -> str:
    """Return in a sentence why the cases of a word can, or cannot, be followed on a day."""
    if word.openness == CaseWord.Openness.UNCLEAR:
        return _(
            "It is not settled whether the service covers such cases; until it is, they cannot be followed."
        )
    if word.openness == CaseWord.Openness.CLOSED:
        return _("The service does not cover such cases.")
    if word.open_from and day < word.open_from:
        return _("Opens on %(day)s.") % {"day": in_both_calendars(word.open_from)}
    if word.open_until and word.open_until < day:
        return _("Was open until %(day)s.") % {"day": in_both_calendars(word.open_until)}
    if word.open_until:
        return _("Open until %(day)s, that day included.") % {"day": in_both_calendars(word.open_until)}
    if word.open_from:
        return _("Open since %(day)s.") % {"day": in_both_calendars(word.open_from)}
    return _("The service covers such cases.")


def similar_words(word: str) -> list[str]:
    """Return words of the list that contain what was typed, or are a beginning or an end of it: 板簡 for 簡, 簡 for 金馬簡."""
    if not word:
        return []
    endings = [word[at:] for at in range(1, len(word))]
    likely = Q(word__in=[*endings, *(word[:end] for end in range(1, len(word)))]) | Q(word__contains=word)
    found = CaseWord.objects.filter(likely).values_list("word", flat=True)
    return sorted(set(found), key=lambda each: (abs(len(each) - len(word)), each))[:MOST_SIMILAR]
