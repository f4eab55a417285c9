"""Names and addresses are kept no longer than needed (law of the house, 9). How long is in the settings KEEP_…."""

import datetime as dt
import uuid

from allauth.account.models import EmailAddress
from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from cpor_cases.models import (
    AccountAddress,
    Application,
    BouncedAddress,
    CaseAccess,
    CourtLogEntry,
    OutgoingMail,
)


def purge_expired(now: dt.datetime | None = None) -> dict[str, int]:
    """Purge what has been kept long enough and return how much of each. Safe to repeat."""
    now = now or timezone.now()
    return {
        "refused applications": _delete_refused_applications(now),
        "ended accesses": _blank_ended_accesses(now),
        "mail addresses": _blank_mail_addresses(now),
        "bounced addresses": _forget_bounced_addresses(),
        "asleep accounts": _empty_asleep_accounts(now),
        "closed accounts": _empty_closed_accounts(now),
    }


def _delete_refused_applications(now: dt.datetime) -> int:
    before = now - relativedelta(months=settings.KEEP_REFUSED_APPLICATION_MONTHS)
    old = Application.objects.filter(status=Application.Status.REFUSED, decided_at__lt=before)
    return old.delete()[1].get("cpor_cases.Application", 0)


@transaction.atomic
def _blank_ended_accesses(now: dt.datetime) -> int:
    """Forget who applied and when they looked, once neither this access nor the case's query period is alive."""
    before = now - relativedelta(months=settings.KEEP_ENDED_ACCESS_MONTHS)
    closed_before = timezone.localdate(before) - relativedelta(months=settings.QUERY_PERIOD_MONTHS)
    over = CaseAccess.objects.filter(
        Q(ended_at__lt=before) | Q(ended_at=None, case__closed_on__lt=closed_before)
    )
    over.exclude(own_name="", note="").update(own_name="", note="")
    named = Application.objects.approved().filter(accesses__in=over).exclude(applicant_name="", email="")
    keys = list(named.values_list("pk", flat=True))
    for account, case in over.filter(application__in=keys).values_list("account", "case"):
        looks = CourtLogEntry.objects.filter(
            action="cpor_cases.case.view", user_id=account, object_id=str(case)
        )
        looks.delete()
    return Application.objects.filter(pk__in=keys).update(applicant_name="", email="")


def _blank_mail_addresses(now: dt.datetime) -> int:
    before = now - relativedelta(months=settings.KEEP_MAIL_ADDRESS_MONTHS)
    old = OutgoingMail.objects.filter(ended_at__lt=before).exclude(address="", last_answer="")
    return old.update(address="", last_answer="")  # servers like to repeat the address in their answer


def _forget_bounced_addresses() -> int:
    """Forget what is nobody's address any more, with the mails it stopped."""
    owned = AccountAddress.objects.filter(address=OuterRef("address"))
    asked = EmailAddress.objects.filter(email=OuterRef("address"))
    nobodys = BouncedAddress.objects.exclude(Exists(owned) | Exists(asked))
    return sum(_forget(bounced) for bounced in nobodys)


@transaction.atomic
def _forget(bounced: BouncedAddress) -> bool:
    stopped = OutgoingMail.objects.stopped().filter(address=bounced.address)
    stopped.update(state=OutgoingMail.State.DROPPED, ended_at=timezone.now())
    bounced.delete()
    return True


def _empty_asleep_accounts(now: dt.datetime) -> int:
    before = now - relativedelta(months=settings.KEEP_ASLEEP_ACCOUNT_MONTHS)
    asleep = get_user_model().objects.filter(
        activation__activated_at=None, activation__link_expires_at__lt=before, is_active=False
    )
    accounts = list(asleep.exclude(email=""))
    for account in accounts:
        _empty(account, now)
    return len(accounts)


def _empty_closed_accounts(now: dt.datetime) -> int:
    """Forget who closed their account, unless a new approval has called it back meanwhile."""
    before = now - relativedelta(months=settings.KEEP_ENDED_ACCESS_MONTHS)
    called_back = CaseAccess.objects.live().filter(account=OuterRef("pk"))
    closed = get_user_model().objects.filter(~Exists(called_back), closed_at__lt=before, is_active=False)
    accounts = list(closed.exclude(email=""))
    for account in accounts:
        _empty(account, now)
    return len(accounts)


@transaction.atomic
def _empty(account, now: dt.datetime) -> None:
    CaseAccess.objects.live().filter(account=account).update(
        ended_at=now, end_reason=CaseAccess.EndReason.NEVER_ACTIVATED
    )
    Application.objects.filter(account=account).update(applicant_name="", email="")
    OutgoingMail.objects.filter(account=account).update(address="", last_answer="")
    EmailAddress.objects.filter(user=account).delete()
    account.email = ""
    account.first_name = account.last_name = ""
    account.username = f"gone-{uuid.uuid4().hex[:20]}"
    account.save(update_fields=["email", "first_name", "last_name", "username"])
