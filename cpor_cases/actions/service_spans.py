"""The service's own record of when it was open: a worker notes each minute that it runs and reaches the database."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from cpor_cases.models import ServiceSpan
from cpor_core.signals import content_changed

LONGEST_GAP = dt.timedelta(minutes=3)  # a worker that is busy for a minute or two closes nothing


@transaction.atomic
def note(now: dt.datetime | None = None) -> None:
    """Note that the service is open: the last span grows, or, after a gap, a new one begins."""
    now = now or timezone.now()
    last = ServiceSpan.objects.order_by("-ended_at").select_for_update().first()
    if last is None or now - last.ended_at > LONGEST_GAP:
        ServiceSpan.objects.create(began_at=now, ended_at=now)
        content_changed.send(ServiceSpan)  # what the public sees of it
    elif now > last.ended_at:  # not while the clock was set back
        ServiceSpan.objects.filter(pk=last.pk).update(ended_at=now)
