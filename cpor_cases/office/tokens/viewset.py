"""The screens of API tokens."""

from cpor_cases.models import ApiToken
from cpor_cases.office.management_menu import ManagementViewSet

from . import views


class TokenViewSet(ManagementViewSet):
    model = ApiToken
    name = "tokens"
    icon = "key"
    menu_order = 20
    index_view_class = views.TokenListView
    has_detail_pages = False

    def get_action_patterns(self):
        return [
            self.action_path("new/", views.IssueView, "add"),
            self.action_path("<key:pk>/revoke/", views.RevokeTokenView, "revoke"),
        ]
