"""Columns of the list of applications."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail.admin.ui.tables import Column, StatusTagColumn

from cpor_cases.models import Application
from cpor_core.office.columns import ChooseColumn
from cpor_core.office.working_days import working_days_since


class ChooseApplicationColumn(ChooseColumn):
    """A box for applications that wait for a decision."""

    cell_template_name = "cpor_cases/office/cells/choose_application.html"


class AgeColumn(Column):
    """How long a pending application has waited, in working days; red past the first."""

    cell_template_name = "cpor_cases/office/cells/working_days.html"

    def get_value(self, application):
        return working_days_since(application.received_on) if application.is_pending else None

    def get_cell_context_data(self, instance, parent_context):
        context = super().get_cell_context_data(instance, parent_context)
        days = context["raw_value"]
        context["days"] = days
        context["text"] = "" if days is None else days_in_words(days)
        context["is_late"] = days is not None and days > 1
        return context


class ApplicationStateColumn(StatusTagColumn):
    """The state of an application; the one that asks for work stands out."""

    def __init__(self, **kwargs):
        super().__init__(
            "status",
            label=_("State"),
            accessor="get_status_display",
            sort_key="status",
            primary=lambda application: application.status == Application.Status.PENDING,
            **kwargs,
        )


def days_in_words(days: int) -> str:
    """Return an age in words: “less than 1 working day” (also of what came on a Saturday), “1 working day”, …"""
    if days == 0:
        return str(_("less than 1 working day"))
    return ngettext("%(days)d working day", "%(days)d working days", days) % {"days": days}
