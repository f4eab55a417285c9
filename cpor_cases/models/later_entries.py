"""What a later submission has said of an entry while an earlier one of its court was still under way."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from cpor_core.models.courts import Court

from .import_runs import ImportRun
from .progress_entries import ProgressEntry


class LaterEntry(models.Model):
    """The latest import that named an entry and overtook an earlier one, which leaves the entry as it is.

    It is there only as long as an earlier import of the court has not ended.
    """

    court = models.ForeignKey(
        Court, on_delete=models.CASCADE, related_name="+", db_index=False, verbose_name=_("court")
    )
    entry_id = models.CharField(
        _("entry number"), max_length=ProgressEntry._meta.get_field("entry_id").max_length
    )
    run = models.ForeignKey(
        ImportRun, on_delete=models.CASCADE, related_name="+", db_index=False, verbose_name=_("import")
    )

    class Meta:
        verbose_name = _("entry named by a later import")
        verbose_name_plural = _("entries named by a later import")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["court", "entry_id"], name="unique_later_entry")]

    def __str__(self) -> str:
        return f"{self.court_id} {self.entry_id} · {self.run_id}"
