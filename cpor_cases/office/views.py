"""Base views of the office that log which people's rows they show (rule 9)."""

from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.http import HttpResponseBase
from django.urls import reverse
from django.views.generic import View
from django.views.generic.base import TemplateResponseMixin
from wagtail.admin.views import generic
from wagtail.admin.views.generic.base import BaseObjectMixin

from cpor_cases.actions import viewing
from cpor_cases.saved_search import KeyedSearchMixin
from cpor_core.office.views import HorizonMixin, OfficeFormView, OfficeScreen

from . import searches
from .search_box import KeyedSearchForm

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


class OnRecordMixin(TemplateResponseMixin):
    """A page that shows rows about people and logs which ones (rule 9)."""

    def show_people(self, context: dict) -> None:
        """Log the view of the rows in the context."""
        raise NotImplementedError

    def render_to_response(self, context, **response_kwargs):
        self.show_people(context)
        return super().render_to_response(context, **response_kwargs)


class OfficeListView(KeyedSearchMixin, OnRecordMixin, generic.IndexView):
    """A list of the rows within the horizon. `related` and `prefetched` bound its queries."""

    any_permission_required = ["view"]
    is_searchable = False
    template_name = "cpor_cases/office/list.html"
    results_template_name = "cpor_cases/office/list_results.html"
    page_title: "str | StrPromise" = ""
    related: tuple[str, ...] = ()
    prefetched: tuple[str, ...] = ()
    empty_message: "str | StrPromise" = ""
    is_about_people = True  # the view of its rows is logged
    stacks = False  # on a phone each row is a card; only where the cells need no headings

    def get_base_queryset(self) -> QuerySet:
        rows = self.permission_policy.instances_user_has_permission_for(self.request.user, "view")
        return rows.select_related(*self.related).prefetch_related(*self.prefetched)

    def get_search_form(self) -> KeyedSearchForm | None:
        return KeyedSearchForm(self.search_query, self.search_key) if self.is_searchable else None

    def search_queryset(self, queryset: QuerySet) -> QuerySet:
        if not self.is_searching:
            return queryset
        return queryset.none() if self.search_problem else self.find(queryset, self.search_query)

    def find(self, queryset: QuerySet, text: str) -> QuerySet:
        """Narrow the rows to those that match the text of a search."""
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


class DetailView(OnRecordMixin, HorizonMixin, OfficeScreen, BaseObjectMixin, View):
    """The page of one row."""

    related: tuple[str, ...] = ()
    inspect_url_name = ""

    def get_base_object_queryset(self) -> QuerySet:
        return super().get_base_object_queryset().select_related(*self.related)

    def get_page_title(self) -> "str | StrPromise":
        return str(self.object)

    def get_context_data(self, **kwargs):
        return super().get_context_data(**{"object": self.object} | kwargs)

    def get(self, request, *args, **kwargs) -> HttpResponseBase:
        return self.render_to_response(self.get_context_data())

    def show_people(self, context: dict) -> None:
        viewing.show(self.request, self.object)

    def get_detail_url(self) -> str:
        return reverse(self.inspect_url_name, args=[self.object.pk])


class ActionView(DetailView):
    """One action on one row: GET asks for confirmation, POST does it."""

    permission_required = "change"
    template_name = "cpor_cases/office/confirm.html"
    question: "str | StrPromise" = ""
    explanation: "str | StrPromise" = ""
    button: "str | StrPromise" = ""
    is_serious = False

    def get_page_title(self) -> "str | StrPromise":
        return self.question

    def get_subject(self) -> str:
        """Return the name of the row in the question."""
        return str(self.object)

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            subject=self.get_subject(),
            explanation=self.explanation,
            button=self.button,
            is_serious=self.is_serious,
            back_url=self.get_back_url(),
            **kwargs,
        )

    def get_back_url(self) -> str:
        return self.get_detail_url()

    def post(self, request, *args, **kwargs) -> HttpResponseBase:
        raise NotImplementedError


class ObjectFormView(OnRecordMixin, BaseObjectMixin, OfficeFormView):
    """A form about one row within the horizon."""

    permission_required = "change"
    inspect_url_name = ""

    def show_people(self, context: dict) -> None:
        viewing.show(self.request, self.object)

    def get_base_object_queryset(self) -> QuerySet:
        return self.get_rows()  # BaseObjectMixin's own returns all rows

    def get_back_url(self) -> str:
        return reverse(self.inspect_url_name, args=[self.object.pk])
