"""A search whose text stands in no address: it is posted, kept, and named by a key from then on."""

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse, QueryDict
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from cpor_cases.actions import searches
from cpor_core.view_types import route_of

TEXT, KEY = "q", "s"
# What a new search does not take along from the address.
NEW_PAGE = {TEXT, KEY, "p", "page", "case", "csrfmiddlewaretoken"}


class KeyedSearchMixin:
    """POST keeps the text and leads to the address with its key; an address with the text itself, as of old, does alike."""

    request: HttpRequest
    results_only = False
    is_searchable = True

    @property
    def search_view(self) -> str:
        """Of which screen the search is: its list, its results and its export share it."""
        return route_of(self.request).namespace

    @cached_property
    def search_key(self) -> str:
        return self.request.GET.get(KEY, "") if self.is_searchable else ""

    @cached_property
    def search_query(self) -> str:
        if not self.search_key:
            return ""
        return searches.text_of(self.search_key, by=self.request.user, view=self.search_view) or ""

    @property
    def is_searching(self) -> bool:
        return bool(self.search_key)

    @property
    def search_problem(self) -> str:
        """Why nothing can be searched for, in a sentence: what the key stood for is no longer kept, or the text was too
        long. Then nothing is found. Empty where there is no search, or one that can be answered."""
        if not self.is_searching or self.search_query:
            return ""
        if self.search_key == searches.TOO_LONG:
            return _("A search has at most %(most)d characters. Please shorten it.") % {
                "most": searches.LONGEST
            }
        return _("This search is no longer kept. Please search once more.")

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if request.GET.get(TEXT) and self.is_searchable:
            return self.keep_search(request.GET[TEXT])
        return super().get(request, *args, **kwargs)  # type: ignore[misc]  # of the list beside it

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if self.results_only or not self.is_searchable:
            return HttpResponseNotAllowed(["GET", "HEAD", "OPTIONS"])
        return self.keep_search(request.POST.get(TEXT, ""))

    def keep_search(self, text: str) -> HttpResponse:
        key = searches.keep(text, by=self.request.user, view=self.search_view)
        if self.request.headers.get("X-Requested-With") == "XMLHttpRequest":
            return JsonResponse({"key": key})
        query = QueryDict(self.filters_in_address, mutable=True)
        if key:
            query[KEY] = key
        return redirect(f"{self.request.path}?{query.urlencode()}")

    @property
    def filters_in_address(self) -> str:
        """What a new search takes along from the address: the filters and the order."""
        query = self.get_filters().copy()
        for name in NEW_PAGE:
            query.pop(name, None)
        return query.urlencode()

    def get_filters(self) -> QueryDict:
        return self.request.GET
