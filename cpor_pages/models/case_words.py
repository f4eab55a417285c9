"""開放查詢字別: the list of open case words, and what became of each word when."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cpor_core.case_numbers import fold_word
from cpor_core.models import CaseWord, Category, Court, WordTier
from cpor_core.search_text import SearchText, holds
from cpor_core.translated.fields import TranslatedField
from cpor_pages.case_words.check import check_word

from .base import BodyPage

SEARCHED = ("word", "meaning__every", "procedure__every")


class CaseWordsPage(BodyPage):
    """The list, to be searched and narrowed down, with its downloads. The body says what the list rests on."""

    template = "cpor_pages/case_words_page.html"
    parent_page_types = ["cpor_pages.HomePage"]
    subpage_types = []
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("open case words")

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        chosen = {key: _typed(request, key) for key in ("category", "tier", "q")}
        asked = {key: _typed(request, f"check_{key}") for key in ("court", "category", "word")}
        return context | {
            "courts": [(court.code, court.name) for court in Court.objects.all()],
            "asked": asked,
            "verdict": check_word(**asked) if asked["word"] else None,
            "groups": open_words_by_category(**chosen),
            "categories": Category.choices,
            "tiers": WordTier.choices,
            "chosen": chosen,
            "is_filtered": any(chosen.values()),
            "today": timezone.localdate(),
        }


def _typed(request, name: str) -> str:
    """What the reader typed. PostgreSQL takes no NUL."""
    return request.GET.get(name, "").replace("\x00", "").strip()


def open_words_by_category(*, category: str = "", tier: str = "", q: str = "", day: dt.date | None = None):
    """Return the words open on `day` as (category, words), narrowed down to what a reader asks for."""
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


class CaseWordRecord(models.Model):
    """How one case word stood from one moment on: the public history of the list. Written once, never changed."""

    class Deed(models.TextChoices):
        LISTED = "listed", _("listed")
        CHANGED = "changed", _("altered")
        REMOVED = "removed", _("removed from the list")

    word_id_then = models.BigIntegerField(_("number of the word"))
    recorded_at = models.DateTimeField(_("recorded"), default=timezone.now)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("recorded by"),
    )
    deed = models.CharField(_("what happened"), max_length=10, choices=Deed.choices)
    category = models.CharField(_("category"), max_length=20, choices=Category.choices)
    court_tier = models.CharField(_("bench"), max_length=40, choices=WordTier.choices)
    word = models.CharField(_("case word"), max_length=20)
    procedure = TranslatedField(_("procedure"), max_length=80, blank=True)
    meaning = TranslatedField(_("meaning"), max_length=200, blank=True)
    openness = models.CharField(_("open to queries"), max_length=10, choices=CaseWord.Openness.choices)
    open_from = models.DateField(_("open from"), null=True, blank=True)
    open_until = models.DateField(_("open until"), null=True, blank=True)

    class Meta:
        verbose_name = _("change of a case word")
        verbose_name_plural = _("changes of case words")
        ordering = ["-recorded_at", "-pk"]
        # The public history of a word, oldest first.
        indexes = [models.Index(fields=["word_id_then", "recorded_at"], name="records_of_case_word")]

    def __str__(self) -> str:
        return f"{self.word} · {self.get_deed_display()}"

    @property
    def bench(self) -> str:
        """The words for its bench. A list of hundreds: Django's own display compares all choices each time."""
        return str(WordTier(self.court_tier).label)

    def is_open(self, day: dt.date) -> bool:
        return (
            self.deed != self.Deed.REMOVED
            and self.openness == CaseWord.Openness.OPEN
            and (self.open_from is None or self.open_from <= day)
            and (self.open_until is None or day <= self.open_until)
        )
