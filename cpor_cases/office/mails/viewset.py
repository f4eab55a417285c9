"""The screens of mails."""

from cpor_cases.models import OutgoingMail
from cpor_core.office.viewsets import OfficeViewSet

from . import views


class MailViewSet(OfficeViewSet):
    model = OutgoingMail
    name = "mails"
    icon = "mail"
    menu_order = 140
    index_view_class = views.MailListView
    inspect_view_class = views.MailDetailView

    def get_action_patterns(self):
        return [
            self.action_path("bulk/", views.BulkResendView, "bulk"),
            self.action_path("<key:pk>/send-again/", views.SendAgainView, "send_again"),
        ]
