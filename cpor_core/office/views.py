"""Base views of the admin. Rows come through the permission policy: rows outside a reader's horizon answer with 404."""

from typing import TYPE_CHECKING

from django.db.models import Model, QuerySet
from django.urls import reverse
from django.utils.text import capfirst
from django.views.generic.edit import FormView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


class HorizonMixin(PermissionCheckedMixin):
    """Checks the model's permission policy twice: for the permission itself (403) and for the row (404)."""

    permission_required = "view"

    def get_rows(self) -> QuerySet:
        """Return the rows on which the reader has the view's permission."""
        return self.permission_policy.instances_user_has_permission_for(
            self.request.user, self.permission_required
        )

    def get_base_object_queryset(self) -> QuerySet:
        return self.get_rows()


class OfficeScreen(WagtailAdminTemplateMixin):
    """A page of our own in the admin, with its title and the breadcrumbs to its list."""

    page_title: "str | StrPromise" = ""
    index_url_name = ""
    model: type[Model] = None  # type: ignore[assignment]  # each view, or its view set, names it

    def get_list_label(self) -> "str | StrPromise":
        """Return what the breadcrumbs call the list above this page."""
        return capfirst(str(self.model._meta.verbose_name_plural))

    def get_breadcrumbs_items(self) -> list[dict]:
        above = {"url": reverse(self.index_url_name), "label": self.get_list_label()}
        return [*self.breadcrumbs_items, above, {"url": "", "label": self.get_page_title()}]


class OfficeFormView(HorizonMixin, OfficeScreen, FormView):
    """A form of the office. An invalid form keeps what was typed."""

    permission_required = "add"
    template_name = "cpor_core/office/form.html"
    button: "str | StrPromise" = ""

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"clerk": self.request.user}

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        context.update(button=self.get_button(), back_url=self.get_back_url())
        context["media"] = context["form"].media
        return context

    def get_button(self) -> "str | StrPromise":
        """Return the label of the button that sends the form."""
        return self.button

    def get_back_url(self) -> str:
        """Return the URL of the link beside the button: the list."""
        return reverse(self.index_url_name)
