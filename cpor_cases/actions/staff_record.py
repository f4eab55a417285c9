"""What is done about a member of staff, on record where it belongs."""

from wagtail.log_actions import log

from cpor_core.models import ClerkPost


def note(account, action: str, *, by) -> None:
    """Log an action in the audit of each court at which the account serves; without a post, in that of the account.

    `by` is None for an operator at the command line.
    """
    posts = list(ClerkPost.objects.filter(user=account).select_related("court", "user"))
    for row in posts or [account]:
        log(instance=row, action=f"cpor_cases.{action}", user=by)
