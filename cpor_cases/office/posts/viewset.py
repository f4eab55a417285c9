"""The screens of the court's clerks."""

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
    has_detail_pages = False

    def get_action_patterns(self):
        return [
            self.action_path("new/", views.AssignView, "add"),
            self.action_path("<key:pk>/remove/", views.RemoveView, "remove"),
        ]
