"""The screens of staff."""

from django.contrib.auth import get_user_model
from django.urls import path
from wagtail.admin.viewsets.base import ViewSet

from cpor_cases.permissions import is_in_charge
from cpor_core.office.viewsets import menu_item_where

from . import invitation_views, views


class StaffViewSet(ViewSet):
    """The staff in one's charge: invited, with their log-ins and second factors, ended."""

    name = "staff"
    url_namespace = "office_staff"
    icon = "user"
    menu_label = views.TITLE
    menu_order = 10
    menu_hook = "register_settings_menu_item"
    menu_item_class = menu_item_where(is_in_charge)
    model = get_user_model()

    def get_urlpatterns(self):
        return [
            path("", views.StaffListView.as_view(), name="index"),
            path("results/", views.StaffListView.as_view(results_only=True), name="index_results"),
            path("new/", invitation_views.InviteView.as_view(), name="add"),
            path("invitations/<key:pk>/again/", invitation_views.SendAgainView.as_view(), name="again"),
            path("invitations/<key:pk>/withdraw/", invitation_views.WithdrawView.as_view(), name="withdraw"),
            path("<int:pk>/", views.StaffDetailView.as_view(), name="inspect"),
            path("<int:pk>/end/", views.EndSessionsView.as_view(), name="end"),
            path("<int:pk>/leave/", views.EndView.as_view(), name="leave"),
            path("<int:pk>/invite/", views.InviteView.as_view(), name="invite"),
            path("<int:pk>/reset/", views.ResetFactorView.as_view(), name="reset"),
            path("<int:pk>/name/", views.RenameView.as_view(), name="rename"),
        ]
