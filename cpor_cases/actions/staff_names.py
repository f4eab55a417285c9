"""Names of staff: a manager gives them, so that the audit names people as their court knows them."""

from django.db import transaction
from wagtail.log_actions import LogContext

from cpor_cases.permissions import require_charge


@transaction.atomic
def rename(*, account, last_name: str, first_name: str, by) -> bool:
    """Name a member of staff in one's charge; return whether anything changed. The audit has it before and after.

    Raises PermissionDenied.
    """
    require_charge(by, account)
    if (account.last_name, account.first_name) == (last_name, first_name):
        return False
    account.last_name, account.first_name = last_name, first_name
    with LogContext(user=by):
        account.save(update_fields=["last_name", "first_name"])
    return True
