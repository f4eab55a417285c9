"""Invitations to the office: a link by mail, with which the person sets up how they log in. Nobody types another's password.

Whether an address belongs to a litigant is not told to whoever invites it: the answer, the row and the mail's row are the
same, and only the mail itself, which its owner reads, says that the address cannot be used.
"""

import datetime as dt
import secrets
import uuid

from allauth.account import app_settings as account_settings
from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import LogContext, log

from cpor_cases.actions import second_factors, staff
from cpor_cases.address_register import find_by_address
from cpor_cases.mail import notifications
from cpor_cases.models import EnrolmentLink, StaffInvitation
from cpor_cases.permissions import (
    can_invite,
    invitations_in_charge_of,
    is_staff_account,
    may_become_staff,
)
from cpor_core import conf
from cpor_core.models import ClerkPost, Court
from cpor_core.security_log import Event, Reason, record

PREFIX = "invited-"


class WorksHere(Exception):
    """The address is that of a member of staff: they get a further court by a post, not by an invitation."""


class NotTakeable(Exception):
    """The account that owns the address is a litigant's, or has become one: it cannot work in the office."""


@transaction.atomic
def invite(
    *,
    email: str,
    last_name: str,
    first_name: str = "",
    role: Group,
    court: Court | None,
    by=None,
    is_mailed: bool = True,
    now: dt.datetime | None = None,
) -> StaffInvitation:
    """Invite somebody to work in the office in a role, at a court; one mail brings the link. Again, it replaces the first.

    `by` is None for an operator at the command line. Raises PermissionDenied or WorksHere.
    """
    if by is not None and not can_invite(by, role, court):
        raise PermissionDenied
    account = find_by_address(email)
    if account and account.is_active and is_staff_account(account):
        raise WorksHere
    account = account or _make_account(email)
    now = now or timezone.now()
    facts = {
        "address": email,
        "last_name": last_name,
        "first_name": first_name,
        "role": role,
        "invited_by": by,
    }
    invitation, _made = StaffInvitation.objects.update_or_create(
        account=account, court=court, defaults=facts | {"sent_at": now, "expires_at": _expiry(now)}
    )
    _send(invitation, by=by, is_mailed=is_mailed, now=now)
    return invitation


@transaction.atomic
def send_again(
    *, invitation: StaffInvitation, by=None, is_mailed: bool = True, now: dt.datetime | None = None
) -> None:
    """Mail a new link, valid for another 24 hours; the former one no longer works. Raises PermissionDenied."""
    _require_charge(by, invitation)
    now = now or timezone.now()
    invitation.sent_at, invitation.expires_at = now, _expiry(now)
    invitation.save(update_fields=["sent_at", "expires_at"])
    _send(invitation, by=by, is_mailed=is_mailed, now=now)


@transaction.atomic
def withdraw(*, invitation: StaffInvitation, by=None) -> None:
    """Withdraw an invitation that was not accepted; its link no longer works. Raises PermissionDenied."""
    _require_charge(by, invitation)
    log(instance=invitation, action="cpor_cases.staff.withdraw", user=by)
    _delete(invitation)


def delete_expired(now: dt.datetime, words: set[str]) -> int:
    """Delete the invitations whose link expired long ago, and the accounts made for them; return how many."""
    before = now - dt.timedelta(days=conf.KEEP_STAFF_INVITATION_DAYS)
    expired = list(StaffInvitation.objects.filter(expires_at__lt=before).select_related("account"))
    for invitation in expired:
        words |= {invitation.address, f"{invitation.last_name}{invitation.first_name}"}
        _delete(invitation)
    return len(expired)


def find_open(account) -> list[StaffInvitation]:
    """Return the invitations of an account that can be accepted: whoever made them could still do so."""
    invitations = StaffInvitation.objects.filter(account=account).select_related(
        "role", "court", "invited_by"
    )
    return [
        each
        for each in invitations
        if each.invited_by is None or can_invite(each.invited_by, each.role, each.court)
    ]


