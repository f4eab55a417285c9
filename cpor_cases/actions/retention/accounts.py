"""Accounts of litigants that were never activated, were closed, or have had no case for long: notified, then emptied.

An emptied account keeps its key, to which the log refers, and nothing that says whose it was.
"""

import datetime as dt
import uuid

from allauth.account.models import EmailAddress
from dateutil.relativedelta import relativedelta
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from wagtail.log_actions import registry
from wagtail.users.models import UserProfile

from cpor_cases.actions import account_closing
from cpor_cases.mail import notifications
from cpor_cases.models import (
    Activation,
    Application,
    CaseAccess,
    CourtLogEntry,
    EnrolmentLink,
    Litigant,
    OutgoingMail,
    SavedSearch,
    StaffInvitation,
)
from cpor_cases.models.log_facts import CASE_VIEWED, ROWS_VIEWED
from cpor_cases.permissions import staff_accounts
from cpor_core import conf

from . import applications

EndReason = CaseAccess.EndReason
NOTICES = ("activation_ending", "account_ending")
_BELONGINGS = [
    (UserProfile, "user"),
    (SavedSearch, "account"),
    (EnrolmentLink, "account"),
    (StaffInvitation, "account"),
    (Litigant, "account"),
]
# What a list of mails shows; the other facts say something about the person.
MAIL_FACTS_KEPT = ("notice", "day")


def tell_beforehand(now: dt.datetime) -> int:
    """Mail the people whose account will be emptied soon; return how many. Each is told once."""
    return sum(
        _tell(of_kind(now, days_before=conf.ACCOUNT_ENDING_NOTICE_DAYS), notice, now)
        for notice, of_kind in zip(NOTICES, (_never_activated, _without_access), strict=True)
    )


def _tell(accounts: QuerySet, notice: str, now: dt.datetime) -> int:
    day = timezone.localdate(now) + dt.timedelta(days=conf.ACCOUNT_ENDING_NOTICE_DAYS)
    untold = list(accounts.filter(~Exists(_notices(notice, now))))
    for account in untold:
        notifications.account_ending(account, notice, day=day, now=now)
    return len(untold)


def _notices(notice: str, now: dt.datetime) -> QuerySet:
    """Return the mails that told of this end. One older than the term told of an earlier end that was averted."""
    return OutgoingMail.objects.filter(
        account=OuterRef("pk"),
        kind=OutgoingMail.Kind.ACCOUNT_NOTICE,
        about__notice=notice,
        created_at__gt=now - relativedelta(months=conf.KEEP_INACTIVE_ACCOUNT_MONTHS),
    )


def _told_in_time(notice: str, now: dt.datetime) -> Exists:
    in_time = now - dt.timedelta(days=conf.ACCOUNT_ENDING_NOTICE_DAYS)
    return Exists(_notices(notice, now).filter(created_at__lte=in_time))


def empty_never_activated(now: dt.datetime, words: set[str]) -> int:
    accounts = _never_activated(now).filter(_told_in_time("activation_ending", now))
    return _empty_all(accounts, now, words, EndReason.NEVER_ACTIVATED)


def empty_without_access(now: dt.datetime, words: set[str]) -> int:
    accounts = _without_access(now).filter(_told_in_time("account_ending", now))
    return _empty_all(accounts, now, words, EndReason.ACCOUNT_CLOSED)


def empty_closed(now: dt.datetime, words: set[str]) -> int:
    """Empty the accounts that were closed, unless a new approval has activated them again."""
    before = now - relativedelta(months=conf.KEEP_ENDED_ACCESS_MONTHS)
    approved_again = CaseAccess.objects.live().filter(account=OuterRef("pk"))
    closed = get_user_model().objects.filter(
        ~Exists(approved_again), litigant__closed_at__lt=before, is_active=False
    )
    return _empty_all(closed.exclude(email=""), now, words, EndReason.ACCOUNT_CLOSED)


def _since(now: dt.datetime, days_before: int) -> dt.datetime:
    return now - relativedelta(months=conf.KEEP_INACTIVE_ACCOUNT_MONTHS) + dt.timedelta(days=days_before)


def _never_activated(now: dt.datetime, *, days_before: int = 0) -> QuerySet:
    inactive = get_user_model().objects.filter(
        activation__activated_at=None,
        activation__link_expires_at__lt=_since(now, days_before),
        is_active=False,
    )
    return inactive.exclude(email="")


def _without_access(now: dt.datetime, *, days_before: int = 0) -> QuerySet:
    """Return litigants' active accounts that have had access to no case for the term. Staff accounts are kept."""
    since = _since(now, days_before)
    own = CaseAccess.objects.filter(account=OuterRef("pk"))
    activated = Activation.objects.filter(account=OuterRef("pk"))
    return (
        get_user_model()
        .objects.filter(
            Exists(own) | Exists(activated),
            ~Exists(own.exclude(applications.ended_before(since))),
            is_active=True,
        )
        .filter(~Exists(activated.filter(activated_at__gte=since)))
        .exclude(pk__in=staff_accounts().values("pk"))
        .exclude(email="")
    )


def _empty_all(accounts: QuerySet, now: dt.datetime, words: set[str], reason: EndReason) -> int:
    due = list(accounts)
    for account in due:
        _empty(account, now, words, reason)
    return len(due)


@transaction.atomic
def _empty(account, now: dt.datetime, words: set[str], reason: EndReason) -> None:
    """Blank all that says who the person was, and add it to `words`, so that it is found in the log, too."""
    words |= {account.email, account.get_full_name()}
    words |= set(EmailAddress.objects.filter(user=account).values_list("email", flat=True))
    account_closing.end_log_ins(account)
    CaseAccess.objects.live().filter(account=account).update(ended_at=now, end_reason=reason)
    CaseAccess.objects.filter(account=account).update(own_name="", note="")
    applications.blank(Application.objects.filter(account=account), words)
    _blank_mails(account, now)
    for model, field in _BELONGINGS:
        model.objects.filter(**{field: account}).delete()
    account.email = account.first_name = account.last_name = ""
    account.username = f"gone-{uuid.uuid4().hex[:20]}"
    account.is_active = False
    account.last_login = None
    account.set_unusable_password()
    account.save(
        update_fields=["email", "first_name", "last_name", "username", "is_active", "last_login", "password"]
    )
    _blank_record_of(account)


def _blank_mails(account, now: dt.datetime) -> None:
    mails = OutgoingMail.objects.filter(account=account)
    mails.unsent().update(state=OutgoingMail.State.DROPPED, ended_at=now)
    mails.update(address="", last_answer="")
    for mail in mails.exclude(about={}).only("about"):
        mail.about = {fact: value for fact, value in mail.about.items() if fact in MAIL_FACTS_KEPT}
        mail.save(update_fields=["about"])


def _blank_record_of(account) -> None:
    """Delete what the person viewed and the name under which they acted; the log names the account by its new name."""
    CourtLogEntry.objects.filter(user=account, action__in=[CASE_VIEWED, ROWS_VIEWED]).delete()
    CourtLogEntry.objects.forget_actors(get_user_model().objects.filter(pk=account.pk))
    content_type = ContentType.objects.get_for_model(account)
    about_account = {"content_type": content_type, "object_id": str(account.pk)}
    model = registry.get_log_model_for_model(type(account))
    model.objects.filter(**about_account).update(label=account.username, data={})
