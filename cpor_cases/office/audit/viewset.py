"""The screens of the audit."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from cpor_cases.models import CourtLogEntry
from cpor_cases.office.management_menu import ManagementViewSet

from . import views


class AuditViewSet(ManagementViewSet):
    model = CourtLogEntry
    name = "audit"
    icon = "history"
    menu_label = _("Audit")
    menu_order = 50
    index_view_class = views.AuditListView

    def get_urlpatterns(self):
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
            path(
                "export.<slug:kind>",
                self.construct_view(views.AuditExportView, **self.get_index_view_kwargs()),
                name="export",
            ),
        ]

    def register_admin_url_finder(self):
        """An entry of the log has no page of its own."""
