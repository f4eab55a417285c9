"""How a court is reached: its manager sets the telephone number and the hours."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from wagtail.log_actions import log

from cpor_cases.permissions import can_edit_court
from cpor_core.models import Court


@transaction.atomic
def set_contact(*, court: Court, phone: str, hours_zh: str, hours_en: str, by) -> list[str]:
    """Set how and when the court is reached, as litigants read it, and return the names of what changed."""
    if not can_edit_court(by, court):
        raise PermissionDenied
    court = Court.objects.select_for_update().get(pk=court.pk)
    facts = {"phone": phone, "hours_zh": hours_zh, "hours_en": hours_en}
    changed = [name for name, value in facts.items() if getattr(court, name) != value]
    for name in changed:
        setattr(court, name, facts[name])
    if changed:
        court.save(update_fields=changed)
        log(instance=court, action="cpor_cases.court.edit", user=by, data={"changed": changed})
    return changed
