"""The menu of court management."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.viewsets.base import ViewSetGroup

from cpor_core.office.viewsets import OfficeViewSet


class ManagementMenu(ViewSetGroup):
    """The menu of a court manager: posts, staff, the court, its tokens, reports and audit."""

    menu_label = _("Management")
    menu_name = "court-management"
    menu_icon = "cogs"
    menu_order = 160
    submenu_hook = "register_court_management_menu_item"


class ManagementViewSet(OfficeViewSet):
    """A view set in the menu of court management."""

    menu_hook = ManagementMenu.submenu_hook
