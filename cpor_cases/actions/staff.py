"""Accounts of staff: their names, and the log of what is done about them."""

from allauth.usersessions.models import UserSession
from django.db import transaction
from wagtail.log_actions import LogContext, log

from cpor_cases.models import EnrolmentLink
from cpor_cases.permissions import require_charge
from cpor_core.models import ClerkPost
from cpor_core.security_log import Event, record


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


@transaction.atomic
def end(*, account, by=None) -> None:
    """End the work of a member of staff: their posts, their log-ins and the link to set one up end with it.

    The account is deactivated, never deleted: the log names who did what by it. `by` is None for an operator at the
    command line. Raises PermissionDenied.
    """
    if by is not None:
        require_charge(by, account)
    log_about(account, "staff.end", by=by)
    EnrolmentLink.objects.filter(account=account).delete()
    with LogContext(user=by):
        account.is_active = False
        account.save(update_fields=["is_active"])
    for post in ClerkPost.objects.filter(user=account).select_related("court", "user"):
        log(instance=post, action="cpor_cases.post.remove", user=by, deleted=True)
        record(Event.POST_REMOVED, account=account, actor=by)
        post.delete()
    for session in UserSession.objects.filter(user=account):
        session.end()


def log_about(account, action: str, *, by) -> None:
    """Log an action in the audit of each court at which the account serves; without a post, in that of the account.

    `by` is None for an operator at the command line.
    """
    posts = list(ClerkPost.objects.filter(user=account).select_related("court", "user"))
    for row in posts or [account]:
        log(instance=row, action=f"cpor_cases.{action}", user=by)
