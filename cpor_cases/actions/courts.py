"""What a court tells the people in its cases: its manager sets the telephone number, the hours and whether waiting times are told."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from wagtail.log_actions import log

from cpor_cases.permissions import can_edit_court
from cpor_core.models import Court
from cpor_core.translated.fields import texts


@transaction.atomic
def change_settings(
    *, court: Court, phone: str, hours: dict[str, str], tells_waiting_times: bool, by
) -> list[str]:
    """Set what litigants read of a court; return the names of the fields that changed."""
    if not can_edit_court(by, court):
        raise PermissionDenied
    court = Court.objects.select_for_update().get(pk=court.pk)
    facts = {"phone": phone, "hours": hours, "tells_waiting_times": tells_waiting_times}
    before = {name: getattr(court, name) for name in facts} | {"hours": texts(court, "hours")}
    changed = [name for name, value in facts.items() if before[name] != value]
    for name in changed:
        setattr(court, name, facts[name])
    if changed:
        court.save(update_fields=changed)
        log(instance=court, action="cpor_cases.court.edit", user=by, data={"changed": changed})
    return changed
