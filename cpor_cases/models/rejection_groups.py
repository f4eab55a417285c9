"""The rows that an import rejected for one reason: what is still to be done about them, or why nothing is."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cpor_core.reasons import SENTENCES_IN_SHORT

from .import_runs import ImportRun

ABORTED = "aborted"
"""The code of the group of all that an aborted import left out, whose rows are not known."""


class RejectionGroupQuerySet(models.QuerySet["RejectionGroup"]):
    def answered(self) -> "RejectionGroupQuerySet":
        return self.exclude(answer="")

    def unanswered(self) -> "RejectionGroupQuerySet":
        return self.filter(answer="")


class RejectionGroup(models.Model):
    """The rejected rows of an import with one code, counted when it ended; the figures outlive the rows.

    A clerk may say why they do not come in corrected. Until then, or until they do come in, they are work.
    """

    class Answer(models.TextChoices):
        TYPED = "typed", _("recorded in another way: typed in the office, or sent under another number")
        ON_RECORD = "on_record", _("already on record")
        NOT_SHOWN = "not_shown", _("concerns what this service does not show")
        OVERTAKEN = "overtaken", _("overtaken: no longer true")
        TEST = "test", _("test data: about no real case")
        IMPOSSIBLE = "impossible", _("the court's system cannot send it corrected")
        OTHER = "other", _("another reason, which the note says")

    run = models.ForeignKey(
        ImportRun, on_delete=models.CASCADE, related_name="rejection_groups", verbose_name=_("import")
    )
    code = models.CharField(_("code of the reason"), max_length=40, blank=True)
    rows = models.PositiveIntegerField(_("rows"))
    answer = models.CharField(
        _("why they do not come in corrected"), max_length=12, choices=Answer.choices, blank=True
    )
    note = models.CharField(_("note"), max_length=500, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("answered by"),
    )
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)

    objects = RejectionGroupQuerySet.as_manager()

    class Meta:
        verbose_name = _("rejected rows of one reason")
        verbose_name_plural = _("rejected rows by reason")
        ordering = ["-rows", "code"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["run", "code"], name="one_rejection_group_of_a_code"),
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None) | (~Q(answer="") & Q(answered_at__isnull=False)),
                name="rejection_answered_at_some_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.in_words} ({self.rows})" if self.rows else self.in_words

    @property
    def in_words(self) -> str:
        """The reason, in the language now active, without the value that was sent."""
        if self.code == ABORTED:
            return str(_("the rest of the file, which was not read to its end"))
        return str(SENTENCES_IN_SHORT.get(self.code, _("a reason of an earlier version")))
