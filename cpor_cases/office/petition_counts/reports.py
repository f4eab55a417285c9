"""At which step people stop filling in a petition: for the editors who write the texts around the steps."""

from django.db.models import Case, IntegerField, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy, pgettext_lazy
from wagtail.admin.ui.tables import Column
from wagtail.permissions import ModelPermissionPolicy

from cpor_cases.models import PetitionCounter
from cpor_core.models import ProgressKind
from cpor_core.office.reports import DownloadableReport
from cpor_core.roc_dates import month_in_both_calendars

STEPS = {
    "court": gettext_lazy("court"),
    "category": gettext_lazy("category"),
    "number": gettext_lazy("case number"),
    "role": gettext_lazy("role"),
    "name": pgettext_lazy("step of a petition", "name"),
    "email": pgettext_lazy("step of a petition", "email address"),
    "code": pgettext_lazy("step of a petition", "code"),
    "check": pgettext_lazy("step of a petition", "check everything"),
    "finished": pgettext_lazy("step of a petition", "petition made"),
}
FIRST = next(iter(STEPS))


def by_month_and_step() -> QuerySet[PetitionCounter]:
    """Return the counters, the latest month first and its steps in order, each with how many `began` in that month."""
    began = PetitionCounter.objects.filter(month=OuterRef("month"), step=FIRST)
    places = [When(step=step, then=Value(place)) for place, step in enumerate(STEPS)]
    return PetitionCounter.objects.annotate(
        place=Case(*places, default=Value(len(STEPS)), output_field=IntegerField()),
        began=Coalesce(Subquery(began.values("reached")[:1]), 0),
    ).order_by("-month", "place")


def share_of_those_who_began(counter) -> str:
    if not counter.began:
        return "–"
    return f"{counter.reached / counter.began:.0%}"


class PetitionCountsReport(DownloadableReport):
    """How many reached each step. A person who starts on the last day of a month may finish in the next."""

    model = PetitionCounter
    page_title = gettext_lazy("Petitions by step")
    index_url_name = "petition_counts_report"
    index_results_url_name = "petition_counts_report_results"
    permission_policy = ModelPermissionPolicy(ProgressKind)
    any_permission_required = ["add", "change"]
    header_icon = "form"
    columns = [
        Column(
            "month",
            label=pgettext_lazy("of a year", "Month"),
            accessor=lambda row: month_in_both_calendars(row.month),
        ),
        Column(
            "step",
            label=pgettext_lazy("of a petition", "Step"),
            accessor=lambda row: str(STEPS.get(row.step, row.step)),
        ),
        Column("reached", label=pgettext_lazy("petitions", "Reached")),
        Column(
            "share",
            label=pgettext_lazy("petitions", "Of those who began"),
            accessor=share_of_those_who_began,
        ),
    ]

    def get_queryset(self):
        return by_month_and_step()
