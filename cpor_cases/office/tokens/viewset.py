"""The screens of API tokens."""

from django.urls import path

from cpor_cases.models import ApiToken
from cpor_cases.office.management_menu import ManagementViewSet

from . import views


class TokenViewSet(ManagementViewSet):
    model = ApiToken
    name = "tokens"
    icon = "key"
    menu_order = 20
    index_view_class = views.TokenListView

    def get_urlpatterns(self):
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
            self.action_path("new/", views.IssueView, "add"),
            self.action_path("<key:pk>/revoke/", views.RevokeTokenView, "revoke"),
        ]

    def register_admin_url_finder(self):
        """A token has no page of its own."""
