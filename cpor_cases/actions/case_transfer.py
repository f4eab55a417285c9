"""Transferring a case to another division of its court."""

from django.db import transaction
from wagtail.log_actions import log

from cpor_cases.models import Case
from cpor_cases.permissions import require_right


@transaction.atomic
def transfer(*, case: Case, division: str, by) -> bool:
    """Set which division has the case; False if it has it already. People see it on the page, nobody is mailed."""
    case = Case.objects.select_for_update(of=("self",)).select_related("court").get(pk=case.pk)
    require_right(by, "change_case", case.court)
    before, division = case.division, division.strip().removesuffix("股")
    if division == before:
        return False
    case.division = division
    case.save(update_fields=["division"])
    log(
        instance=case,
        action="cpor_cases.case.transfer",
        user=by,
        data={"from_division": before, "to_division": division},
    )
    return True
