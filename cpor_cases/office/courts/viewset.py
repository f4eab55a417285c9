"""The screens of a court's own settings."""

from django.urls import path
from django.utils.translation import gettext_lazy as _
from wagtail.admin.viewsets.base import ViewSet

from cpor_cases.office.management_menu import ManagementMenu
from cpor_cases.permissions import (
    COURT_PERMISSION,
    serves_somewhere,
)
from cpor_core.models import Court
from cpor_core.office.viewsets import menu_item_where

from . import views


class CourtViewSet(ViewSet):
    """The court's own settings: telephone, hours and what its cases' pages tell."""

    name = "courts"
    url_namespace = "office_courts"
    icon = "home"
    menu_label = _("Court settings")
    menu_order = 15
    menu_hook = ManagementMenu.submenu_hook
    menu_item_class = menu_item_where(lambda user: user.has_perm(COURT_PERMISSION) and serves_somewhere(user))
    model = Court

    def get_urlpatterns(self):
        return [
            path("", views.CourtListView.as_view(), name="index"),
            path("<key:pk>/", views.CourtEditView.as_view(), name="edit"),
        ]
