"""Where /healthz and /readyz are answered."""

from asgiref.sync import async_to_sync
from django.http import HttpRequest, HttpResponse

from .views import AliveView, ReadyView


class HealthMiddleware:
    """Answers both paths before sessions, log-ins and languages, most of which need the database.

    It does so under any name: supervisors and load balancers ask by the machine's address.
    """

    def __init__(self, get_response):
        self.get_response = get_response
        self.views = {"/healthz": AliveView.as_view(), "/readyz": async_to_sync(ReadyView.as_view())}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        view = self.views.get(request.path_info)
        if view is None:
            return self.get_response(request)
        return view(request)
