"""Progress entries of cases."""

import datetime as dt
from typing import TYPE_CHECKING

from django.db import connection, models
from django.db.models import F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cpor_core import conf
from cpor_core.models.courts import Court
from cpor_core.models.progress_kinds import HearingEffect, ProgressKind

from .cases import Case

if TYPE_CHECKING:
    from cpor_cases.hearings.standing import Mention

    from .past_entries import PastEntry

WITHDRAWN_LATELY = dt.timedelta(days=30)


class ProgressEntryQuerySet(models.QuerySet):
    def for_clerk(self, user) -> "ProgressEntryQuerySet":
        return self.filter(court__in=Court.objects.keys_for_clerk(user))

    def standing(self) -> "ProgressEntryQuerySet":
        """Entries that are published and not withdrawn."""
        return self.filter(held_until=None, withdrawn_at=None)

    def announced(self) -> "ProgressEntryQuerySet":
        """Entries that people are told of: neither on hold, nor withdrawn before anybody could see them."""
        return self.filter(held_until=None).exclude(withdrawn_at=F("first_seen_at"))

    def recent(self) -> "ProgressEntryQuerySet":
        """What is shown of each case, newest first: its latest three entries, and those withdrawn in the last 30 days."""
        latest = ProgressEntry.objects.standing().filter(case=OuterRef("case")).newest_first()
        is_shown = Q(pk__in=latest.values("pk")[: conf.ENTRIES_SHOWN])
        was_withdrawn = Q(withdrawn_at__gt=timezone.now() - WITHDRAWN_LATELY)
        return self.announced().filter(is_shown | was_withdrawn).newest_first()

    def on_hold(self) -> "ProgressEntryQuerySet":
        """Entries just typed by a clerk, who may still take them back without anybody being told."""
        return self.filter(held_until__isnull=False)

    def important(self) -> "ProgressEntryQuerySet":
        """The entries that are about a hearing or a decision."""
        return self.filter(
            Q(hearing_at__isnull=False)
            | ~Q(kind__hearing_effect=HearingEffect.NONE)
            | Q(kind__stage__in=[ProgressKind.Stage.HEARING, ProgressKind.Stage.DISPOSITION])
        )

    def important_in_sql(self, *, entry: str, kind: str) -> tuple[str, tuple]:
        """Return the condition of `important` in SQL with its parameters, where the tables of entries and kinds have other names."""
        query = self.important().query
        names: dict[str | None, str] = {
            self.model._meta.db_table: entry,
            ProgressKind._meta.db_table: kind,
        }
        compiler = query.get_compiler(connection=connection)
        condition, parameters = compiler.compile(query.where.relabeled_clone(names))
        return condition, tuple(parameters)

    def newest_first(self) -> "ProgressEntryQuerySet":
        return self.order_by("-recorded_at", "-id")


class ProgressEntry(models.Model):
    """One 進行事項 of a case, as the court recorded it."""

    case = models.ForeignKey(
        Case, on_delete=models.PROTECT, related_name="entries", db_index=False, verbose_name=_("case")
    )
    # Stored here, too, because `entry_id` is unique within the court, not within the case. A composite foreign key on
    # PostgreSQL ensures that it is the case's court.
    court = models.ForeignKey(
        Court, on_delete=models.PROTECT, related_name="+", db_index=False, verbose_name=_("court")
    )
    entry_id = models.CharField(_("entry number"), max_length=60)
    recorded_at = models.DateTimeField(
        _("recorded"), help_text=_("Midnight stands for a day without a time.")
    )
    kind = models.ForeignKey(
        ProgressKind,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        verbose_name=_("progress entry"),
    )
    detail = models.CharField(_("detail"), max_length=500, blank=True)
    hearing_at = models.DateTimeField(_("hearing"), null=True, blank=True)
    courtroom = models.CharField(_("courtroom"), max_length=60, blank=True)
    moved_from = models.DateTimeField(
        _("original hearing"),
        null=True,
        blank=True,
        help_text=_("Of a move: when the hearing was before, as the court says."),
    )
    # Not among the columns of an export: the same row sent again does not undo it.
    chosen_hearing_at = models.DateTimeField(
        _("hearing chosen at the court"),
        null=True,
        blank=True,
        help_text=_("Which hearing was moved or called off, where the entry itself does not say."),
    )
    first_seen_at = models.DateTimeField(_("received"), default=timezone.now)
    held_until = models.DateTimeField(
        _("on hold until"),
        null=True,
        blank=True,
        help_text=_("Until then people neither see the entry nor are told of it."),
    )
    corrected_at = models.DateTimeField(_("corrected"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    changed_in = models.ForeignKey(
        "ImportRun",
        on_delete=models.PROTECT,
        related_name="entries",
        db_index=False,
        verbose_name=_("last changed by import"),
    )

    told_at: dt.datetime | None  # set by actions.entries.with_time_of_mails
    mention: "Mention | None"  # set by hearings.of_cases.attach_to_entries
    is_explained: bool  # set where a mail says once what each kind means
    past: "list[PastEntry]"  # set by models.past_entries.attach_past_to

    objects = ProgressEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("progress entry")
        verbose_name_plural = _("progress entries")
        constraints = [models.UniqueConstraint(fields=["court", "entry_id"], name="unique_entry")]
        indexes = [
            # The latest three of a case are read off this index alone.
            models.Index(fields=["case", "-recorded_at", "-id"], name="latest_entries_of_case"),
            # What an import changed, and whether it brought anything of a court.
            models.Index(fields=["changed_in", "court"], name="entries_of_import"),
            # Whether something was withdrawn in a case lately: few rows are.
            models.Index(
                fields=["case", "withdrawn_at"],
                condition=models.Q(withdrawn_at__isnull=False),
                name="withdrawn_entries_of_case",
            ),
            # Tomorrow's hearings of a court: few rows have one.
            models.Index(
                fields=["court", "hearing_at"],
                condition=models.Q(hearing_at__isnull=False, withdrawn_at=None),
                name="hearings_of_court",
            ),
            # The clock's query every minute: hardly any row is on hold.
            models.Index(
                fields=["held_until"],
                condition=models.Q(held_until__isnull=False),
                name="entries_on_hold",
            ),
        ]

    @property
    def lacks_date(self) -> bool:
        """Whether it sets a hearing, and does not say when."""
        return (
            self.hearing_at is None
            and self.kind.hearing_effect == HearingEffect.SETS
            and not self.withdrawn_at
        )

    def __str__(self) -> str:
        return f"{self.kind} {timezone.localdate(self.recorded_at):%Y-%m-%d}"
