"""Parts of the service that an operator can switch off: their addresses then are not there, and nothing leads to them."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views import View

from cpor_core import conf


def is_on(switch: str) -> bool:
    """Whether the part that a setting of CPOR switches, such as HAS_API, is on."""
    return bool(getattr(conf, switch))


class Switched(View):
    """A view that is there only while its part is on."""

    switch = ""

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        if not is_on(self.switch):
            raise Http404
        return super().dispatch(request, *args, **kwargs)


def while_on(switch: str, view: Callable[..., Any]) -> Callable[..., Any]:
    """Return a view function that is there only while its part is on."""

    @wraps(view)
    def answered(request: HttpRequest, *args, **kwargs):
        if not is_on(switch):
            raise Http404
        return view(request, *args, **kwargs)

    return answered
