"""Actions on several rows at once: the list in which rows are ticked, and the view that acts on them."""

from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.http import HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.generic import TemplateView
from wagtail.admin import messages

from cpor_cases.actions import viewing
from cpor_core.keys import key_or_none
from cpor_core.office.views import HorizonMixin, OfficeScreen

from .views import OnRecordMixin

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

MOST_ROWS = 100


class BulkListMixin:
    """A list with a form below it that sends the ticked rows to a `BulkView`, for those who may change the rows."""

    results_template_name = "cpor_cases/office/bulk_list_results.html"
    bulk_url_name = ""
    bulk_button: "str | StrPromise" = ""
    bulk_hint: "str | StrPromise" = ""

    @cached_property
    def can_choose(self) -> bool:
        return self.user_has_permission("change")  # type: ignore[attr-defined]  # of Wagtail's IndexView


class BulkView(OnRecordMixin, HorizonMixin, OfficeScreen, TemplateView):
    """GET shows the rows that were ticked, POST acts on those that allow it. At most `MOST_ROWS` are taken."""

    permission_required = "change"
    skipped_message: "str | StrPromise" = ""  # with %(count)d

    @cached_property
    def chosen(self) -> list[Any]:
        """The ticked rows within the horizon."""
        ticked = (self.request.POST or self.request.GET).getlist("id")
        keys = [key for each in ticked if (key := key_or_none(each))][:MOST_ROWS]
        return self.load(self.get_rows().filter(pk__in=keys))

    def load(self, rows: QuerySet) -> list[Any]:
        """Return the rows in their order, with what the page and the action read of them."""
        raise NotImplementedError

    def show_people(self, context: dict) -> None:
        viewing.show_rows(self.request, self.chosen, title=str(self.page_title))

    def get_context_data(self, **kwargs):
        return super().get_context_data(**{"chosen": self.chosen, "back_url": self.get_back_url()} | kwargs)

    def get_back_url(self) -> str:
        return reverse(self.index_url_name)

    def finish(self, count: int, sentence: str) -> HttpResponseRedirect:
        """Tell how many rows were changed (`sentence` with %(count)d) and how many were not; return to the list."""
        if count:
            messages.success(self.request, sentence % {"count": count})
        if left := len(self.chosen) - count:
            messages.warning(self.request, self.skipped_message % {"count": left})
        return redirect(self.get_back_url())
