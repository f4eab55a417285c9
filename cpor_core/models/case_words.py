"""The words cases are filed under, and when they are open to queries."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cpor_core import plausible_dates
from cpor_core.case_numbers import fold_word
from cpor_core.translated.fields import TranslatedField

from .courts import Category, Court, CourtTier, WordTier


class CaseWordQuerySet(models.QuerySet):
    def of_court(self, court: Court, category: str | None = None) -> "CaseWordQuerySet":
        """The words in use at a court. A juvenile and family court uses the family words of a district court."""
        words = self.filter(court_tier__in=court.benches)
        if court.tier == CourtTier.JUVENILE_FAMILY:
            words = words.filter(category=Category.FAMILY)
        return words.filter(category=category) if category else words

    def open_on(self, day: dt.date | None = None) -> "CaseWordQuerySet":
        """The words whose cases may be followed on `day` (today, if none is given)."""
        day = day or timezone.localdate()
        return self.filter(
            Q(open_from=None) | Q(open_from__lte=day),
            Q(open_until=None) | Q(open_until__gte=day),
            openness=CaseWord.Openness.OPEN,
        )


class CaseWord(models.Model):
    """字別: a word cases are filed under, in one category at one bench. Editors open and close it."""

    class Openness(models.TextChoices):
        OPEN = "yes", _("open")
        CLOSED = "no", _("not open")
        UNCLEAR = "unclear", _("not settled")

    category = models.CharField(_("category"), max_length=20, choices=Category.choices)
    court_tier = models.CharField(_("bench"), max_length=40, choices=WordTier.choices)
    word = models.CharField(_("case word"), max_length=20)
    procedure = TranslatedField(_("procedure"), max_length=80, blank=True)
    meaning = TranslatedField(_("meaning"), max_length=200, blank=True)
    openness = models.CharField(
        _("open to queries"),
        max_length=10,
        choices=Openness.choices,
        default=Openness.UNCLEAR,
        help_text=_("A word that is not settled counts as not open."),
    )
    open_from = models.DateField(_("open from"), null=True, blank=True)
    open_until = models.DateField(
        _("open until"), null=True, blank=True, help_text=_("The last day it is open.")
    )
    source = models.CharField(_("source"), max_length=200, blank=True)

    objects = CaseWordQuerySet.as_manager()

    class Meta:
        verbose_name = _("case word")
        verbose_name_plural = _("case words")
        ordering = ["category", "court_tier", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["category", "court_tier", "word"],
                name="unique_case_word",
                violation_error_message=_("This word is already listed in this category at this bench."),
            ),
            models.CheckConstraint(
                condition=Q(open_from=None) | Q(open_until=None) | Q(open_until__gte=models.F("open_from")),
                name="case_word_opens_before_it_closes",
                violation_error_message=_("The last open day must not be before the first."),
            ),
        ]

    def __str__(self) -> str:
        return self.word

    def clean(self):
        """Spell the word as it is looked up, and refuse a day that is a slip: a word would be closed for ever."""
        self.word = fold_word(self.word)
        first, last = plausible_dates.of_open_word()
        sentence = _("%(day)s cannot be right: this date must lie between %(first)s and %(last)s.")
        days = {name: getattr(self, name) for name in ("open_from", "open_until") if getattr(self, name)}
        slips = {
            name: ValidationError(sentence, params={"day": day, "first": first, "last": last})
            for name, day in days.items()
            if not first <= day <= last
        }
        if slips:
            raise ValidationError(slips)

    @property
    def bench(self) -> str:
        """The words for its bench. A list of hundreds: Django's own display compares all choices each time."""
        return str(WordTier(self.court_tier).label)

    def is_used_at(self, court: Court) -> bool:
        """Whether the word is one `of_court`."""
        is_family = self.category == Category.FAMILY
        return self.court_tier in court.benches and (is_family or court.tier != CourtTier.JUVENILE_FAMILY)

    def is_open(self, day: dt.date | None = None) -> bool:
        day = day or timezone.localdate()
        return (
            self.openness == self.Openness.OPEN
            and (self.open_from is None or self.open_from <= day)
            and (self.open_until is None or day <= self.open_until)
        )
