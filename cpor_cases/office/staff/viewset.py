"""The screens of the staff's log-ins."""

from django.contrib.auth import get_user_model
from django.urls import path
from wagtail.admin.viewsets.base import ViewSet

from cpor_cases.office.management_menu import ManagementMenu
from cpor_cases.permissions import is_in_charge
from cpor_core.office.viewsets import menu_item_where

from . import views


class StaffViewSet(ViewSet):
    """Log-ins and second factors of the staff in one's charge."""

    name = "staff"
    url_namespace = "office_staff"
    icon = "lock"
    menu_label = views.TITLE
    menu_order = 12
    menu_hook = ManagementMenu.submenu_hook
    menu_item_class = menu_item_where(is_in_charge)
    model = get_user_model()

    def get_urlpatterns(self):
        return [
            path("", views.StaffListView.as_view(), name="index"),
            path("results/", views.StaffListView.as_view(results_only=True), name="index_results"),
            path("<int:pk>/", views.StaffDetailView.as_view(), name="inspect"),
            path("<int:pk>/end/", views.EndSessionsView.as_view(), name="end"),
            path("<int:pk>/invite/", views.InviteView.as_view(), name="invite"),
            path("<int:pk>/reset/", views.ResetFactorView.as_view(), name="reset"),
            path("<int:pk>/name/", views.RenameView.as_view(), name="rename"),
        ]
