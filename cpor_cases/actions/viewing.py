"""What the page of a request shows about people: collected by its view, logged before the page leaves (rule 9).

A view says which rows its page shows, by `show` or `show_rows`; `ViewingMiddleware` logs them once the page is made: two
statements however many rows, and no page leaves without its entry.
"""

from collections.abc import Callable, Iterable

from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise

from cpor_cases.models import CaseAccess, HearingNotice, ProgressEntry
from cpor_cases.models.log_facts import court_id_of, row_token

from .view_log import Shown, inspection_of, log_views

SHOWN = "people_shown"  # the attribute of the request that collects them


def show(request: HttpRequest, row: Model) -> None:
    """Report that the page shows the details of one row: logged as an entry of its own."""
    row = _about(row)
    if inspection_of(row):
        _shown(request).inspected.setdefault(row_token(row), row)


def show_rows(
    request: HttpRequest,
    rows: Iterable[Model],
    *,
    title: str | Promise,
    court_of: Callable[[Model], int | None] = court_id_of,
    search: str = "",
    by=None,
) -> None:
    """Report that the page shows these rows in a list: logged as one entry for each court among them.

    `title` names the list (lazy: it is kept in the court's language), `search` is the key of the saved search that found
    the rows. A search that found nothing is logged, too. `by` is the reader where the request has no user.
    """
    shown = _shown(request)
    shown.title, shown.search, shown.by = title, search or shown.search, by or shown.by
    shown.is_search = shown.is_search or bool(search)
    for row in map(_about, rows):
        shown.rows.setdefault(court_of(row), {})[row_token(row)] = None


class ViewingMiddleware:
    """Logs what a page shows before the page leaves."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        shown = getattr(request, SHOWN, None)
        if shown and response.status_code < 400 and request.resolver_match:
            log_views(shown, by=shown.by or _reader(request), view=request.resolver_match.view_name)
        return response


def _reader(request: HttpRequest):
    """Return who is logged in; None for a court's own system, which has no account."""
    return request.user if request.user.is_authenticated else None


def _about(row: Model) -> Model:
    """Return the row that is logged: the case for its accesses and entries, the application for a notice of a hearing."""
    if isinstance(row, HearingNotice):
        return row.access.application
    return row.case if isinstance(row, CaseAccess | ProgressEntry) else row


def _shown(request: HttpRequest) -> Shown:
    shown = getattr(request, SHOWN, None)
    if shown is None:
        shown = Shown()
        setattr(request, SHOWN, shown)
    return shown
