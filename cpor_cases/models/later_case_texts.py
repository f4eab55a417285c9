"""What a later submission has said of a case while an earlier one of its court was still under way."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .cases import Case
from .import_runs import ImportRun


class LaterCaseText(models.Model):
    """The latest import that said a text of a case (its division, its cause) and overtook an earlier one, which says
    nothing of it any more.

    It is there only as long as an earlier import of the court has not ended.
    """

    case = models.ForeignKey(
        Case, on_delete=models.CASCADE, related_name="+", db_index=False, verbose_name=_("case")
    )
    column_key = models.CharField(_("column"), max_length=40)
    run = models.ForeignKey(
        ImportRun, on_delete=models.CASCADE, related_name="+", db_index=False, verbose_name=_("import")
    )

    class Meta:
        verbose_name = _("text of a case said by a later import")
        verbose_name_plural = _("texts of cases said by a later import")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["case", "column_key"], name="unique_later_case_text")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.column_key} · {self.run_id}"
