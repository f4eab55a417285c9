"""Columns of the list of applications."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import StatusTagColumn

from cpor_cases.models import Application
from cpor_cases.office.columns import WorkingDaysColumn
from cpor_core.office.columns import ChooseColumn
from cpor_core.office.working_days import working_days_since


class ChooseApplicationColumn(ChooseColumn):
    """A box for applications that wait for a decision."""

    cell_template_name = "cpor_cases/office/cells/choose_application.html"


class AgeColumn(WorkingDaysColumn):
    """How long a pending application has waited."""

    def get_value(self, application):
        return working_days_since(application.received_on) if application.is_pending else None


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
