"""Changing the e-mail address of an account: asked for, given up, undone by the link that its former address got."""

import datetime as dt

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from cpor_cases.actions import sessions
from cpor_cases.address_register import find_by_address
from cpor_cases.mail import links, notifications
from cpor_cases.mail.messages import email_addresses, kinds_that
from cpor_cases.models import CalendarFeed, OutgoingMail
from cpor_core import security_log
from cpor_core.security_log import Event, Reason

Kind, State = OutgoingMail.Kind, OutgoingMail.State


class NotUndoable(Exception):
    """The change cannot be undone: too long ago, undone already, or its account or address is gone or another's."""


def pending_of(account) -> QuerySet[EmailAddress]:
    """Return the addresses that an account asked for and has not proven yet.

    allauth also keeps a row of the address that the account has; it is not among them.
    """
    return EmailAddress.objects.filter(user=account, verified=False).exclude(email=account.email)


def ask(request: HttpRequest, *, account, address: str) -> EmailAddress:
    """Store the address that an account asks for in place of any it asked for before, and mail a link to prove it."""
    pending_of(account).delete()
    asked = EmailAddress.objects.create(user=account, email=address)
    asked.send_confirmation(request)
    return asked


def give_up(pending: EmailAddress) -> None:
    """Forget an address that an account asked for: its link is void."""
    pending.delete()


def find_change(token: str) -> OutgoingMail | None:
    """Return the mail that told of a change, by the token of a genuine undo link; None for a forged one."""
    key = links.read_undo_token(token)
    if key is None:
        return None
    return OutgoingMail.objects.filter(pk=key, kind=Kind.EMAIL_CHANGED).select_related("account").first()


def is_undoable(change: OutgoingMail, now: dt.datetime | None = None) -> bool:
    """Whether the address that was replaced can be the account's again."""
    is_in_time = (now or timezone.now()) < email_addresses.end_of_undo(change)
    owner = find_by_address(change.address) if change.address else None
    is_free = bool(change.address) and owner in (None, change.account)
    return is_in_time and is_free and change.account.is_active and not change.about.get("undone")


@transaction.atomic
def undo(*, change: OutgoingMail, now: dt.datetime | None = None) -> None:
    """Give an account its former address back, and lock out whoever changed it. Raises NotUndoable.

    Ends every session, the password, the calendar address and every second factor that was added since; a link to set a
    new password goes to the former address. Later changes cannot be undone any more: otherwise somebody who took the
    account over by two changes could take it back by the link of the second one.
    """
    account = get_user_model().objects.select_for_update().get(pk=change.account.pk)
    change = OutgoingMail.objects.select_for_update(of=("self",)).select_related("account").get(pk=change.pk)
    if not is_undoable(change, now):
        raise NotUndoable
    replaced = account.email
    _set_address(account, change.address)
    _lock_out(account, change.created_at)
    _void_changes_since(change)
    _redirect_waiting_mails(account, now or timezone.now())
    security_log.record(Event.ADDRESS_CHANGED, reason=Reason.UNDONE, account=account, actor=account)
    notifications.password_reset(account)
    notifications.account_notice(account, "address_restored", address=replaced)


def _set_address(account, address: str) -> None:
    EmailAddress.objects.filter(user=account).delete()
    account.email = address
    account.set_unusable_password()
    account.save(update_fields=["email", "password"])
    EmailAddress.objects.create(user=account, email=address, verified=True, primary=True)


def _lock_out(account, since: dt.datetime) -> None:
    sessions.end_all(account)
    Authenticator.objects.filter(user=account, created_at__gte=since).delete()
    CalendarFeed.objects.filter(account=account).delete()


def _void_changes_since(change: OutgoingMail) -> None:
    later = OutgoingMail.objects.filter(account=change.account, kind=Kind.EMAIL_CHANGED, pk__gte=change.pk)
    for each in later:
        each.about["undone"] = True
        each.save(update_fields=["about"])


def _redirect_waiting_mails(account, now: dt.datetime) -> None:
    """Let nothing more go to the replaced address; least of all a link to set a password."""
    unsent = OutgoingMail.objects.unsent().filter(account=account).exclude(address=account.email)
    bound = kinds_that("is_of_the_moment") | kinds_that("is_bound_to_its_address")
    unsent.filter(kind__in=bound).update(state=State.DROPPED, ended_at=now)
    unsent.exclude(kind__in=bound).update(address=account.email)
