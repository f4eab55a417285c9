"""The rows of imports that could not be taken."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from cpor_core.reasons import Reason

from .import_runs import ImportRun


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

    class Meta:
        verbose_name = _("rejected row")
        verbose_name_plural = _("rejected rows")
        ordering = ["run", "line"]

    def __str__(self) -> str:
        return f"{self.line}: {self.reason}"

    @classmethod
    def of(cls, run: ImportRun | None, line: int, reason: Reason, row: dict[str, str]) -> "RejectedRow":
        """Return the row, to be stored if it has a run; `reason` has named its column as the sender does."""
        return cls(
            run=run,
            line=line,
            code=reason.code,
            column_key=reason.column,
            parameters=reason.parameters,
            reason=reason.sentence()[:500],
            row=row,
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
