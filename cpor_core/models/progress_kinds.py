"""The kinds of progress entries."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cpor_core.translated.fields import TranslatedField
from cpor_core.translated.lookups import FirstLanguage

HEARING_CHANGED, HEARING_CANCELLED = "hearing_changed", "hearing_cancelled"


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
    explanation = TranslatedField(
        pgettext_lazy("kind of progress entry", "explanation"), blank=True, is_multiline=True
    )
    is_hearing = models.BooleanField(_("is a hearing"), default=False)
    ends_query = models.BooleanField(
        _("ends the query"),
        default=False,
        help_text=_("Two months after such an entry the case can no longer be seen."),
    )
    resumes_query = models.BooleanField(
        _("resumes the query"),
        default=False,
        help_text=_("The file has come back: a countdown that runs is stopped."),
    )
    source = models.CharField(_("source of the term"), max_length=200, blank=True)

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
    def may_name_hearing(self) -> bool:
        """Whether an entry of this kind can say when a hearing is: it is one itself, or sets, moves or cancels one."""
        return self.is_hearing or self.stage == self.Stage.HEARING
