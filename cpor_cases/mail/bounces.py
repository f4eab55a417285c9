"""Marks addresses from which mail bounces, and holds the mails to them."""

import datetime as dt

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from cpor_cases.models import BouncedAddress, OutgoingMail
from cpor_core.email_addresses import normalise

from .smtp_replies import code_of

Hardness = BouncedAddress.Hardness


@transaction.atomic
def mark(
    address: str, *, answer: str, hardness: Hardness, status: str = "", now: dt.datetime | None = None
) -> BouncedAddress:
    """Note that mail to `address` bounces. A hard bounce holds all mails that wait for it. A soft bounce replaces no
    hard one.
    """
    now = now or timezone.now()
    said = {"answer": answer[:500], "status": status or code_of(answer), "last_at": now}
    bounced, made = BouncedAddress.objects.get_or_create(
        address=normalise(address), defaults=said | {"hardness": hardness, "since": now}
    )
    if not made and (hardness == Hardness.HARD or not bounced.is_hard):
        since = bounced.since if hardness == bounced.hardness else now
        BouncedAddress.objects.filter(pk=bounced.pk).update(hardness=hardness, since=since, **said)
        bounced.refresh_from_db()
    if bounced.is_hard:
        waiting = OutgoingMail.objects.waiting().filter(lease=None, address=bounced.address)
        waiting.update(state=OutgoingMail.State.STOPPED)
    return bounced


def to_bouncing_address() -> Exists:
    """The condition that a mail's address has a hard bounce."""
    return Exists(BouncedAddress.objects.hard().filter(address=OuterRef("address")))
