"""Cases."""

import datetime as dt
import uuid
from functools import cache
from typing import TYPE_CHECKING, Self

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cpor_core import conf
from cpor_core.case_numbers import CaseNumber
from cpor_core.models.courts import Category, Court
from cpor_core.roc_dates import earliest_start_still_running, last_day_after_months
from cpor_core.search_text import SearchedModel, SearchedQuerySet, SearchTextField

ANY_CASE = "00000000-0000-0000-0000-000000000000"

if TYPE_CHECKING:
    from cpor_cases.hearings.standing import CaseHearings

    from .progress_entries import ProgressEntry


def within_query_period(at: dt.datetime | None = None, prefix: str = "") -> models.Q:
    """Return the condition that a case, reached by `prefix`, is still within its query period."""
    earliest = earliest_start_still_running(timezone.localdate(at), conf.QUERY_PERIOD_MONTHS)
    return models.Q(**{f"{prefix}closed_on": None}) | models.Q(**{f"{prefix}closed_on__gte": earliest})


def lately_over(at: dt.datetime | None = None, prefix: str = "") -> models.Q:
    """Return the condition that the query period of a case, reached by `prefix`, ended so lately that it is still listed."""
    today = timezone.localdate(at)
    days = today - dt.timedelta(days=conf.ENDED_CASE_DAYS), today
    first, end = (earliest_start_still_running(day, conf.QUERY_PERIOD_MONTHS) for day in days)
    return models.Q(**{f"{prefix}closed_on__gte": first, f"{prefix}closed_on__lt": end})


@cache  # a list asks for twenty, and each mail for one: resolving it anew takes longer than the rest of a line
def _path_of_any_case(language: str | None) -> str:
    return reverse("cpor_cases:case", args=[ANY_CASE])


class NumberedQuerySet(models.QuerySet):
    """Rows that have the number of a case: cases, and those merged into others."""

    def of_number(self, *, court: Court | int, category: str, number: CaseNumber) -> Self:
        """Those of a whole number: a court's, in one category."""
        return self.filter(court=court, category=category, **number._asdict())


class CaseQuerySet(SearchedQuerySet, NumberedQuerySet):  # type: ignore[override]  # a manager type each
    def for_clerk(self, user) -> "CaseQuerySet":
        return self.filter(court__in=Court.objects.keys_for_clerk(user))

    def within_query_period(self, at: dt.datetime | None = None) -> "CaseQuerySet":
        """Cases that are open, or were closed so lately that they may still be followed (rule 2)."""
        return self.filter(within_query_period(at))


class Case(SearchedModel):
    """案件: one lawsuit at one court, by its number. The year of the number is not derived from any date."""

    court = models.ForeignKey(
        Court, on_delete=models.PROTECT, related_name="cases", db_index=False, verbose_name=_("court")
    )
    category = models.CharField(_("category"), max_length=20, choices=Category.choices)
    year = models.PositiveSmallIntegerField(_("year of the Republic"))
    word = models.CharField(_("case word"), max_length=20)
    number = models.PositiveIntegerField(_("number"))
    division = models.CharField(_("division"), max_length=20, blank=True)
    cause = models.CharField(_("cause"), max_length=200, blank=True)
    closed_on = models.DateField(
        _("closed on"),
        null=True,
        blank=True,
        help_text=_("Date of the earliest entry that ends online access."),
    )
    unclear_until = models.DateTimeField(
        _("unclear until"),
        null=True,
        blank=True,
        editable=False,
        help_text=_(
            "The last of the hearings of which an entry moved or called off one without saying which."
        ),
    )
    public_id = models.UUIDField(default=uuid.uuid4, editable=False)

    search_text = SearchTextField("division", "cause")

    recent_entries: list["ProgressEntry"]  # set where the case is read with `recent_entries_of_cases`
    ended_by: "ProgressEntry | None"  # set by query_period.attach_ends
    hearings: "CaseHearings"  # set by hearings.of_cases.attach_hearings_to

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        constraints = [
            models.UniqueConstraint(
                fields=["court", "category", "year", "word", "number"], name="unique_case"
            ),
            models.UniqueConstraint(fields=["public_id"], name="unique_case_public_id"),
            # The target of the composite foreign key of entries; and the cases of a court, read off the index alone.
            models.UniqueConstraint(fields=["court", "id"], name="case_of_one_court"),
            models.CheckConstraint(
                condition=models.Q(year__gte=1, year__lte=999, number__gte=1), name="case_number_in_range"
            ),
        ]
        indexes = [
            # A list of the first page: hardly any case is in it.
            models.Index(
                fields=["court", "unclear_until"],
                condition=models.Q(unclear_until__isnull=False),
                name="unclear_cases_of_court",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.court} {self.full_number}"

    def get_absolute_url(self) -> str:
        """Return the address of the case's page for a litigant, in the active language."""
        return _path_of_any_case(get_language()).replace(ANY_CASE, str(self.public_id))

    @property
    def full_number(self) -> CaseNumber:
        return CaseNumber(self.year, self.word, self.number)

    @property
    def last_query_day(self) -> dt.date | None:
        """The last day on which the case may be followed; None while no countdown runs."""
        if self.closed_on is None:
            return None
        return last_day_after_months(self.closed_on, conf.QUERY_PERIOD_MONTHS)

    @property
    def query_days_left(self) -> int | None:
        """How many days are left until the last one: 0 on that day."""
        last_day = self.last_query_day
        return None if last_day is None else (last_day - timezone.localdate()).days

    @property
    def listed_until(self) -> dt.date | None:
        """The last day on which the case is listed as ended."""
        last_day = self.last_query_day
        return last_day and last_day + dt.timedelta(days=conf.ENDED_CASE_DAYS)

    @property
    def latest_entries(self) -> list["ProgressEntry"]:
        """The latest three entries, newest first. The case was read with its `recent` entries in `recent_entries`."""
        return [entry for entry in self.recent_entries if entry.withdrawn_at is None]

    @property
    def last_withdrawal_at(self) -> dt.datetime | None:
        """When an entry of which people had been told was last withdrawn; None if none was in the last 30 days."""
        withdrawn = [entry.withdrawn_at for entry in self.recent_entries if entry.withdrawn_at]
        return max(withdrawn, default=None)
