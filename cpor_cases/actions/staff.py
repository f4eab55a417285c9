"""Accounts of staff: their names, and the log of what is done about them."""

from django.db import transaction
from wagtail.log_actions import LogContext, log

from cpor_cases.permissions import require_charge
from cpor_core.models import ClerkPost


@transaction.atomic
def rename(*, account, last_name: str, first_name: str, by) -> bool:
    """Name a member of staff in one's charge; return whether anything changed. The audit shows the names before and after.

    Raises PermissionDenied.
    """
    require_charge(by, account)
    if (account.last_name, account.first_name) == (last_name, first_name):
        return False
    account.last_name, account.first_name = last_name, first_name
    with LogContext(user=by):
        account.save(update_fields=["last_name", "first_name"])
    return True


def log_about(account, action: str, *, by) -> None:
    """Log an action in the audit of each court at which the account serves; without a post, in that of the account.

    `by` is None for an operator at the command line.
    """
    posts = list(ClerkPost.objects.filter(user=account).select_related("court", "user"))
    for row in posts or [account]:
        log(instance=row, action=f"cpor_cases.{action}", user=by)
