"""Closing an account for its person."""

import datetime as dt
import uuid

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from cpor_cases import signals
from cpor_cases.actions import sessions
from cpor_cases.mail import notifications
from cpor_cases.models import CalendarFeed, CaseAccess, Litigant, PastPassword


@transaction.atomic
def close(*, account, now: dt.datetime | None = None) -> None:
    """End every access of an account and everything with which somebody could log in; a mail confirms it.

    The account stays, inactive, with its address until retention purges it: an approval before then activates it again
    instead of making a second one of the same address. Its account name is free at once. Safe to repeat.
    """
    account = get_user_model().objects.select_for_update().get(pk=account.pk)
    if not account.is_active:
        return
    now = now or timezone.now()
    _end_accesses(account, now)
    end_log_ins(account)
    account.username = f"inactive-{uuid.uuid4().hex[:20]}"
    account.is_active = False
    account.set_unusable_password()
    account.save(update_fields=["username", "is_active", "password"])
    Litigant.objects.store(account, closed_at=now)
    notifications.account_notice(account, "account_closed")


def _end_accesses(account, now: dt.datetime) -> None:
    """End the person's accesses; the history of each case shows it to its court."""
    live = CaseAccess.objects.live().filter(account=account)
    reason = CaseAccess.EndReason.ACCOUNT_CLOSED
    for access in live.select_related("case__court"):
        log(instance=access, action="cpor_cases.account.close", user=account)
        signals.send_on_commit(signals.access_ended, CaseAccess, access=access.pk, reason=str(reason))
    live.update(ended_at=now, ended_by=account, end_reason=reason, own_name="", note="")


def end_log_ins(account) -> None:
    """End every session and delete everything with which somebody could log in or fetch the calendar."""
    sessions.end_all(account)
    for way in (Authenticator, EmailAddress):
        way.objects.filter(user=account).delete()
    for way in (CalendarFeed, PastPassword):
        way.objects.filter(account=account).delete()
