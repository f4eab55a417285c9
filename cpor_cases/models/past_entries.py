"""What an entry said before it was corrected."""

from collections.abc import Iterable

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cpor_core.models.progress_kinds import ProgressKind

from .progress_entries import ProgressEntry


class PastEntry(models.Model):
    """One wording of a published entry until a correction replaced it. What was corrected while on hold is not kept."""

    entry = models.ForeignKey(
        ProgressEntry, on_delete=models.CASCADE, related_name="past_entries", verbose_name=_("progress entry")
    )
    replaced_at = models.DateTimeField(_("replaced"))
    recorded_at = models.DateTimeField(_("recorded"))
    kind = models.ForeignKey(
        ProgressKind, on_delete=models.PROTECT, related_name="+", verbose_name=_("kind of progress entry")
    )
    detail = models.CharField(_("detail"), max_length=500, blank=True)
    hearing_at = models.DateTimeField(_("hearing"), null=True, blank=True)
    courtroom = models.CharField(_("courtroom"), max_length=60, blank=True)
    moved_from = models.DateTimeField(_("original hearing"), null=True, blank=True)

    # What a reader is told of it, in the order in which an entry has it.
    TOLD = ("recorded_at", "kind", "detail", "hearing_at", "courtroom", "moved_from")

    class Meta:
        verbose_name = pgettext_lazy("progress entry", "earlier wording")
        verbose_name_plural = pgettext_lazy("progress entry", "earlier wordings")
        default_permissions = ()
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.kind} {self.replaced_at:%Y-%m-%d}"

    def differences_from(self, later: "PastEntry | ProgressEntry") -> dict[str, object]:
        """Return the values that were replaced by those of the next wording, by name."""
        return {
            name: getattr(self, name) for name in self.TOLD if getattr(self, name) != getattr(later, name)
        }


def attach_past_to(entries: Iterable[ProgressEntry]) -> None:
    """Give each entry its `past` wordings, oldest first: one query, if any of them was corrected."""
    entries = list(entries)
    corrected = [entry.pk for entry in entries if entry.corrected_at]
    past = PastEntry.objects.filter(entry__in=corrected).select_related("kind") if corrected else []
    for entry in entries:
        entry.past = [each for each in past if each.entry_id == entry.pk]
