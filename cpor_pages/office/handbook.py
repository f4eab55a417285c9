"""The handbook for editors."""

from django.urls import path, reverse_lazy
from django.utils.translation import gettext_lazy as _

from cpor_core.office.handbooks import HandbookView
from cpor_core.office.viewsets import menu_item_where

NAME = "editors_handbook"


def is_editor(user) -> bool:
    """Tell whether somebody writes what visitors read."""
    return user.has_perm("cpor_pages.change_courtform")


class EditorsHandbookView(HandbookView):
    page_title = _("Handbook for editors")
    folder = "cpor_pages/office/handbook"
    is_for = staticmethod(is_editor)


def urls() -> list:
    return [path("editors-handbook/", EditorsHandbookView.as_view(), name=NAME)]


def menu_item():
    item = menu_item_where(is_editor)
    return item(EditorsHandbookView.page_title, reverse_lazy(NAME), name=NAME, icon_name="help", order=110)
