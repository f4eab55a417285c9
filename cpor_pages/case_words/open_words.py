"""The case words open on a day, filtered and grouped by category."""

import datetime as dt

from django.db import models

from cpor_core.case_numbers import fold_word
from cpor_core.models import CaseWord, Category, WordTier
from cpor_core.search_text import SearchText, holds

SEARCHED = ("word", "meaning__every", "procedure__every")


def open_words_by_category(*, category: str = "", tier: str = "", q: str = "", day: dt.date | None = None):
    """Return the words open on `day` (default: today) that match the filters, as (category, words)."""
    words = CaseWord.objects.open_on(day)
    if category:
        words = words.filter(category=category)
    if tier:
        words = words.filter(court_tier=tier)
    if q:
        words = words.alias(searched=SearchText(*SEARCHED))
        word = fold_word(q)
        words = words.filter(holds(q, "searched") | (models.Q(word__contains=word) if word else models.Q()))
    return by_category(words)


def by_category(words) -> list[tuple[Category, list]]:
    """Return words as (category, words) in the order of the law books, the lower benches first."""
    place = {tier: number for number, tier in enumerate(WordTier.values)}
    found = sorted(words, key=lambda each: (place[each.court_tier], each.pk))
    groups = [(branch, [each for each in found if each.category == branch]) for branch in Category]
    return [(branch, listed) for branch, listed in groups if listed]
