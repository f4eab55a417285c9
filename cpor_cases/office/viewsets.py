"""The desk's rooms: for each model its list, its detail page, and the deeds that can be done there."""

from django.urls import path
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.admin.viewsets.model import ModelViewSet


class OfficeViewSet(ModelViewSet):
    """A list and a detail page; nothing is added, changed or deleted but by the deeds a room names itself."""

    add_to_reference_index = False
    copy_view_enabled = False
    inspect_view_enabled = True
    add_to_admin_menu = True
    list_per_page = 50
    edit_view_class = add_view_class = delete_view_class = None

    @cached_property
    def url_namespace(self):
        return f"office_{self.name}"

    def get_common_view_kwargs(self, **kwargs):
        not_here = dict.fromkeys(
            ("add_url_name", "edit_url_name", "delete_url_name", "history_url_name", "usage_url_name")
        )
        return super().get_common_view_kwargs(**not_here | kwargs)

    def get_urlpatterns(self):
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
            *self.get_action_patterns(),
            path("<key:pk>/", self.inspect_view, name="inspect"),
        ]

    def get_action_patterns(self) -> list:
        return []

    def action_path(self, route: str, view_class, name: str):
        return path(route, self.construct_view(view_class), name=name)

    @property
    def inspect_view(self):
        return self.construct_view(self.inspect_view_class)

    @property
    def url_finder_class(self):
        return type(
            "OfficeURLFinder", (super().url_finder_class,), {"edit_url_name": self.get_url_name("inspect")}
        )


class ManagementMenu(ViewSetGroup):
    """What a court manager does, together in one menu: posts, the court, its tokens, its reports, its audit."""

    menu_label = _("Management")
    menu_name = "court-management"
    menu_icon = "cogs"
    menu_order = 160
    submenu_hook = "register_court_management_menu_item"


class ManagementViewSet(OfficeViewSet):
    """A room in the menu of court management."""

    menu_hook = ManagementMenu.submenu_hook


def menu_item_for(permission: str) -> type[MenuItem]:
    """A menu item that is there for those who have the permission."""
    return type(
        "PermittedMenuItem",
        (MenuItem,),
        {"is_shown": lambda item, request: request.user.has_perm(permission)},
    )


def menu_item_where(test) -> type[MenuItem]:
    """A menu item that is there for those of whom `test` is true."""
    return type("TestedMenuItem", (MenuItem,), {"is_shown": lambda item, request: test(request.user)})
