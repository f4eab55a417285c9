"""/healthz says that the process answers, /readyz that it can do its work: database, queue, mail backlog."""

import dataclasses
import datetime as dt

from django.http import HttpResponse
from django.utils import timezone
from django.views import View
from health_check.base import HealthCheck
from health_check.exceptions import ServiceUnavailable, ServiceWarning
from health_check.views import HealthCheckView
from huey.contrib.djhuey import HUEY

from cpor_cases.models import OutgoingMail


class AliveView(View):
    """Answers whatever else may be broken, so that a supervisor does not restart a healthy process."""

    def get(self, request) -> HttpResponse:
        return HttpResponse("ok\n", content_type="text/plain")


@dataclasses.dataclass
class QueueCheck(HealthCheck):
    """The queue's store can be reached."""

    def run(self) -> None:
        try:
            HUEY.pending_count()
        except Exception as error:
            raise ServiceUnavailable("the queue cannot be reached") from error


@dataclasses.dataclass
class MailBacklogCheck(HealthCheck):
    """No mail has been due for more than a quarter of an hour without an attempt."""

    def run(self) -> None:
        late = timezone.now() - dt.timedelta(minutes=15)
        if OutgoingMail.objects.waiting().filter(attempts=0, not_before__lt=late).exists():
            raise ServiceWarning("mails are waiting; is the worker running?")


class ReadyView(HealthCheckView):
    checks = ("health_check.checks.Database", QueueCheck, MailBacklogCheck)

    def render_to_response(self, context, **kwargs):
        return self.render_to_response_text(kwargs.get("status", 200))
