"""The audit: what was done and viewed at the clerk's courts, as a list and as a file."""

from django.http import Http404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.tables import Column
from wagtail.admin.widgets.button import Button

from cpor_cases.actions import exports
from cpor_cases.models import CourtLogEntry, SavedSearch
from cpor_cases.office import searches
from cpor_cases.office.views import OfficeListView
from cpor_core.models import Court
from cpor_core.office.columns import MomentColumn
from cpor_core.office.exports import WRITERS

from .filters import AuditFilterSet
from .log_wording import note_of, what_of

MOST_EXPORTED = 50_000
KEYS_A_QUERY = 1000
EXPORTED_AS = ["csv", "xlsx"]  # no ODS: writing so many rows takes minutes, and CSV is an open format, too


class AuditListView(OfficeListView):
    related = ("court", "content_type")
    stacks = True
    filterset_class = AuditFilterSet
    is_searchable = True
    default_ordering = "-timestamp"
    page_title = gettext_lazy("Audit")
    empty_message = gettext_lazy("Every action in the office and every view of a case is recorded here.")

    @cached_property
    def columns(self):
        columns = [
            MomentColumn("timestamp", label=_("When"), sort_key="timestamp"),
            Column("who", label=_("Who"), accessor="user_display_name"),
            Column("what", label=_("What"), accessor=what_of),
            Column("label", label=_("On"), accessor="label"),
            Column("note", label=_("Remark"), accessor=note_of),
        ]
        if self.names_court:
            columns.append(Column("court", label=_("Court")))
        return columns

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        with_search_texts(context["object_list"])
        return context

    @cached_property
    def names_court(self) -> bool:
        return Court.objects.for_clerk(self.request.user).count() > 1

    def find(self, queryset, text):
        return searches.log_entries(queryset, text, self.request.user)

    @cached_property
    def header_more_buttons(self):
        query = self.request.GET.urlencode()
        return [
            Button(
                _("Download (%(kind)s)") % {"kind": kind.upper()},
                url=f"{reverse('office_audit:export', args=[kind])}?{query}",
                icon_name="download",
            )
            for kind in EXPORTED_AS
        ]


def with_search_texts(entries) -> list[CourtLogEntry]:
    """Set `search_text` on each entry of a search whose text is still kept: one query for each thousand."""
    entries = list(entries)
    named = [entry for entry in entries if "search" in entry.data]
    for start in range(0, len(named), KEYS_A_QUERY):
        some = named[start : start + KEYS_A_QUERY]
        kept = SavedSearch.objects.filter(key__in={entry.data["search"] for entry in some})
        texts = dict(kept.values_list("key", "text"))
        for entry in some:
            entry.search_text = texts.get(entry.data["search"], "")
    return entries


class AuditExportView(AuditListView):
    """The filtered list as a file. It names the court of each entry, so that files of several courts can be joined."""

    names_court = True

    http_method_names = ["get", "head", "options"]

    def get(self, request, *args, kind, **kwargs):
        if kind not in EXPORTED_AS:
            raise Http404
        if self.has_invalid_filter:
            return self.refuse(request)
        headings = [str(column.label) for column in self.columns]
        found = self.get_queryset()
        entries = with_search_texts(found[:MOST_EXPORTED])
        rows: list[tuple] = [
            (
                entry.timestamp,
                entry.user_display_name,
                what_of(entry),
                entry.label,
                note_of(entry),
                entry.court,
            )
            for entry in entries
        ]
        if left := found.count() - len(rows):
            rows.append(
                (_("%(count)d older entries are not in this file: choose a shorter time.") % {"count": left},)
            )
        courts = {entry.court_id: entry.court for entry in entries if entry.court}
        exports.log_audit(courts.values(), by=request.user)
        return WRITERS[kind](f"audit.{kind}", headings, rows, title=str(self.page_title))

    def refuse(self, request):
        """Show the list, which names the invalid filters, with status 400."""
        response = AuditListView.get(self, request)
        response.status_code = 400
        return response
