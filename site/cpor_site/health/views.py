"""The answers of /healthz and /readyz."""

from django.http import HttpResponse, JsonResponse
from django.views import View
from health_check.exceptions import ServiceWarning
from health_check.views import HealthCheckView

from cpor_site.metrics.readers import has_token, is_from_this_machine

from .check import Labelled
from .installation import Media, Migrations, Static
from .machine import Database, Disk, Queue
from .work import Imports, Mail, Record, Returned, Worker


class AliveView(View):
    """Answers whatever else may be broken, so that a supervisor does not restart a healthy process."""

    def get(self, request) -> HttpResponse:
        return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


class ReadyView(HealthCheckView):
    """Plain text for people, JSON (`?format=json`) and OpenMetrics (`?format=openmetrics`) for monitors.

    Everybody may read what is well and what is not. Figures, and the words that name a mail server or a folder, are for those
    who ask on the machine itself or have the token of the metrics.
    """

    checks = (Migrations, Static, Media, Disk, Queue, Worker, Mail, Returned, Imports, Record)

    def get_checks(self):
        """Leave out the checks that query the database while it does not answer."""
        database = Database()
        yield database
        for check in super().get_checks():
            if database.answers or not check.needs_database:
                yield check

    def render_to_response(self, context, **kwargs):
        return self.render_to_response_text(kwargs.get("status", 200))

    def render_to_response_text(self, status):
        lines = (
            f"{_name(result)}: {', '.join(filter(None, [_state(result), self._told(result.check.words)]))}\n"
            for result in self.results
        )
        return HttpResponse("".join(lines), content_type="text/plain; charset=utf-8", status=self._status())

    def render_to_response_json(self, status):
        told = {
            _name(result): {"state": _state(result).lower()} | self._told(result.check.figures)
            for result in self.results
        }
        return JsonResponse(told, status=self._status())

    def render_to_response_openmetrics(self):
        """Add our figures to the library's."""
        response = super().render_to_response_openmetrics()
        gauges = [
            _gauge(f"cpor_{_name(result).lower()}_{name}", figure)
            for result in self.results
            for name, figure in self._told(result.check.figures).items()
        ]
        response.content = response.content.replace(b"# EOF", "".join([*gauges, "# EOF"]).encode())
        return response

    def _told(self, details):
        """Return the words or figures of a check to whom they are for, and to all others none."""
        may_read = is_from_this_machine(self.request) or has_token(self.request)
        return details if may_read else type(details)()

    def _status(self) -> int:
        return 503 if any(_state(result) == "UNAVAILABLE" for result in self.results) else 200


def _gauge(name: str, figure) -> str:
    if not isinstance(figure, Labelled):
        return f"# TYPE {name} gauge\n{name} {figure}\n"
    lines = [f'{name}{{{figure.label}="{_escaped(label)}"}} {each}\n' for label, each in figure.items()]
    return "".join([f"# TYPE {name} gauge\n", *lines])


def _escaped(label: str) -> str:
    return label.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def _name(result) -> str:
    return type(result.check).__name__


def _state(result) -> str:
    if result.error is None:
        return "OK"
    return "WARNING" if isinstance(result.error, ServiceWarning) else "UNAVAILABLE"
