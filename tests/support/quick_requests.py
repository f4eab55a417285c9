"""Requests by the thousand, for tests that ask every address of the office as every kind of person."""

from contextlib import contextmanager

import pytest
from django.conf import urls
from django.db import transaction
from django.http import HttpResponseNotFound
from django.template import Template
from django.template.response import SimpleTemplateResponse
from django.test import override_settings

# Those that a view of the admin needs, the one that decides about methods, and the one that writes log entries: the
# others take half of the time and answer alike whatever the URL is.
MIDDLEWARE = [
    "cpor_core.http_methods.MethodsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "cpor_cases.actions.viewing.ViewingMiddleware",
]


NOWHERE = "nothing/here/"  # an address below the office, for which the page of the site is made


@contextmanager
def quick_requests(*more: str):
    """Answer requests by the middleware that matters alone, and `more`; keep no copies of what templates were given.

    The site's page “not found” is the same whatever was asked: it is made at NOWHERE alone, elsewhere only the reason is told.
    """
    whole_page = urls.handler404

    def not_found(request, exception, *args, **kwargs):
        if request.path.endswith(NOWHERE):
            return whole_page(request, exception, *args, **kwargs)
        return HttpResponseNotFound(str(exception))

    with override_settings(MIDDLEWARE=[*MIDDLEWARE, *more]), pytest.MonkeyPatch.context() as patch:
        patch.setattr(urls, "handler404", not_found)
        # The copies of every context that the test client keeps take a quarter of the time.
        patch.setattr(Template, "_render", lambda template, context: template.nodelist.render(context))
        yield


@contextmanager
def without_bodies():
    """Leave out the bodies of answers that views give as a template: for who asks only whether there is one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SimpleTemplateResponse, "rendered_content", "")
        yield


@contextmanager
def rows_for_a_module(django_db_blocker):
    """What is made within stays for all tests of a module, each of which works in a savepoint of its own."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)
