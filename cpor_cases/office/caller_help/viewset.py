"""The screen for telephone calls."""

from django.urls import path
from django.utils.translation import gettext_lazy as _
from wagtail.admin.viewsets.base import ViewSet

from cpor_cases.models import Application
from cpor_cases.permissions import works_in_office
from cpor_core.office.viewsets import menu_item_where

from . import views


class CallViewSet(ViewSet):
    """The page for whoever is on the telephone."""

    name = "calls"
    url_namespace = "office_calls"
    icon = "help"
    menu_label = _("“I got no email”")
    menu_order = 105
    add_to_admin_menu = True
    model = Application

    menu_item_class = menu_item_where(works_in_office)

    def get_urlpatterns(self):
        return [path("", views.CallView.as_view(), name="index")]
