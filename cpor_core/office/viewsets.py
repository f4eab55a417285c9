"""The base classes of the admin's view sets with their own actions, and of their menu items."""

from collections.abc import Callable

from django.contrib.auth.models import AbstractUser
from django.urls import path
from django.utils.functional import cached_property
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.model import ModelViewSet


class OfficeViewSet(ModelViewSet):
    """A model's list, its detail pages and its actions. Wagtail's own add, edit and delete views are off.

    A subclass names `model`, `name` (the URL namespace is `office_<name>`), `icon`, `menu_order` and `index_view_class`; with
    detail pages `inspect_view_class`.
    """

    add_to_reference_index = False
    copy_view_enabled = False
    inspect_view_enabled = True
    add_to_admin_menu = True
    list_per_page = 50
    edit_view_class = add_view_class = delete_view_class = None
    has_detail_pages = True
    """Whether each row has a page of its own."""

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
            *self.get_detail_patterns(),
        ]

    def get_action_patterns(self) -> list:
        """Return the URL patterns of the actions, each made by `action_path`."""
        return []

    def get_detail_patterns(self) -> list:
        """Return the URL patterns of a row's page. They come last, because they match any key."""
        return [path("<key:pk>/", self.inspect_view, name="inspect")] if self.has_detail_pages else []

    def register_admin_url_finder(self):
        if self.has_detail_pages:
            super().register_admin_url_finder()

    def action_path(self, route: str, view_class, name: str):
        """Return the URL pattern of a view that gets the same arguments as all views of the model."""
        return path(route, self.construct_view(view_class), name=name)

    @property
    def inspect_view(self):
        """The view of the page of a row."""
        return self.construct_view(self.inspect_view_class)

    @property
    def url_finder_class(self):
        return type(
            "OfficeURLFinder", (super().url_finder_class,), {"edit_url_name": self.get_url_name("inspect")}
        )


def menu_item_where(is_shown_to: Callable[[AbstractUser], bool]) -> type[MenuItem]:
    """Return a class of menu items that are shown to users of whom `is_shown_to` is true."""
    return type("OfficeMenuItem", (MenuItem,), {"is_shown": lambda item, request: is_shown_to(request.user)})
