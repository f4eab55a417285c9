"""Posts: which member of staff serves at which court, decided by a court manager."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cpor_cases.address_register import find_by_login
from cpor_cases.permissions import can_manage_posts, can_remove_post, is_clerk, may_hold_post
from cpor_core import security_log
from cpor_core.models import ClerkPost, Court


class NotAssignable(Exception):
    """This person cannot be given a post; the message is a sentence for the person who tried."""


class NotStaff(NotAssignable):
    """The person does not work in the office: a litigant gets no post."""


def find_member_of_staff(name_or_address: str):
    """Return the member of staff with this account name or e-mail address, alike in upper and lower case, or None.

    Accounts without a clerk's rights are not found: whether a litigant has an account is not told here.
    """
    found = find_by_login(name_or_address)
    return found if found and found.is_active and is_clerk(found) else None


def check_assignable(user, *, by) -> None:
    """Raise NotAssignable unless `by` may give this person a post at one of their courts.

    A post gives access to a court's cases, so a second person always has to give it.
    """
    if not is_clerk(user):
        raise NotStaff(_("This person does not work in the office."))
    if user.pk == by.pk:
        raise NotAssignable(_("Nobody appoints themselves. Ask another manager."))
    if not may_hold_post(user):
        raise NotAssignable(_("Service managers oversee all courts and serve at none."))


@transaction.atomic
def assign(*, user, court: Court, by) -> ClerkPost:
    """Let a member of staff serve at a court. It extends their rights to that court and gives no others.

    Raises NotAssignable for whoever does not work in the office, for `by` themselves and for service managers.
    """
    if not can_manage_posts(by, court):
        raise PermissionDenied
    check_assignable(user, by=by)
    post, made = ClerkPost.objects.get_or_create(user=user, court=court)
    if made:
        log(instance=post, action="cpor_cases.post.assign", user=by)
        security_log.record(security_log.Event.POST_ASSIGNED, account=user, actor=by)
    return post


@transaction.atomic
def remove(*, post: ClerkPost, by) -> None:
    """End a clerk's service at a court; from the next request on its rows are outside their horizon."""
    if not can_remove_post(by, post):
        raise PermissionDenied
    log(instance=post, action="cpor_cases.post.remove", user=by, deleted=True)
    security_log.record(security_log.Event.POST_REMOVED, account=post.user, actor=by)
    post.delete()
