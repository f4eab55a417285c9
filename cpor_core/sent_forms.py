"""Idempotent forms: a form sent twice, by a double click, a reload or a retry after a lost response, is processed once.

A form that creates something carries a random token (`{% form_token %}`), which is stored in the transaction of what the form
creates. A second request with it, even at the same moment, waits for the first and is redirected to where that led. A form
with an error (no redirect) may be sent again, and so may one with other content: somebody who goes back in the browser and
types another case means another one.
"""

import hashlib
from http import HTTPStatus

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseRedirectBase
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

from .models import SentForm

FIELD = "form_token"
NOT_CONTENT = {FIELD, "csrfmiddlewaretoken"}


class SentFormsMiddleware:
    """Processes each form with a token once. Must be the last middleware: its transaction holds the view and little else."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method == "POST" and _is_of_a_page(request) and request.POST.get(FIELD):
            return self._once(request)
        return self.get_response(request)

    @transaction.atomic
    def _once(self, request: HttpRequest) -> HttpResponse:
        sent, is_first = SentForm.objects.get_or_create(key=_key(request))
        if not is_first:
            messages.info(request, _("This form had been sent before. It was processed only once."))
            return HttpResponseRedirect(sent.led_to)
        response = self.get_response(request)
        if isinstance(response, HttpResponseRedirectBase):
            sent.led_to = response.url
            sent.save(update_fields=["led_to"])
        elif response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
            transaction.set_rollback(True)  # Django has made an answer of the error already
        else:
            sent.delete()
        return response


def _is_of_a_page(request: HttpRequest) -> bool:
    """Whether the form comes from a page of ours. What machines send, or mail programs, is not read here."""
    try:
        return not getattr(resolve(request.path_info).func, "csrf_exempt", False)
    except Resolver404:
        return False


def _key(request: HttpRequest) -> str:
    content = hashlib.sha256()
    parts = [request.path, str(request.user.pk), request.POST[FIELD]]
    parts += [
        part
        for name in sorted(request.POST)
        if name not in NOT_CONTENT
        for part in (name, *request.POST.getlist(name))
    ]
    for part in parts:
        content.update(part.encode("utf-8", "surrogatepass") + b"\0")
    files = [(name, file) for name in sorted(request.FILES) for file in request.FILES.getlist(name)]
    for name, file in files:
        content.update(f"{name}\0{file.name}\0{file.size}\0".encode("utf-8", "surrogatepass"))
        for piece in file.chunks():
            content.update(piece)
        file.seek(0)
    return content.hexdigest()
