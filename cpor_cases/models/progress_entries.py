"""Progress entries of cases."""

import datetime as dt
from collections.abc import Iterable

from django.conf import settings
from django.db import connection, models
from django.db.models import Exists, F, Max, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cpor_core.models.courts import Court
from cpor_core.models.progress_kinds import CHANGES_OF_HEARINGS, HearingEffect, ProgressKind
from cpor_core.roc_dates import start_of_day

from .cases import Case

WITHDRAWN_LATELY = dt.timedelta(days=30)


class ProgressEntryQuerySet(models.QuerySet):
    def for_clerk(self, user) -> "ProgressEntryQuerySet":
        return self.filter(court__in=Court.objects.for_clerk(user))

    def standing(self) -> "ProgressEntryQuerySet":
        """Entries that are published and not withdrawn."""
        return self.filter(held_until=None, withdrawn_at=None)

    def announced(self) -> "ProgressEntryQuerySet":
        """Entries that people are told of: neither on hold, nor withdrawn before anybody could see them."""
        return self.filter(held_until=None).exclude(withdrawn_at=F("first_seen_at"))

    def recent(self) -> "ProgressEntryQuerySet":
        """What is shown of each case, newest first: its latest three entries, and those withdrawn in the last 30 days."""
        latest = ProgressEntry.objects.standing().filter(case=OuterRef("case")).newest_first()
        is_shown = Q(pk__in=latest.values("pk")[: settings.ENTRIES_SHOWN])
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
        names = {self.model._meta.db_table: entry, ProgressKind._meta.db_table: kind}
        compiler = query.get_compiler(connection=connection)
        condition, parameters = compiler.compile(query.where.relabeled_clone(names))
        return condition, tuple(parameters)

    def with_hearing(self) -> "ProgressEntryQuerySet":
        """The published entries that set a hearing. One that tells of a cancelled hearing sets none."""
        return self.filter(held_until=None, hearing_at__isnull=False).exclude(
            kind__hearing_effect=HearingEffect.CALLS_OFF
        )

    def with_hearing_called_off(self) -> "ProgressEntryQuerySet":
        """Annotate in `called_off` whether a hearing no longer takes place: its entry was withdrawn, or a later entry
        says that the date was changed or cancelled (this date, if it names one)."""
        later = Q(recorded_at__gt=OuterRef("recorded_at")) | Q(
            recorded_at=OuterRef("recorded_at"), pk__gt=OuterRef("pk")
        )
        cancelled = Q(kind__hearing_effect=HearingEffect.CALLS_OFF) & (
            Q(hearing_at=None) | Q(hearing_at=OuterRef("hearing_at"))
        )
        voiding = ProgressEntry.objects.standing().filter(
            later, cancelled | Q(kind__hearing_effect=HearingEffect.MOVES), case=OuterRef("case")
        )
        return self.annotate(called_off=Q(withdrawn_at__isnull=False) | Q(Exists(voiding)))

    def coming_hearings(self, at: dt.datetime | None = None) -> "ProgressEntryQuerySet":
        """The hearings of today and later that were not cancelled."""
        return self.taking_place().filter(hearing_at__gte=start_of_day(at))

    def next_hearings(self, cases: Iterable[int]) -> dict[int, tuple[dt.datetime, str]]:
        """Return the time and the courtroom of the next hearing of each of some cases, given by key, that has one."""
        coming = self.coming_hearings().filter(case__in=cases).order_by("-hearing_at", "-pk")
        rows = coming.values_list("case", "hearing_at", "courtroom")
        # The earliest of a case comes last, and so is what stays.
        return {case: (hearing_at, courtroom) for case, hearing_at, courtroom in rows}

    def taking_place(self) -> "ProgressEntryQuerySet":
        """The hearings, past ones too, that were not cancelled."""
        return self.with_hearing().with_hearing_called_off().filter(called_off=False)

    def with_last_change(self) -> "ProgressEntryQuerySet":
        """Annotate in `changed_at` when what is known of a hearing last changed.

        Any correction or withdrawal in the case may concern it, and so may an entry that says a hearing was changed or
        cancelled. These moments are never removed, so `changed_at` never goes backwards.
        """
        moment = Greatest(
            Coalesce("corrected_at", "first_seen_at"), Coalesce("withdrawn_at", "first_seen_at")
        )
        touching = ProgressEntry.objects.announced().filter(
            Q(corrected_at__isnull=False)
            | Q(withdrawn_at__isnull=False)
            | Q(kind__hearing_effect__in=CHANGES_OF_HEARINGS),
            case=OuterRef("case"),
        )
        last = touching.order_by().values("case").annotate(at=Max(moment)).values("at")
        return self.annotate(changed_at=Greatest("first_seen_at", Coalesce(Subquery(last), "first_seen_at")))

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

    def __str__(self) -> str:
        return f"{self.kind} {timezone.localdate(self.recorded_at):%Y-%m-%d}"
