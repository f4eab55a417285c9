"""How a court is reached: its manager sets the telephone number and the hours."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from wagtail.log_actions import log

from cpor_cases.permissions import can_edit_court
from cpor_core.models import Court
from cpor_core.translated.fields import texts


@transaction.atomic
def set_contact(*, court: Court, phone: str, hours: dict[str, str], by) -> list[str]:
    """Set the telephone number and hours that litigants read; return the names of the fields that changed."""
    if not can_edit_court(by, court):
        raise PermissionDenied
    court = Court.objects.select_for_update().get(pk=court.pk)
    facts = {"phone": phone, "hours": hours}
    before = {"phone": court.phone, "hours": texts(court, "hours")}
    changed = [name for name, value in facts.items() if before[name] != value]
    for name in changed:
        setattr(court, name, facts[name])
    if changed:
        court.save(update_fields=changed)
        log(instance=court, action="cpor_cases.court.edit", user=by, data={"changed": changed})
    return changed
