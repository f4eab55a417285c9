"""The history of the case words."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cpor_core.translated.fields import TranslatedField

from .case_words import CaseWord
from .courts import Category, WordTier


class CaseWordRecord(models.Model):
    """How one case word stood from one moment on: the public history of the list. Written once, never changed."""

    class Event(models.TextChoices):
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
    event = models.CharField(_("what happened"), max_length=10, choices=Event.choices)
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
        return f"{self.word} · {self.get_event_display()}"

    @property
    def bench(self) -> str:
        """The words for its bench. A list of hundreds: Django's own display compares all choices each time."""
        return str(WordTier(self.court_tier).label)

    def is_open(self, day: dt.date) -> bool:
        return (
            self.event != self.Event.REMOVED
            and self.openness == CaseWord.Openness.OPEN
            and (self.open_from is None or self.open_from <= day)
            and (self.open_until is None or day <= self.open_until)
        )
