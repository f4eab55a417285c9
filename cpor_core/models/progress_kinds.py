"""The kinds of progress entries, and what each means to the people in a case."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cpor_core import languages
from cpor_core.translated.fields import TranslatedField, text_in
from cpor_core.translated.lookups import FirstLanguage


class HearingEffect(models.TextChoices):
    """What an entry of a kind does to the hearings of its case."""

    SETS = "sets", pgettext_lazy("effect on hearings", "sets a hearing")
    MOVES = "moves", pgettext_lazy("effect on hearings", "moves a hearing to another date")
    CALLS_OFF = "calls_off", pgettext_lazy("effect on hearings", "calls a hearing off")
    TELLS_OF = "tells_of", pgettext_lazy("effect on hearings", "tells of a hearing that is set")
    NONE = "none", pgettext_lazy("effect on hearings", "none")


# After these a hearing is no longer when it was, or not at all.
CHANGES_OF_HEARINGS = (HearingEffect.MOVES, HearingEffect.CALLS_OFF)

# What a reader is told of each entry (rule 13). Whom to ask follows by itself where editors have not said it.
EXPLANATION = ("meaning", "to_do", "next_step")
PARTS = (*EXPLANATION, "whom_to_ask")
LONGEST_PART = 300  # characters; a mail with three entries is still read


class ProgressKindQuerySet(models.QuerySet):
    def not_fully_explained(self) -> "ProgressKindQuerySet":
        """Kinds that lack a part of the explanation in a language in which editors have to give texts."""
        is_empty = models.Q(pk__in=[])
        for name in EXPLANATION:
            for code in languages.required():
                is_empty |= ~models.Q(**{f"{name}__has_key": code})
        return self.filter(is_empty)


class ProgressKind(models.Model):
    """A kind of 進行事項, with what it means in plain words."""

    class Stage(models.TextChoices):
        """The part of the procedure to which an entry belongs."""

        INTAKE = "intake", pgettext_lazy("stage of a case", "Intake")
        ASSIGNMENT = "assignment", pgettext_lazy("stage of a case", "Assignment")
        FILING = "filing", pgettext_lazy("stage of a case", "Filing of documents")
        SERVICE = "service", pgettext_lazy("stage of a case", "Service")
        HEARING = "hearing", pgettext_lazy("stage of a case", "Hearing")
        EVIDENCE = "evidence", pgettext_lazy("stage of a case", "Evidence")
        MEDIATION = "mediation", pgettext_lazy("stage of a case", "Mediation")
        STAY = "stay", pgettext_lazy("stage of a case", "Stay")
        DISPOSITION = "disposition", pgettext_lazy("stage of a case", "Decision")
        REMEDY = "remedy", pgettext_lazy("stage of a case", "Appeal")
        CLOSING = "closing", pgettext_lazy("stage of a case", "Closing")
        OTHER = "other", pgettext_lazy("stage of a case", "Other")

    code = models.CharField(_("code"), max_length=40)
    name = TranslatedField(pgettext_lazy("kind of progress entry", "name"), max_length=80)
    stage = models.CharField(_("stage"), max_length=20, choices=Stage, blank=True)
    meaning = TranslatedField(_("what it means"), blank=True, is_multiline=True, max_length=LONGEST_PART)
    to_do = TranslatedField(
        _("what the reader must do"), blank=True, is_multiline=True, max_length=LONGEST_PART
    )
    next_step = TranslatedField(
        _("what usually comes next"), blank=True, is_multiline=True, max_length=LONGEST_PART
    )
    whom_to_ask = TranslatedField(_("whom to ask"), blank=True, is_multiline=True, max_length=LONGEST_PART)
    hearing_effect = models.CharField(
        _("what it does to hearings"), max_length=10, choices=HearingEffect, default=HearingEffect.NONE
    )
    ends_query = models.BooleanField(
        _("ends online access"),
        default=False,
        help_text=_("Two months after such an entry the case can no longer be seen."),
    )
    resumes_query = models.BooleanField(
        _("restores online access"),
        default=False,
        help_text=_("The file has come back: a countdown that runs is stopped."),
    )
    source = models.CharField(_("source of the term"), max_length=200, blank=True)
    legal_basis = models.CharField(_("statutes behind the explanation"), max_length=300, blank=True)

    objects = ProgressKindQuerySet.as_manager()

    class Meta:
        verbose_name = _("kind of progress entry")
        verbose_name_plural = _("kinds of progress entries")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["code"], name="unique_kind_code"),
            models.UniqueConstraint(
                FirstLanguage("name"),
                name="unique_kind_name",
                violation_error_message=_("There is already a kind of progress entry with this name."),
            ),
            models.CheckConstraint(
                condition=~models.Q(ends_query=True, resumes_query=True), name="kind_ends_or_resumes"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def missing_parts(self) -> list[tuple[str, str]]:
        """The parts of the explanation that are not written yet, each as field and language."""
        return [
            (name, code)
            for name in EXPLANATION
            for code in languages.required()
            if not text_in(self, name, code)
        ]

    @property
    def may_name_hearing(self) -> bool:
        """Whether entries of this kind are about a hearing, and so may say when it is."""
        return self.hearing_effect != HearingEffect.NONE
