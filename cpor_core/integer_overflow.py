"""Answers 404 for integers that are out of the database's range, where Wagtail or allauth would answer 500."""

import logging

from django.db import DataError
from django.http import Http404, HttpRequest, HttpResponse
from django.views.defaults import page_not_found

from cpor_core import keys

logger = logging.getLogger(__name__)

INVALID_KEY = "expected a number but got"  # Django's message of a ValueError about a primary key


class IntegerOverflowMiddleware:
    """Turns the errors that an integer out of range raises in a view of Wagtail or allauth into a 404.

    Their `<int:…>` converters accept any number of digits, and their views pass query parameters to the database
    unchecked: SQLite's driver raises OverflowError, PostgreSQL DataError, a model field ValueError. Our own views read
    keys with `cpor_core.keys`, so the same errors there remain errors.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view, args: list, kwargs: dict) -> None:
        if any(isinstance(each, int) and each > keys.LARGEST for each in (*args, *kwargs.values())):
            raise Http404

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        match = request.resolver_match
        if match is None or not match.func.__module__.startswith(("wagtail.", "allauth.")):
            return None
        if not _is_about_a_key(error):
            return None
        logger.info("%s got a number that no row has", match.view_name)
        return page_not_found(request, Http404())


def _is_about_a_key(error: Exception) -> bool:
    if isinstance(error, (OverflowError, DataError)):
        return True
    return isinstance(error, ValueError) and INVALID_KEY in str(error)
