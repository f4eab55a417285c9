"""The screens of the reports."""

from django.urls import path
from django.utils.translation import pgettext_lazy
from wagtail.admin.viewsets.base import ViewSet

from cpor_cases.office.management_menu import ManagementMenu
from cpor_cases.permissions import REPORT_PERMISSION
from cpor_core.models import Court
from cpor_core.office.viewsets import menu_item_where

from . import views
from .figures import MONTHLY


class ReportViewSet(ViewSet):
    """The figures of a court, and of all courts side by side."""

    name = "court-reports"
    url_namespace = "office_reports"
    icon = "table"
    menu_label = pgettext_lazy("court", "Reports")
    menu_order = 40
    menu_hook = ManagementMenu.submenu_hook
    menu_item_class = menu_item_where(lambda user: user.has_perm(REPORT_PERMISSION))
    model = Court

    def get_urlpatterns(self):
        monthly = [
            path(f"{report.name}/", views.MonthlyView.as_view(report=report), name=report.name)
            for report in MONTHLY
        ]
        return [*monthly, path("courts/", views.CourtsView.as_view(), name="courts")]
