"""The screens of the court's clerks."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from cpor_cases.office.management_menu import ManagementViewSet
from cpor_core.models import ClerkPost

from . import views


class PostViewSet(ManagementViewSet):
    model = ClerkPost
    name = "posts"
    icon = "group"
    menu_label = _("Clerks of the court")
    menu_order = 10
    index_view_class = views.PostListView

    def get_urlpatterns(self):
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
            self.action_path("new/", views.AssignView, "add"),
            self.action_path("<key:pk>/remove/", views.RemoveView, "remove"),
        ]

    def register_admin_url_finder(self):
        """A post has no page of its own."""
