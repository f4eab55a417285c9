"""How many readers understand what they are told of each kind of entry: for those who write the explanations."""

import datetime as dt

import django_filters
from django.db.models import Case, F, FloatField, QuerySet, When
from django.db.models.functions import Cast, Coalesce, Least
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy, pgettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.permissions import ModelPermissionPolicy

from cpor_cases.models import ClarityCounter
from cpor_cases.models.clarity_counters import (
    FEWEST_VOTES,
    ClarityCounterQuerySet,
    Question,
    quarter_of,
    votes_on,
)
from cpor_core import languages
from cpor_core.models import ProgressKind
from cpor_core.office.reports import DownloadableReport
from cpor_core.roc_dates import quarter_in_both_calendars

QUARTERS_OFFERED = 8
QUARTERS_AT_FIRST = 4  # a single one has mostly too few votes


def latest_quarters(count: int) -> list[dt.date]:
    """Return the first days of the latest quarters, the present one first."""
    found = [quarter_of(timezone.localdate())]
    while len(found) < count:
        found.append(quarter_of(found[-1] - dt.timedelta(days=1)))
    return found


def by_kind_and_language(counters: ClarityCounterQuerySet) -> QuerySet:
    """Return the votes of each kind and language as rows, the least understood first, those of too few votes last."""
    rows = counters.votes_by("kind", "language", kind_name=F("kind__name__reader"))
    shares = {f"{question}_share": _share_of_yes(question) for question in Question}
    worst = Least(*(Coalesce(F(name), 2.0) for name in shares))
    return rows.annotate(**shares).annotate(worst=worst).order_by("worst", "kind", "language")


def _share_of_yes(question: Question) -> Case:
    """The share of those who said yes; NULL of too few votes."""
    share = Cast(F(f"{question}_yes"), FloatField()) / F(f"{question}_all")
    return Case(When(**{f"{question}_all__gte": FEWEST_VOTES}, then=share), output_field=FloatField())


def quarter_choices() -> list[tuple[str, str]]:
    return [(day.isoformat(), quarter_in_both_calendars(day)) for day in latest_quarters(QUARTERS_OFFERED)]


class ClarityFilterSet(WagtailFilterSet):
    quarter = django_filters.ChoiceFilter(
        label=gettext_lazy("quarter"),
        choices=quarter_choices,
        empty_label=gettext_lazy("the last four quarters"),
    )

    class Meta:
        model = ClarityCounter
        fields: list[str] = []

    def filter_queryset(self, queryset):
        chosen = self.form.cleaned_data["quarter"]
        return queryset.filter(quarter__in=[chosen] if chosen else latest_quarters(QUARTERS_AT_FIRST))


class VotesColumn(Column):
    """The shares of the votes on one question; too few are not told."""

    def __init__(self, question: Question, **kwargs):
        super().__init__(question.value, label=question.label, **kwargs)
        self.question = question

    def get_value(self, row) -> str:
        return votes_on(self.question, row).in_words


class ClarityReport(DownloadableReport):
    """Kinds of entries by how many of their readers understood, the worst first."""

    model = ClarityCounter
    page_title = gettext_lazy("Entries found clear")
    index_url_name = "clarity_report"
    index_results_url_name = "clarity_report_results"
    permission_policy = ModelPermissionPolicy(ProgressKind)
    any_permission_required = ["add", "change"]
    header_icon = "help"
    filterset_class = ClarityFilterSet
    columns = [
        TitleColumn(
            "kind_name",
            label=pgettext_lazy("kind of progress entry", "Kind"),
            get_url=lambda row: reverse("wagtailsnippets_cpor_core_progresskind:edit", args=[row["kind"]]),
        ),
        Column(
            "language",
            label=pgettext_lazy("website", "Language"),
            accessor=lambda row: languages.name(row["language"]),
        ),
        *(VotesColumn(question) for question in Question),
    ]

    def get_filtered_queryset(self):
        return by_kind_and_language(super().get_filtered_queryset())
