"""Mending an address from which mail came back: what was kept back is sent, as far as it is still of use."""

import datetime as dt

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models.functions import Lower
from django.utils import timezone

from cpor_cases import outbox
from cpor_cases.models import BouncedAddress, OutgoingMail
from cpor_cases.models.bounces import fold_address

State = OutgoingMail.State


@transaction.atomic
def clear(address: str, *, now: dt.datetime | None = None) -> int:
    """Take the mark from an address and send what it stopped; return how many mails that is.

    Safe on an address that is not marked. If it still bounces, the next answer marks it again.
    """
    bounced = BouncedAddress.objects.of(address).select_for_update().first()
    if bounced is None:
        return 0
    bounced.delete()
    owners = get_user_model().objects.annotate(folded=Lower("email")).filter(folded=bounced.address)
    return _send_after_all(_stopped_by(bounced), _failed_by(bounced, owners), now=now)


@transaction.atomic
def follow(account, *, now: dt.datetime | None = None) -> int:
    """Send to the address an account has now what its former addresses stopped; return how many mails that is.

    What proves the address it goes to never goes to another one.
    """
    written = OutgoingMail.objects.filter(account=account).annotate(folded=Lower("address"))
    former = written.exclude(folded=fold_address(account.email)).values("folded")
    sent = 0
    for bounced in BouncedAddress.objects.hard().filter(address__in=former):
        stopped = _stopped_by(bounced).filter(account=account)
        sent += _send_after_all(stopped, _failed_by(bounced, [account]), address=account.email, now=now)
    return sent


def _stopped_by(bounced: BouncedAddress):
    return OutgoingMail.objects.stopped().annotate(folded=Lower("address")).filter(folded=bounced.address)


def _failed_by(bounced: BouncedAddress, owners):
    """Return the mails by which it was seen that the address bounces."""
    failed = OutgoingMail.objects.filter(state=State.FAILED, ended_at__gte=bounced.since, account__in=owners)
    return failed.annotate(folded=Lower("address")).filter(folded=bounced.address)


def _send_after_all(*lists, address: str = "", now: dt.datetime | None = None) -> int:
    """Take up each mail that is of use later, and elsewhere if another `address` is given; drop the others."""
    now = now or timezone.now()
    useless = OutgoingMail.OF_THE_MOMENT | (OutgoingMail.BOUND_TO_ITS_ADDRESS if address else set())
    useful = sorted((mail for mails in lists for mail in mails.exclude(kind__in=useless)), key=lambda m: m.pk)
    for mails in lists:
        mails.stopped().filter(kind__in=useless).update(state=State.DROPPED, ended_at=now)
    return outbox.take_up(useful, address=address, now=now)
