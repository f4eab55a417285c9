"""Addresses in sent mails, and bounced addresses that no account has any more."""

import datetime as dt

from allauth.account.models import EmailAddress
from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from cpor_cases.models import AccountAddress, BouncedAddress, OutgoingMail
from cpor_core import conf


def blank_addresses(now: dt.datetime, words: set[str]) -> int:
    before = now - relativedelta(months=conf.KEEP_MAIL_ADDRESS_MONTHS)
    old = OutgoingMail.objects.filter(ended_at__lt=before).exclude(address="", last_answer="")
    return old.update(address="", last_answer="")  # servers repeat the address in their answer


def delete_bounced_addresses(now: dt.datetime, words: set[str]) -> int:
    """Delete the bounced addresses that no account has any more, and drop the mails they stopped."""
    owned = AccountAddress.objects.filter(address=OuterRef("address"))
    asked = EmailAddress.objects.filter(email=OuterRef("address"))
    unowned = BouncedAddress.objects.exclude(Exists(owned) | Exists(asked))
    return sum(_delete(bounced) for bounced in unowned)


@transaction.atomic
def _delete(bounced: BouncedAddress) -> bool:
    stopped = OutgoingMail.objects.stopped().filter(address=bounced.address)
    stopped.update(state=OutgoingMail.State.DROPPED, ended_at=timezone.now())
    bounced.delete()
    return True
