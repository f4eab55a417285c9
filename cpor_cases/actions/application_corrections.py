"""Correcting the facts of a pending application."""

import datetime as dt
from typing import Any

from django.db import transaction
from wagtail.log_actions import log

from cpor_cases.actions.applications import NotPending, find_or_make_case
from cpor_cases.models import Application, Case
from cpor_cases.permissions import require_right
from cpor_core.case_numbers import CaseNumber
from cpor_core.email_addresses import usable
from cpor_core.models import Court, PartyRole


@transaction.atomic
def edit(
    *,
    application: Application,
    by,
    court: Court,
    category: str,
    number: CaseNumber,
    applicant_name: str,
    role: PartyRole,
    email: str,
    received_on: dt.date,
    receipt_number: str,
    phone: str,
    language: str,
) -> Application:
    """Set the facts of a pending application to what the form says; a case recorded for it by mistake is deleted.

    Raises NotPending. The log says which facts changed, not their values: it is kept longer than people's names.
    """
    application = Application.objects.select_for_update().get(pk=application.pk)
    require_right(by, "change_application", application.case.court)
    require_right(by, "change_application", court)
    if not application.is_pending:
        raise NotPending
    case_before = application.case
    facts = {
        "case": find_or_make_case(court=court, category=category, number=number),
        "court": court,
        "applicant_name": applicant_name.strip(),
        "role": role,
        "email": usable(email) if email.strip() else "",
        "received_on": received_on,
        "receipt_number": receipt_number.strip(),
        "phone": phone.strip(),
        "language": language,
    }
    if facts["email"] != application.email:
        application.address_proved_at = None
    if changed := _set_facts(application, facts):
        log(instance=application, action="cpor_cases.application.edit", user=by, data={"changed": changed})
    if "case" in changed:
        _drop_if_unused(case_before)
    return application


def _set_facts(application: Application, facts: dict[str, Any]) -> list[str]:
    """Save what differs, and return the names of these facts."""
    changed = [name for name, value in facts.items() if getattr(application, name) != value]
    for name in changed:
        setattr(application, name, facts[name])
    if changed:
        application.save(update_fields=[*changed, "address_proved_at"])
    return changed


def _drop_if_unused(case: Case) -> None:
    if not (case.applications.exists() or case.entries.exists() or case.accesses.exists()):
        case.delete()
