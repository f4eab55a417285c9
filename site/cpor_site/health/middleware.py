"""Where /healthz, /readyz and /metrics are answered."""

from asgiref.sync import async_to_sync
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from .views import AliveView, ReadyView


class HealthMiddleware:
    """Answers these paths before sessions, log-ins and languages, most of which need the database.

    It does so under any name: supervisors and load balancers ask by the machine's address.
    """

    def __init__(self, get_response):
        self.get_response = get_response
        self.views = {"/healthz": AliveView.as_view(), "/readyz": async_to_sync(ReadyView.as_view())}
        if settings.METRICS_TOKEN or settings.METRICS_FROM_LOOPBACK:
            from cpor_site.metrics.views import metrics  # the library reads its folder from the settings

            self.views["/metrics"] = metrics

    def __call__(self, request: HttpRequest) -> HttpResponse:
        view = self.views.get(request.path_info)
        if view is None:
            return self.get_response(request)
        return view(request)
