"""Records refusals in the security log, where every response passes."""

from django.conf import settings
from django.contrib.messages import ERROR, get_messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseRedirectBase
from django.urls import reverse

from cpor_core.security_log import Event, Outcome, Reason, record

REFUSALS = {
    401: (Event.REFUSAL, Reason.NOT_AUTHENTICATED),
    403: (Event.REFUSAL, Reason.NOT_PERMITTED),
    429: (Event.RATE_LIMIT, Reason.TOO_MANY),
}


class SecurityLogMiddleware:
    """Records each response that refuses something: 401, 403, 429, and Wagtail's redirect in place of a 403.

    A 404 is a refusal when a person who is logged in requests a row: rows beyond the person's horizon answer so.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if refusal := refusal_of(request, response):
            event, reason = refusal
            record(event, outcome=Outcome.FAILURE, reason=reason, request=request)
        return response


def refusal_of(request: HttpRequest, response: HttpResponse) -> tuple[Event, Reason] | None:
    """Return as which event and for which reason a response goes into the security log; None if it refuses nothing."""
    if response.status_code == 404 and _names_a_row(request):
        return Event.REFUSAL, Reason.NOT_FOUND
    if response.status_code == 302 and _is_wagtails_refusal(request, response):
        return Event.REFUSAL, Reason.NOT_PERMITTED
    return REFUSALS.get(response.status_code)


def _names_a_row(request: HttpRequest) -> bool:
    match = request.resolver_match
    if settings.SESSION_COOKIE_NAME not in request.COOKIES or not (match and match.kwargs):
        return False
    return request.user.is_authenticated


def _is_wagtails_refusal(request: HttpRequest, response: HttpResponse) -> bool:
    """Wagtail's admin catches PermissionDenied and sends people to its first page with a message instead."""
    if not isinstance(response, HttpResponseRedirectBase) or response.url != reverse("wagtailadmin_home"):
        return False
    # The messages of this response: reading them by the public interface would remove them. A redirect that came before
    # there were messages has none.
    queued = getattr(get_messages(request), "_queued_messages", [])
    return any(message.level == ERROR for message in queued)
