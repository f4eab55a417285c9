"""How long cases wait for their next entry."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from cpor_core.models.courts import Category, Court
from cpor_core.models.progress_kinds import ProgressKind

from .cases import Case


class WaitingTimeQuerySet(models.QuerySet["WaitingTime"]):
    def of(self, case: Case) -> "WaitingTime | None":
        """Return how long cases like this one waited after an entry like its newest; None where nothing can be said of it.

        The case came with its `recent` entries and its court. Of a case whose query ends there is no next entry to wait
        for, and after a withdrawal it is open from when one waits.
        """
        entries = case.latest_entries
        is_waiting = entries and case.closed_on is None and case.last_withdrawal_at is None
        if not (is_waiting and case.court.tells_waiting_times):
            return None
        kind = entries[0].kind
        found = self.filter(court=case.court_id, category=case.category, kind=kind).first()
        if found:
            found.kind = kind  # read already, with the entry
        return found


class WaitingTime(models.Model):
    """From an entry of one kind to the next entry of its case, at one court and in one category: computed each night.

    Only where enough cases are on record; it says nothing about any single one.
    """

    court = models.ForeignKey(
        Court, on_delete=models.CASCADE, related_name="+", db_index=False, verbose_name=_("court")
    )
    category = models.CharField(_("category"), max_length=20, choices=Category.choices)
    kind = models.ForeignKey(
        ProgressKind,
        on_delete=models.CASCADE,
        related_name="+",
        db_index=False,
        verbose_name=_("kind of progress entry"),
    )
    cases = models.PositiveIntegerField(_("cases"))
    median_days = models.PositiveIntegerField(_("days within which half had their next entry"))
    p80_days = models.PositiveIntegerField(
        _("days within which 8 of 10 had it"),
        null=True,
        help_text=_("Empty where fewer have had it so far."),
    )

    objects = WaitingTimeQuerySet.as_manager()

    class Meta:
        verbose_name = _("waiting time")
        verbose_name_plural = _("waiting times")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["court", "category", "kind"], name="unique_waiting_time"),
            models.CheckConstraint(
                condition=models.Q(p80_days=None) | models.Q(p80_days__gte=models.F("median_days")),
                name="median_is_not_after_p80",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.court} {self.get_category_display()} {self.kind}"
