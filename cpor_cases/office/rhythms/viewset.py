"""The screens about the data of courts: whether it comes in time."""

from django.urls import path
from django.utils.translation import gettext_lazy as _
from wagtail.admin.viewsets.base import ViewSet

from cpor_cases.office.management_menu import ManagementMenu
from cpor_cases.permissions import COURT_PERMISSION, serves_somewhere
from cpor_core.models import Court
from cpor_core.office.viewsets import menu_item_where

from . import views


class RhythmViewSet(ViewSet):
    """When the system of a court usually sends, whether it is late, and on which days it is closed."""

    name = "rhythms"
    url_namespace = "office_rhythms"
    icon = "time"
    menu_label = _("Data of the courts")
    menu_order = 17
    menu_hook = ManagementMenu.submenu_hook
    menu_item_class = menu_item_where(
        lambda user: user.is_superuser or (user.has_perm(COURT_PERMISSION) and serves_somewhere(user))
    )
    model = Court

    def get_urlpatterns(self):
        return [
            path("", views.RhythmListView.as_view(), name="index"),
            path("<key:pk>/", views.RhythmEditView.as_view(), name="edit"),
            path("<key:pk>/close/", views.CloseView.as_view(), name="close"),
            path("closures/<key:pk>/take-back/", views.ReopenView.as_view(), name="reopen"),
        ]
