"""Where the record of a court's own system and the one here differ: the list, for its manager, and as a file."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, OuterRef, Subquery
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy
from django.views.generic import View
from wagtail.admin.ui.tables import Column
from wagtail.admin.widgets.button import HeaderButton

from cpor_cases.manifests.groups import group_of_key
from cpor_cases.manifests.reading import HEADINGS, OF_CASE
from cpor_cases.models import Manifest, ManifestDifference
from cpor_cases.office.views import OfficeListView
from cpor_core.case_numbers import CaseNumber
from cpor_core.models import Category, Court
from cpor_core.office.columns import CountColumn, MomentColumn
from cpor_core.office.exports import as_csv
from cpor_core.office.views import HorizonMixin
from cpor_core.roc_dates import in_both_calendars

GROUP_KEYS = ("court", *OF_CASE, "day")


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
    results_template_name = "cpor_cases/office/manifests/list_results.html"
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
    def header_buttons(self):
        url = reverse("office_manifests:upload")
        return [HeaderButton(_("Upload a manifest"), url=url, icon_name="upload")]

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            latest=latest_manifests(self.request.user),
            is_any_to_send_again=to_send_again(self.get_base_queryset()).exists(),
            **kwargs,
        )

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


def to_send_again(differences):
    """Return the differences that the court's system repairs by sending: what it does not hold, it cannot send."""
    return differences.exclude(kind=ManifestDifference.Kind.EXTRA)


def latest_manifests(user) -> list[Manifest]:
    """Return the last manifest of each court within the horizon, with its figures in `differing`."""
    own = Manifest.objects.filter(court=OuterRef("pk")).order_by("-pk").values("pk")[:1]
    courts = Court.objects.for_clerk(user).annotate(manifest=Subquery(own))
    kept = Manifest.objects.filter(pk__in=courts.values("manifest"))
    return list(
        kept.select_related("court", "started_by").annotate(differing=Count("differences")).order_by("court")
    )


class SendAgainView(HorizonMixin, View):
    """The cases or days that the court's system is to send again, as a file with the headings of a manifest."""

    model = ManifestDifference
    http_method_names = ["get", "head"]

    def get(self, request):
        found = (
            to_send_again(self.get_rows().filter(closed_at=None))
            .select_related("court")
            .order_by("court", "group")
        )
        headings = [*(HEADINGS[key] for key in GROUP_KEYS), HEADINGS["entry_id"], *self._further_headings()]
        return as_csv("send-again.csv", headings, self._lines(found), title=_("Cases or days to send again"))

    @staticmethod
    def _further_headings() -> list[str]:
        named = (
            pgettext("manifest", "what differs"),
            _("entries at the court"),
            _("entries here"),
        )
        return [text.capitalize() for text in named]

    @staticmethod
    def _lines(found) -> Iterator[list[Any]]:
        for each in found.iterator(chunk_size=500):
            facts = {"court": each.court.code} | group_of_key(each.by, each.group).as_row()
            missing = ManifestDifference.Kind.MISSING, ManifestDifference.Kind.DIFFERENT
            entries = [entry for kind in missing for entry in each.entries.get(kind, [])]
            figures = [each.get_kind_display(), each.entries_there, each.entries_here]
            yield [*(facts.get(key, "") for key in GROUP_KEYS), " ".join(entries), *figures]
