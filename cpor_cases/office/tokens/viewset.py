"""The screens of API tokens."""

from cpor_cases.models import ApiToken
from cpor_cases.office.management_menu import ManagementViewSet
from cpor_core.switches import is_on

from . import views


class TokenViewSet(ManagementViewSet):
    model = ApiToken
    name = "tokens"
    icon = "key"
    menu_order = 20
    index_view_class = views.TokenListView
    has_detail_pages = False

    @property
    def menu_item_class(self):
        """Without the interface there is nothing to make tokens for; those that exist stay on record."""
        item = super().menu_item_class
        shown = {"is_shown": lambda self, request: is_on("HAS_API") and item.is_shown(self, request)}
        return type("TokenMenuItem", (item,), shown)

    def get_action_patterns(self):
        return [
            self.action_path("new/", views.IssueView, "add"),
            self.action_path("<key:pk>/revoke/", views.RevokeTokenView, "revoke"),
        ]
