"""What the desk's screens share. Rows come through the permission policy: another court's row does not exist."""

from django.urls import reverse
from django.utils.text import capfirst
from django.views.generic import View
from django.views.generic.edit import FormView
from wagtail.admin.views import generic
from wagtail.admin.views.generic.base import BaseObjectMixin, WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from cpor_cases.actions import viewing
from cpor_cases.kept_search import KeyedSearchMixin

from . import searches
from .search_box import KeyedSearchForm


class HorizonMixin(PermissionCheckedMixin):
    """Asks the model's policy twice: for the right as such (403), and for the row (404)."""

    permission_required = "view"

    def get_rows(self):
        return self.permission_policy.instances_user_has_permission_for(
            self.request.user, self.permission_required
        )

    def get_base_object_queryset(self):
        return self.get_rows()


class OnRecordMixin:
    """A page that shows rows about people says so: what `show_people` names goes on record (rule 9)."""

    def show_people(self, context: dict) -> None:
        raise NotImplementedError

    def render_to_response(self, context, **response_kwargs):
        self.show_people(context)
        return super().render_to_response(context, **response_kwargs)


class OfficeListView(KeyedSearchMixin, OnRecordMixin, generic.IndexView):
    """A list of the rows within the horizon, read in as few questions as `related` and `prefetched` allow."""

    any_permission_required = ["view"]
    is_searchable = False
    template_name = "cpor_cases/office/list.html"
    results_template_name = "cpor_cases/office/list_results.html"
    related = ()
    prefetched = ()
    empty_message = ""
    is_about_people = True  # what the list shows goes on record
    stacks = False  # on a phone each row is a card; only where the cells speak for themselves

    def get_base_queryset(self):
        rows = self.permission_policy.instances_user_has_permission_for(self.request.user, "view")
        return rows.select_related(*self.related).prefetch_related(*self.prefetched)

    def get_search_form(self):
        return KeyedSearchForm(self.search_query, self.search_key) if self.is_searchable else None

    def search_queryset(self, queryset):
        if not self.is_searching:
            return queryset
        return queryset.none() if self.search_problem else self.find(queryset, self.search_query)

    def find(self, queryset, text: str):
        """Narrow the rows to those that what was typed could mean."""
        raise NotImplementedError

    def get_context_data(self, **kwargs):
        merged = searches.merged_numbers(self.search_query, self.request.user)
        return super().get_context_data(empty_message=self.empty_message, merged_numbers=merged, **kwargs)

    def show_people(self, context: dict) -> None:
        if self.is_about_people:
            viewing.show_rows(
                self.request,
                context["object_list"],
                title=self.get_page_title(),
                court_of=self.court_of,
                search=self.search_key if self.search_query else "",
            )

    def court_of(self, row) -> int | None:
        return viewing.court_id_of(row)


class OfficeScreen(WagtailAdminTemplateMixin):
    """A screen of our own within the admin: title, and the way back to its list."""

    index_url_name = None
    model = None

    def get_list_label(self) -> str:
        return capfirst(self.model._meta.verbose_name_plural)

    def get_breadcrumbs_items(self):
        above = {"url": reverse(self.index_url_name), "label": self.get_list_label()}
        return [*self.breadcrumbs_items, above, {"url": "", "label": self.get_page_title()}]


class DetailView(OnRecordMixin, HorizonMixin, OfficeScreen, BaseObjectMixin, View):
    """Everything there is to know about one row."""

    related = ()
    inspect_url_name = None

    def get_base_object_queryset(self):
        return super().get_base_object_queryset().select_related(*self.related)

    def get_page_title(self) -> str:
        return str(self.object)

    def get_context_data(self, **kwargs):
        return super().get_context_data(**{"object": self.object} | kwargs)

    def get(self, request, *args, **kwargs):
        return self.render_to_response(self.get_context_data())

    def show_people(self, context: dict) -> None:
        viewing.show(self.request, self.object)

    def get_detail_url(self) -> str:
        return reverse(self.inspect_url_name, args=[self.object.pk])


class ActionView(DetailView):
    """One deed on one row: GET asks for confirmation, POST does it."""

    permission_required = "change"
    template_name = "cpor_cases/office/confirm.html"
    question = ""
    explanation = ""
    button = ""
    is_serious = False

    def get_page_title(self) -> str:
        return self.question

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            subject=str(self.object),
            explanation=self.explanation,
            button=self.button,
            is_serious=self.is_serious,
            back_url=self.get_back_url(),
            **kwargs,
        )

    def get_back_url(self) -> str:
        return self.get_detail_url()

    def post(self, request, *args, **kwargs):
        raise NotImplementedError


class OfficeFormView(HorizonMixin, OfficeScreen, FormView):
    """A form of the desk; what was typed stays when it cannot be taken."""

    permission_required = "add"
    template_name = "cpor_cases/office/form.html"
    button = ""
    back_url_name = None

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"clerk": self.request.user}

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        context.update(button=self.button, back_url=self.get_back_url())
        context["media"] = context["form"].media
        return context

    def get_back_url(self) -> str:
        return reverse(self.index_url_name)


class ObjectFormView(OnRecordMixin, BaseObjectMixin, OfficeFormView):
    """A form about one row within the horizon."""

    def show_people(self, context: dict) -> None:
        viewing.show(self.request, self.object)

    permission_required = "change"
    inspect_url_name = None

    def get_base_object_queryset(self):
        return self.get_rows()  # the mixin's own would be every row there is

    def get_back_url(self) -> str:
        return reverse(self.inspect_url_name, args=[self.object.pk])
