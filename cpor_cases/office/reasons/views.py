"""The list of reasons for refusal, maintained by service managers."""

from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views import generic

from cpor_cases.models import RefusalReason
from cpor_core.office.columns import CountColumn, OtherLanguagesColumn


class ReasonListView(generic.IndexView):
    """Each reason with how often it was given; the retired ones last."""

    default_ordering = ["is_retired", "pk"]
    results_template_name = "cpor_cases/office/list_results.html"
    stacks = True

    @property
    def add_item_label(self) -> str:
        return _("Add a reason")

    def get_base_queryset(self):
        return super().get_base_queryset().with_times_given()

    @cached_property
    def columns(self):
        return [
            TitleColumn(
                "name",
                label=pgettext("of a refusal", "Reason"),
                url_name=self.edit_url_name,
                sort_key="name__reader",
            ),
            OtherLanguagesColumn("name"),
            CountColumn("times_given", label=_("Times given"), sort_key="times_given"),
            Column("is_retired", label=_("State"), accessor=state_of, sort_key="is_retired"),
        ]


def state_of(reason: RefusalReason) -> str:
    return _("Retired") if reason.is_retired else ""
