"""The delivery ledger, read only."""

from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .. import searches
from ..columns import Column, MailStateColumn, MomentColumn, TitleColumn
from ..filters import MailFilterSet
from ..mail_words import state_in_words
from .base import DeskListView, DetailView


class MailListView(DeskListView):
    related = ("account", "court", "access__case")
    filterset_class = MailFilterSet
    is_searchable = True
    default_ordering = "-created_at"
    empty_message = gettext_lazy("Mails about your court's cases appear here as soon as one is written.")

    @cached_property
    def columns(self):
        return [
            TitleColumn("kind", label=_("Mail"), accessor="get_kind_display", url_name="desk_mails:inspect"),
            Column("address", label=_("To"), sort_key="address"),
            Column("case", label=_("Case"), accessor=case_number_of),
            MailStateColumn("state", label=_("State"), sort_key="state"),
            MomentColumn("created_at", label=_("Created"), sort_key="created_at"),
        ]

    def search_queryset(self, queryset):
        return searches.mails(queryset, self.search_query) if self.is_searching else queryset


def case_number_of(mail) -> str:
    return str(mail.access.case.full_number) if mail.access else ""


class MailDetailView(DetailView):
    related = ("account", "court", "access__case__court", "run")
    template_name = "cpor_cases/backoffice/mail.html"

    def get_page_title(self) -> str:
        return self.object.get_kind_display()

    def get_context_data(self, **kwargs):
        return super().get_context_data(in_words=state_in_words(self.object), **kwargs)
