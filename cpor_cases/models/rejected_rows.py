"""The rows of imports that could not be taken."""

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.fields.json import KT
from django.utils.translation import gettext_lazy as _

from cpor_core.reasons import Reason

from .cases import Case
from .import_runs import ImportRun
from .progress_entries import ProgressEntry
from .rejection_groups import RejectionGroup


class RejectedRowQuerySet(models.QuerySet["RejectedRow"]):
    def missing(self) -> "RejectedRowQuerySet":
        """Rows whose entry no import has taken since, and of whose reason nobody has said why they do not come in.

        Of a line of which a later one counts nothing is missing: that one was taken, or is rejected itself.
        """
        taken = ProgressEntry.objects.filter(
            court=OuterRef("run__court"), entry_id=OuterRef("sent_as"), changed_in__gte=OuterRef("run")
        )
        answered = RejectionGroup.objects.answered().filter(run=OuterRef("run"), code=OuterRef("code"))
        rows = self.annotate(sent_as=KT("row__entry_id")).exclude(code="later_line_counts")
        return rows.filter(~Exists(taken)).exclude(Exists(answered))


class RejectedRow(models.Model):
    """One row that could not be taken, as it was sent, with the reason."""

    run = models.ForeignKey(
        ImportRun, on_delete=models.CASCADE, related_name="rejected_rows", verbose_name=_("import")
    )
    line = models.PositiveIntegerField(_("line"))
    code = models.CharField(_("code of the reason"), max_length=40, blank=True)
    column_key = models.CharField(
        _("key of the column"), max_length=20, blank=True, help_text=_("Empty if it is the row as a whole.")
    )
    parameters = models.JSONField(_("what the reason says besides"), default=dict, blank=True)
    reason = models.CharField(
        _("reason"), max_length=500, help_text=_("As it was said when the row was rejected.")
    )
    row = models.JSONField(_("row as sent"))
    case = models.ForeignKey(
        Case,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        db_index=False,
        related_name="rejected_rows",
        verbose_name=_("case"),
        help_text=_("The case that it names, if it can be told and is on record."),
    )

    objects = RejectedRowQuerySet.as_manager()

    class Meta:
        verbose_name = _("rejected row")
        verbose_name_plural = _("rejected rows")
        ordering = ["run", "line"]
        indexes = [
            # Is something of this case missing? Few rows are rejected, and fewer name a case on record.
            models.Index(fields=["case"], condition=Q(case__isnull=False), name="rejected_rows_of_case")
        ]

    def __str__(self) -> str:
        return f"{self.line}: {self.reason}"

    @classmethod
    def of(
        cls, run: ImportRun | None, line: int, reason: Reason, row: dict[str, str], case: int | None = None
    ) -> "RejectedRow":
        """Return the row, to be stored if it has a run; `reason` has named its column as the sender does.

        `case` is the key of the case that it names.
        """
        return cls(
            run=run,
            line=line,
            code=reason.code,
            column_key=reason.column,
            parameters=reason.parameters,
            reason=reason.sentence()[:500],
            row=row,
            case_id=case,
        )

    @property
    def sentence(self) -> str:
        """Why, in the language now active; as it was said then, if this version does not know the code."""
        try:
            return Reason(self.code, self.column_key, self.parameters).sentence()
        except KeyError:
            return self.reason

    @property
    def value(self) -> str:
        """The cell of the column as it was sent; the whole line where it could not be read as a row."""
        return str(self.row.get(self.column_key or "line", ""))
