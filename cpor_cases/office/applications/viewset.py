"""The screens of applications."""

from cpor_cases.models import Application
from cpor_core.office.viewsets import OfficeViewSet

from . import bulk_views, decision_views, petition_views, record_views, views


class ApplicationViewSet(OfficeViewSet):
    model = Application
    name = "applications"
    icon = "form"
    menu_order = 110
    index_view_class = views.ApplicationListView
    inspect_view_class = views.ApplicationDetailView

    def get_action_patterns(self):
        return [
            self.action_path("new/", record_views.RecordView, "add"),
            self.action_path("scan/", petition_views.ScanView, "scan"),
            self.action_path("petition/<key:pk>/", petition_views.PetitionView, "petition"),
            self.action_path("check/", record_views.CheckView, "check"),
            self.action_path("bulk/", bulk_views.BulkDecisionView, "bulk"),
            self.action_path("<key:pk>/edit/", record_views.EditView, "edit"),
            self.action_path("<key:pk>/approve/", decision_views.ApproveView, "approve"),
            self.action_path("<key:pk>/refuse/", decision_views.RefuseView, "refuse"),
            self.action_path("<key:pk>/take-back/", decision_views.TakeBackView, "take_back"),
            self.action_path("<key:pk>/decide-again/", decision_views.DecideAgainView, "decide_again"),
            self.action_path("<key:pk>/readdress/", decision_views.ReaddressView, "readdress"),
        ]
