"""Views of what is kept about people go on record (rule 9).

A view says which rows its page shows, by `show` or `show_rows`; `ViewingMiddleware` writes them down once the page is made
and before it leaves: two statements however many rows, and no page leaves without its entry.
"""

import datetime as dt
from collections.abc import Callable, Iterable

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from wagtail.log_actions import get_active_log_context

from cpor_cases.models import CaseAccess, CourtLogEntry, ProgressEntry
from cpor_cases.models.log_facts import (
    ROWS_VIEWED,
    VIEWS,
    actor_facts,
    court_id_of,
    nameless_title_of,
    row_token,
)
from cpor_core.models import Court

SAME_VIEW = dt.timedelta(minutes=10)
INSPECTED = {
    "application": "cpor_cases.application.inspect",
    "case": "cpor_cases.case.inspect",
    "activation": "cpor_cases.activation.inspect",
    "outgoingmail": "cpor_cases.mail.inspect",
    "importrun": "cpor_cases.import.inspect",
    "user": "cpor_cases.account.inspect",
}


def show(request: HttpRequest, row: Model) -> None:
    """Say that the page shows all there is to one row: an entry of its own, under the row's number."""
    row = _about(row)
    if row._meta.model_name in INSPECTED:
        _shown(request).inspected.setdefault(row_token(row), row)


def show_rows(
    request: HttpRequest,
    rows: Iterable[Model],
    *,
    title: str,
    court_of: Callable[[Model], int | None] = court_id_of,
    search: str = "",
    by=None,
) -> None:
    """Say that the page shows these rows in a list: one entry for each court among them.

    `title` names the list (lazy: it is kept in the court's language), `search` is the key of the kept search that found
    the rows. A search that found nothing is on record, too. `by` is the reader where the request has no user.
    """
    shown = _shown(request)
    shown.title, shown.search, shown.by = title, search or shown.search, by or shown.by
    shown.is_search = shown.is_search or bool(search)
    for row in map(_about, rows):
        shown.rows.setdefault(court_of(row), {})[row_token(row)] = None


class Shown:
    """What the page in hand shows, as its view and its panels say it."""

    def __init__(self):
        self.inspected: dict[str, Model] = {}
        self.rows: dict[int | None, dict[str, None]] = {}
        self.title, self.search, self.by, self.is_search = "", "", None, False

    def __bool__(self) -> bool:
        return bool(self.inspected or self.rows or self.is_search)


class ViewingMiddleware:
    """Writes down what a page shows before the page leaves."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        shown = getattr(request, "_people_shown", None)
        if shown and response.status_code < 400:
            log_views(shown, by=shown.by or _reader(request), view=request.resolver_match.view_name)
        return response


def _reader(request: HttpRequest):
    """Who is logged in; a court's own system is no account."""
    return request.user if request.user.is_authenticated else None


def log_views(shown: Shown, *, by, view: str, now: dt.datetime | None = None) -> None:
    """Write down what a page showed. The same page opened again within ten minutes, as after every action on it, is the
    same view."""
    now = now or timezone.now()
    recent = CourtLogEntry.objects.filter(user=by, timestamp__gt=now - SAME_VIEW, action__in=VIEWS)
    known = {_identity(entry) for entry in recent.defer("label")}
    actor, group = actor_facts(by), get_active_log_context().uuid
    entries = [*_inspections(shown), *_lists(shown, by, view)]
    new = [entry for entry in entries if _identity(entry) not in known]
    for entry in new:
        entry.timestamp, entry.uuid, entry.deleted = now, group, False
        for name, value in actor.items():
            setattr(entry, name, value)
    if new:
        CourtLogEntry.objects.bulk_create(new)


def _identity(entry: CourtLogEntry) -> tuple:
    """What makes two views the same. Another search that finds the same rows is another view."""
    search = entry.data.get("search")
    return entry.action, entry.content_type_id, entry.object_id, entry.court_id, entry.rows, search


def _inspections(shown: Shown) -> list[CourtLogEntry]:
    return [
        CourtLogEntry(
            content_type=ContentType.objects.get_for_model(row),
            object_id=str(row.pk),
            label=nameless_title_of(row),
            court_id=court_id_of(row),
            action=INSPECTED[row._meta.model_name],
        )
        for row in shown.inspected.values()
    ]


def _lists(shown: Shown, by, view: str) -> list[CourtLogEntry]:
    rows = shown.rows
    if shown.is_search and not rows:
        rows = {_only_court_of(by): {}}
    with translation.override(settings.LANGUAGE_CODE):
        title = str(shown.title)
    data = {"view": view} | ({"search": shown.search} if shown.search else {})
    court_type = ContentType.objects.get_for_model(Court)
    return [
        CourtLogEntry(
            content_type=court_type,
            object_id=str(court_id or ""),
            label=title,
            court_id=court_id,
            action=ROWS_VIEWED,
            rows=f" {' '.join(tokens)} ",
            data=data,
        )
        for court_id, tokens in rows.items()
    ]


def _only_court_of(user) -> int | None:
    """The court on whose record a search without a result stands: none if its author serves at several."""
    courts = list(Court.objects.for_clerk(user).values_list("pk", flat=True)[:2])
    return courts[0] if len(courts) == 1 else None


def _about(row: Model) -> Model:
    """An access and an entry are shown as parts of their case."""
    return row.case if isinstance(row, CaseAccess | ProgressEntry) else row


def _shown(request: HttpRequest) -> Shown:
    if not hasattr(request, "_people_shown"):
        request._people_shown = Shown()
    return request._people_shown
