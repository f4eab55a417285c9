"""What a court tells the people in its cases: its manager sets how it is reached, and what is told beside the entries."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from wagtail.log_actions import log

from cpor_cases.permissions import can_edit_court
from cpor_core.models import Court
from cpor_core.translated.fields import texts

TEXTS = ("address", "hours")
FACTS = ("phone", "map_url", "tells_waiting_times", "tells_when_quiet")


def settings_of(court: Court) -> dict[str, Any]:
    """Return what a court's manager keeps of it: texts by language, and plain facts."""
    return {name: texts(court, name) for name in TEXTS} | {name: getattr(court, name) for name in FACTS}


@transaction.atomic
def change_settings(*, court: Court, by, **facts: Any) -> list[str]:
    """Set what litigants read of a court, and what it tells them; return the names of the fields that changed."""
    if not can_edit_court(by, court):
        raise PermissionDenied
    court = Court.objects.select_for_update().get(pk=court.pk)
    before = settings_of(court)
    changed = [name for name, value in facts.items() if before[name] != value]
    for name in changed:
        setattr(court, name, facts[name])
    if changed:
        court.save(update_fields=changed)
        log(instance=court, action="cpor_cases.court.edit", user=by, data={"changed": changed})
    return changed
