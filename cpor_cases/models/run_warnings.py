"""What an import took although something about it is doubtful."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from cpor_core.reasons import Reason

from .import_runs import ImportRun


class RunWarning(models.Model):
    """One row that was taken as sent, and what its sender should know of it."""

    run = models.ForeignKey(
        ImportRun, on_delete=models.CASCADE, related_name="warnings", verbose_name=_("import")
    )
    line = models.PositiveIntegerField(_("line"))
    entry_id = models.CharField(_("entry number"), max_length=60)
    code = models.CharField(_("code of the reason"), max_length=40)
    parameters = models.JSONField(_("what the reason says besides"), default=dict, blank=True)

    class Meta:
        verbose_name = _("warning")
        verbose_name_plural = _("warnings")
        default_permissions = ()
        ordering = ["run", "line"]

    def __str__(self) -> str:
        return f"{self.line}: {self.sentence}"

    @property
    def sentence(self) -> str:
        """What is doubtful, in the language now active."""
        return Reason(self.code, parameters=self.parameters).sentence()
