"""Second factors of staff: set up for the first time by a link, and reset when lost."""

import datetime as dt
import uuid

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils import timezone

from cpor_cases.actions import sessions, staff
from cpor_cases.mail import notifications
from cpor_cases.models import EnrolmentLink
from cpor_cases.permissions import is_staff_account, require_charge
from cpor_core import conf
from cpor_core.security_log import Event, Reason, record

FACTORS = [Authenticator.Type.WEBAUTHN, Authenticator.Type.TOTP]


class NotStaff(Exception):
    """The account does not belong to staff: its person sets up a second factor without a link."""


class AlreadySetUp(Exception):
    """The account has a second factor; a further one is added after a log-in with it, not by a link."""


class NotUsable(Exception):
    """The link has been used, replaced by a newer one, or is too old."""


def has_second_factor(user) -> bool:
    return Authenticator.objects.filter(user_id=user.pk, type__in=FACTORS).exists()


@transaction.atomic
def issue_link(*, account, by=None, is_mailed: bool = True, now: dt.datetime | None = None) -> EnrolmentLink:
    """Issue the link by which a member of staff sets up the first second factor, and void any earlier one.

    `by` is None for an operator at the command line. Raises PermissionDenied, NotStaff or AlreadySetUp.
    """
    _require_charge(by, account)
    if not is_staff_account(account):
        raise NotStaff
    if has_second_factor(account):
        raise AlreadySetUp
    link = renew_link(account, by=by, now=now or timezone.now())
    if is_mailed:
        notifications.second_factor_link(account)
    staff.log_about(account, "factor.invite", by=by)
    record(Event.ENROLMENT_LINK, reason=_way(by), account=account, actor=by)
    return link


def renew_link(account, *, by, now: dt.datetime) -> EnrolmentLink:
    """Make the link of an account, and void any earlier one. Who may is for the caller to check."""
    facts = {
        "public_id": uuid.uuid4(),
        "issued_at": now,
        "issued_by": by,
        "expires_at": now + dt.timedelta(hours=conf.ENROLMENT_LINK_HOURS),
        "used_at": None,
    }
    return EnrolmentLink.objects.update_or_create(account=account, defaults=facts)[0]


def is_link_usable(account, public_id: str, at: dt.datetime | None = None) -> bool:
    """Whether the link with this public id (32 hexadecimal digits) is this account's and can still be used."""
    link = EnrolmentLink.objects.filter(account=account, public_id=public_id).first()
    return link is not None and link.is_usable(at)


def use_link(*, account, public_id: str, now: dt.datetime | None = None) -> None:
    """Mark the link as used, in the caller's transaction. Raises NotUsable, also for the second of two at one moment."""
    now = now or timezone.now()
    link = EnrolmentLink.objects.select_for_update().filter(account=account, public_id=public_id).first()
    if link is None or not link.is_usable(now):
        raise NotUsable
    link.used_at = now
    link.save(update_fields=["used_at"])
    staff.log_about(account, "factor.enrol", by=account)


@transaction.atomic
def reset(
    *, account, by=None, is_mailed: bool = True, now: dt.datetime | None = None
) -> EnrolmentLink | None:
    """Remove every second factor of an account and end its sessions; a mail tells the person.

    Staff get a new enrolment link, which is returned (and mailed, unless `is_mailed` is false). `by` is None for an
    operator at the command line. Raises PermissionDenied.
    """
    _require_charge(by, account)
    Authenticator.objects.filter(user=account).delete()
    sessions.end_all(account)
    notifications.account_notice(account, "second_factor_reset")
    staff.log_about(account, "factor.reset", by=by)
    record(Event.FACTOR_RESET, reason=_way(by), account=account, actor=by)
    return (
        issue_link(account=account, by=by, is_mailed=is_mailed, now=now)
        if is_staff_account(account)
        else None
    )


def _require_charge(by, account) -> None:
    if by is not None:
        require_charge(by, account)


def _way(by) -> Reason:
    return Reason.BY_COMMAND if by is None else Reason.NONE
