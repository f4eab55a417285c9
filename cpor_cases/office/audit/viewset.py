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
    has_detail_pages = False

    def get_action_patterns(self):
        return [
            path(
                "export.<slug:kind>",
                self.construct_view(views.AuditExportView, **self.get_index_view_kwargs()),
                name="export",
            ),
        ]
