"""Comments of editors on a page: who follows them is mailed by the outbox.

Wagtail has no signal for it: its view of a page calls one function, which would send inside the request. Ours stands in its place.
"""

from collections.abc import Iterable

from wagtail.admin.views.pages import edit

from . import notifications
from .approvals import wanting

UPDATED = "updated_comments"


def connect() -> None:
    """Stand in for the function by which Wagtail's view sends."""
    edit.send_notification = _tell


def _tell(recipient_users: Iterable, notification: str, extra_context: dict) -> bool:
    """Post what Wagtail would send: `extra_context` has the page, who commented, and the comments by what happened to them."""
    if notification != UPDATED:
        raise ValueError(f"Wagtail mails something new of a page: {notification}")
    about = {
        "page": extra_context["page"].pk,
        "by": extra_context["editor"].pk,
        "new": [comment.pk for comment in extra_context["new_comments"]],
        "resolved": [comment.pk for comment in extra_context["resolved_comments"]],
        "replies": [reply.pk for thread in extra_context["replied_comments"] for reply in thread["replies"]],
        "deleted": len(extra_context["deleted_comments"]),
    }
    notifications.page_comments(wanting(recipient_users, UPDATED), about=about)
    return True
