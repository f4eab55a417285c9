"""Where the record of a court's own system and the one here differ: the list, for its manager."""

from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy
from wagtail.admin.ui.tables import Column

from cpor_cases.manifests.groups import group_of_key
from cpor_cases.models import Manifest, ManifestDifference
from cpor_cases.office.views import OfficeListView
from cpor_core.case_numbers import CaseNumber
from cpor_core.models import Category
from cpor_core.office.columns import CountColumn, MomentColumn
from cpor_core.roc_dates import in_both_calendars


def named(difference: ManifestDifference) -> str:
    """Return the case or the day as people say it."""
    group = group_of_key(difference.by, difference.group)
    if difference.by == Manifest.By.DAY:
        return in_both_calendars(group.day)  # type: ignore[union-attr]  # a day, then
    category, *number = group
    return f"{CaseNumber(*number)} · {Category(category).label}"  # type: ignore[arg-type]  # a case


class DifferenceListView(OfficeListView):
    """The open ones, the oldest first: the court's system sends these cases or days again."""

    related = ("court",)
    is_about_people = False
    stacks = True
    default_ordering = "since"
    page_title = gettext_lazy("Differences from the court's system")
    empty_message = pgettext_lazy(
        "manifest",
        "As far as the court's system has said what it holds, nothing is missing here and nothing is different.",
    )

    def get_base_queryset(self):
        return super().get_base_queryset().filter(closed_at=None)

    @cached_property
    def columns(self):
        return [
            Column(
                "group",
                label=pgettext("manifest", "case or day").capitalize(),
                accessor=named,
                classname="title",
            ),
            Column(
                "kind", label=pgettext("manifest", "what differs").capitalize(), accessor="get_kind_display"
            ),
            CountColumn("entries_there", label=_("entries at the court").capitalize()),
            CountColumn("entries_here", label=_("entries here").capitalize()),
            MomentColumn("since", label=_("since").capitalize(), sort_key="since", is_named_on_cards=True),
            Column("court", label=_("Court"), sort_key="court"),
        ]
