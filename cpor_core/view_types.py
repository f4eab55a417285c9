"""What views may take for granted, in the words of types."""

from typing import TYPE_CHECKING

from django.http import HttpRequest
from django.urls import ResolverMatch
from django.views.generic import FormView

if TYPE_CHECKING:
    from django.contrib.auth.models import _User  # the stubs' name of AUTH_USER_MODEL

    HostView = FormView
else:
    HostView = object
"""The base of a mixin that stands before a library's view without types, and calls that view by `super()`."""


class LoggedInRequest(HttpRequest):
    """A request of a person who is logged in, in a view that lets nobody else in. Django makes it: for annotations alone."""

    user: "_User"


def route_of(request: HttpRequest) -> ResolverMatch:
    """Return which view a request was led to. Asked before it was led to one, as only middleware can, raises LookupError."""
    if request.resolver_match is None:
        raise LookupError("no view has been found for this request yet")
    return request.resolver_match
