"""Which panels and menu items the first page shows to whom."""

from django.db.models import prefetch_related_objects
from django.urls import reverse
from django.utils import timezone
from wagtail.admin.ui.components import Component
from wagtail.permissions import page_permission_policy

from cpor_cases.office.handbook import views as handbook
from cpor_cases.office.reports.figures import SIDE_BY_SIDE
from cpor_cases.office.reports.scope import Scope
from cpor_cases.permissions import COURT_PERMISSION, is_clerk, oversees_courts
from cpor_core.models import Court
from cpor_core.roc_dates import month_in_both_calendars

from .panels import PANELS, DelaysPanel, ManifestsPanel
from .weeks import WeeksPanel


class ServicePanel(Component):
    """The figures of this month at all courts, for managers of the service who serve at no court."""

    name = "service"
    order = 10
    template_name = "cpor_cases/office/home/service.html"

    def get_context_data(self, parent_context):
        month = timezone.localdate().replace(day=1)
        [counts] = SIDE_BY_SIDE.counts(Scope(Court.objects.all(), month, month), [month])
        address = reverse("office_reports:courts")
        figures = [
            {
                "heading": figure.heading,
                "in_words": figure.in_words(counts),
                "url": f"{address}?ordering=-{figure.key}",
            }
            for figure in SIDE_BY_SIDE.figures
        ]
        return {"month": month_in_both_calendars(month), "figures": figures}


class NoCourtPanel(Component):
    """A notice for a clerk who serves at no court."""

    name = "no_court"
    order = 10
    template_name = "cpor_cases/office/home/no_court.html"


def lay_out(request, panels: list) -> None:
    """Add the panels of the office for clerks and managers of the service. Others see none of them."""
    if not is_clerk(request.user):
        return
    if not edits_pages(request.user):
        # Wagtail's own panels are about pages.
        panels[:] = [panel for panel in panels if not type(panel).__module__.startswith("wagtail.")]
    prefetch_related_objects([request.user], "posts")  # each panel needs the courts
    own = len(Court.objects.keys_for_clerk(request.user))
    if not own and oversees_courts(request.user):
        panels.append(ServicePanel())
    elif not own:
        panels.append(NoCourtPanel())
    else:
        names_court = own > 1
        panels.extend(panel(request.user, names_court=names_court) for panel in PANELS)
        if request.user.has_perm("cpor_cases.view_manifestdifference"):
            panels.append(ManifestsPanel(request.user, names_court=names_court))
        panels.append(WeeksPanel(request.user))
    if request.user.has_perm(COURT_PERMISSION):  # managers of courts, and superusers
        panels.append(DelaysPanel(request.user, names_court=True))


def edits_pages(user) -> bool:
    return page_permission_policy.explorable_root_instance(user) is not None


def clear_help(request, menu_items: list) -> None:
    """Remove all but the handbook from the help menu of clerks who edit no pages: Wagtail's items are about pages."""
    if is_clerk(request.user) and not edits_pages(request.user):
        menu_items[:] = [item for item in menu_items if item.name == handbook.NAME]
