"""What people are told before a hearing: how to find it, when to come, what to bring, what if they cannot."""

from collections.abc import Collection, Iterable

from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from cpor_core import languages
from cpor_core.translated.fields import TranslatedField, texts

from .courts import Court
from .progress_kinds import LONGEST_PART, ProgressKind

ADVICE = ("directions", "when_to_come", "what_to_bring", "if_unable", "interpreter", "accessibility")
Key = tuple[int | None, int | None]  # court and kind


class HearingAdviceQuerySet(models.QuerySet["HearingAdvice"]):
    def of_courts(self, courts: Collection[int]) -> "HearingAdviceQuerySet":
        """What some courts say, and what holds for all of them."""
        return self.filter(models.Q(court=None) | models.Q(court__in=courts))


class HearingAdvice(models.Model):
    """What people are told before hearings: of all courts and kinds, of one court, of one kind, or of one kind at one court.

    A part that is empty is taken from what holds more widely: a kind's before a court's, because it says what must be done.
    """

    court = models.ForeignKey(
        Court,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("court"),
        help_text=_("If empty, the texts hold for all courts."),
    )
    kind = models.ForeignKey(
        ProgressKind,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        limit_choices_to=~models.Q(hearing_effect="none"),
        verbose_name=_("kind of progress entry"),
        help_text=_("If empty, the texts hold for hearings of all kinds."),
    )
    directions = TranslatedField(
        _("how to find the courtroom"), blank=True, is_multiline=True, max_length=LONGEST_PART
    )
    when_to_come = TranslatedField(
        _("when to be there"), blank=True, is_multiline=True, max_length=LONGEST_PART
    )
    what_to_bring = TranslatedField(
        _("what to bring"), blank=True, is_multiline=True, max_length=LONGEST_PART
    )
    if_unable = TranslatedField(
        _("what if you cannot come"), blank=True, is_multiline=True, max_length=LONGEST_PART
    )
    interpreter = TranslatedField(_("interpreters"), blank=True, is_multiline=True, max_length=LONGEST_PART)
    accessibility = TranslatedField(
        _("accessibility"), blank=True, is_multiline=True, max_length=LONGEST_PART
    )

    objects = HearingAdviceQuerySet.as_manager()

    class Meta:
        verbose_name = _("advice before hearings")
        verbose_name_plural = _("advice before hearings")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                Coalesce("court", 0, output_field=models.BigIntegerField()),
                Coalesce("kind", 0, output_field=models.BigIntegerField()),
                name="one_hearing_advice_per_court_and_kind",
                violation_error_message=_("There is already advice for this court and kind."),
            ),
        ]

    def __str__(self) -> str:
        parts = [str(part) for part in (self.court, self.kind) if part]
        return " · ".join(parts) or str(_("all courts and kinds"))


def advice_for(rows: Iterable[HearingAdvice], *, court: int, kinds: Collection[int]) -> dict[str, str]:
    """Return the parts of the advice on a hearing, in the reader's language: each the most particular there is.

    `kinds` are those of the entries that say when the hearing is; none if the reader must not learn the kind.
    """
    by_key: dict[Key, HearingAdvice] = {(row.court_id, row.kind_id): row for row in rows}
    keys: list[Key] = [(court, kind) for kind in kinds]
    keys += [(None, kind) for kind in kinds]
    keys += [(court, None), (None, None)]
    found = [by_key[key] for key in keys if key in by_key]
    return {part: _most_particular(found, part) for part in ADVICE}


def _most_particular(rows: list[HearingAdvice], part: str) -> str:
    """Return the first row's text in the reader's language; if no row has one in it, the first in another language."""
    written = [row for row in rows if texts(row, part)]
    in_own = [row for row in written if languages.reader() in texts(row, part)]
    return next((getattr(row, part) for row in in_own or written), "")