def needs_setting_up(account) -> bool:
    """Whether the person sets up how they log in by the link alone: invited, or without a password to log in with."""
    return bool(find_open(account)) or not account.has_usable_password()


@transaction.atomic
def accept(*, account, public_id: str, password: str = "", now: dt.datetime | None = None):
    """Let the person of an enrolment link begin: with the invited roles and courts, and the password if one was chosen.

    Returns the account, read anew: the former object may hold permissions of before. The link stays good until the first second factor is set up with it. Raises NotUsable or NotTakeable.
    """
    link = EnrolmentLink.objects.select_for_update().filter(account=account, public_id=public_id).first()
    if link is None or not link.is_usable(now) or not needs_setting_up(account):
        raise second_factors.NotUsable
    invitations = find_open(account)
    if invitations:
        _appoint(account, invitations)
    elif second_factors.has_second_factor(account):
        raise second_factors.NotUsable
    if password:
        account.set_password(password)
        account.save(update_fields=["password"])
        record(Event.PASSWORD_CHANGED, account=account, actor=account)
    return get_user_model().objects.get(pk=account.pk)


def _appoint(account, invitations: list[StaffInvitation]) -> None:
    """Give an account exactly what it was invited to: whatever it was allowed before has ended."""
    if not may_become_staff(account):
        raise NotTakeable
    latest = invitations[0]
    with LogContext(user=latest.invited_by):
        account.username = _account_name(account)
        account.last_name, account.first_name = latest.last_name, latest.first_name
        account.is_active, account.is_superuser, account.is_staff = True, False, False
        account.set_unusable_password()
        account.save()
        Authenticator.objects.filter(user=account).delete()
        account.user_permissions.clear()
        account.groups.set({each.role for each in invitations})
    EmailAddress.objects.update_or_create(
        user=account, email=account.email, defaults={"verified": True, "primary": True}
    )
    ClerkPost.objects.filter(user=account).delete()
    for court in {each.court for each in invitations if each.court}:
        ClerkPost.objects.create(user=account, court=court)
        record(Event.POST_ASSIGNED, account=account, actor=latest.invited_by)
    staff.log_about(account, "staff.join", by=account)
    StaffInvitation.objects.filter(account=account).delete()


def _send(invitation: StaffInvitation, *, by, is_mailed: bool, now: dt.datetime) -> None:
    if may_become_staff(invitation.account):
        second_factors.renew_link(invitation.account, by=by, now=now)
    if is_mailed:
        notifications.staff_invitation(invitation)
    log(instance=invitation, action="cpor_cases.staff.invite", user=by)
    record(Event.ENROLMENT_LINK, reason=Reason.NONE if by else Reason.BY_COMMAND, actor=by)


def _make_account(email: str):
    """Make an account without rights or password for an address that has none; nobody can log in to it."""
    account = get_user_model()(username=f"{PREFIX}{uuid.uuid4().hex[:20]}", email=email, is_active=False)
    account.set_unusable_password()
    account.save()
    return account


def _account_name(account) -> str:
    """Return the account name for a person who begins: what stands before the @ of the address, if it is free."""
    if not account.username.startswith(PREFIX):
        return account.username
    wanted = account.email.partition("@")[0].ljust(account_settings.USERNAME_MIN_LENGTH, "0")[:140]
    taken = get_user_model().objects.filter(username__iexact=wanted)
    name = f"{wanted}-{secrets.randbelow(9000) + 1000}" if taken.exists() else wanted
    return get_adapter().clean_username(name)


def _delete(invitation: StaffInvitation) -> None:
    account = invitation.account
    invitation.delete()
    if (
        account.username.startswith(PREFIX)
        and not account.staff_invitations.exists()
        and may_become_staff(account)
    ):
        account.delete()


def _require_charge(by, invitation: StaffInvitation) -> None:
    if by is not None and not invitations_in_charge_of(by).filter(pk=invitation.pk).exists():
        raise PermissionDenied


def _expiry(now: dt.datetime) -> dt.datetime:
    return now + dt.timedelta(hours=conf.ENROLMENT_LINK_HOURS)
