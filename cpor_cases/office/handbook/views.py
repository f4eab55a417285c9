"""The handbook for clerks and court managers."""

from django.urls import path, reverse_lazy
from django.utils.translation import gettext_lazy as _

from cpor_cases.permissions import is_clerk
from cpor_core.office.handbooks import HandbookView
from cpor_core.office.viewsets import menu_item_where

NAME = "office_handbook"


class ClerksHandbookView(HandbookView):
    page_title = _("Handbook for clerks and court managers")
    folder = "cpor_cases/office/handbook"
    is_for = staticmethod(is_clerk)


def urls() -> list:
    return [path("handbook/", ClerksHandbookView.as_view(), name=NAME)]


def menu_item():
    item = menu_item_where(is_clerk)
    return item(ClerksHandbookView.page_title, reverse_lazy(NAME), name=NAME, icon_name="help", order=100)
