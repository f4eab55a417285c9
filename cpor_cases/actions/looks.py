"""Looks of the staff at what is kept about people (law of the house, 9)."""

import datetime as dt
from collections.abc import Iterable

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from wagtail.log_actions import get_active_log_context

from cpor_cases.models import Application, Case, CourtLogEntry
from cpor_cases.models.audit import actor_facts, court_id_of, nameless_title_of

SAME_LOOK = dt.timedelta(minutes=10)


def record(rows: Iterable[Case | Application], *, by, now: dt.datetime | None = None) -> None:
    """Put on record that a member of staff opened these rows, all of one kind, in two statements however many.

    A page that is opened again within ten minutes, as after every deed on it, is the same look.
    """
    rows, now = list(rows), now or timezone.now()
    if not rows:
        return
    model = type(rows[0])
    content_type = ContentType.objects.get_for_model(model)
    action = f"cpor_cases.{model._meta.model_name}.inspect"
    lately = CourtLogEntry.objects.filter(
        content_type=content_type,
        object_id__in=[str(row.pk) for row in rows],
        action=action,
        user=by,
        timestamp__gt=now - SAME_LOOK,
    )
    known = set(lately.values_list("object_id", flat=True))
    actor = actor_facts(by)
    CourtLogEntry.objects.bulk_create(
        CourtLogEntry(
            content_type=content_type,
            object_id=str(row.pk),
            label=nameless_title_of(row),
            court_id=court_id_of(row),
            action=action,
            **actor,
            timestamp=now,
            uuid=get_active_log_context().uuid,
            deleted=False,
        )
        for row in rows
        if str(row.pk) not in known
    )
