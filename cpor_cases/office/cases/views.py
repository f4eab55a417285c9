"""Cases: the list, and the page of one case with all that belongs to it."""

from django.db.models import DateTimeField, Value
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.tables import Column

from cpor_cases.actions import entries as entries_module
from cpor_cases.hearings.of_cases import attach_to_entries, next_of_cases
from cpor_cases.mail.wording import with_state_in_words
from cpor_cases.models import CaseAccess, MergedCase, OutgoingMail, ProgressEntry
from cpor_cases.models.past_entries import attach_past_to
from cpor_cases.office import searches, timeline
from cpor_cases.office.columns import CaseNumberColumn
from cpor_cases.office.views import DetailView, OfficeListView
from cpor_core.models import Court
from cpor_core.office.columns import MomentColumn

from .filters import CaseFilterSet
from .merged_cases import MergedLeadsOnMixin

MAILS_SHOWN = 20


class CaseListView(OfficeListView):
    related = ("court",)
    stacks = True
    filterset_class = CaseFilterSet
    is_searchable = True
    default_ordering = "-pk"
    empty_message = gettext_lazy("A case comes here with its first application or its first progress entry.")

    @cached_property
    def columns(self):
        columns = [
            CaseNumberColumn(
                "case",
                label=_("Case"),
                accessor="full_number",
                url_name="office_cases:inspect",
                sort_key="year",
            ),
            Column("category", label=_("Category"), accessor="get_category_display", sort_key="category"),
            Column("division", label=_("Division"), sort_key="division"),
            Column("cause", label=_("Cause")),
            MomentColumn("next_hearing_at", label=_("Next hearing"), sort_key=self.hearing_sort_key),
            MomentColumn("last_query_day", label=_("Can be followed until"), sort_key="closed_on"),
        ]
        if Court.objects.for_clerk(self.request.user).count() > 1:
            columns.insert(1, Column("court", label=_("Court")))
        return columns

    @property
    def hearing_sort_key(self) -> str | None:
        """The list can be sorted by hearing only if a period is chosen, which leaves few rows."""
        is_narrowed = self.request.GET.get("hearing_from") or self.request.GET.get("hearing_to")
        return "next_hearing_at" if is_narrowed else None

    def get_base_queryset(self):
        # The filter of the period replaces it by the hearing in question; without a period there is none to sort by.
        none = Value(None, output_field=DateTimeField())
        return super().get_base_queryset().annotate(next_hearing_at=none)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        coming = next_of_cases({case.pk for case in context["object_list"]})
        for case in context["object_list"]:
            case.next_hearing_at = coming[case.pk].at if case.pk in coming else None
        return context

    def find(self, queryset, text):
        return searches.cases(queryset, text, self.request.user)


class CaseDetailView(MergedLeadsOnMixin, DetailView):
    related = ("court",)
    template_name = "cpor_cases/office/cases/inspect.html"

    def get_context_data(self, **kwargs):
        case, clerk = self.object, self.request.user
        people = CaseAccess.objects.filter(case=case).select_related(
            "account", "application__role", "ended_by", "case"
        )
        mails = OutgoingMail.objects.for_clerk(clerk).about_case(case).select_related("account")
        newest_first = ProgressEntry.objects.filter(case=case).select_related("kind").newest_first()
        entries = entries_module.with_time_of_mails(newest_first)
        attach_to_entries(entries)
        attach_past_to(entries)
        return super().get_context_data(
            entries=entries,
            waiting=[entry for entry in entries if entry.told_at],
            now=timezone.now(),
            accesses=people.order_by("-granted_at"),
            applications=case.applications.select_related("role"),
            mails=with_state_in_words(mails.order_by("-pk")[:MAILS_SHOWN]),
            can_change=self.user_has_permission("change"),
            merged_here=case.merged_cases.select_related("merged_by").order_by("merged_at"),
            was_merged=MergedCase.objects.of_number(
                court=case.court_id, category=case.category, number=case.full_number
            )
            .select_related("case")
            .order_by("-merged_at")
            .first(),
            happenings=timeline.of_case(case, clerk),
            **kwargs,
        )
