"""Petitions filled in on the site, and the mails with their codes."""

import datetime as dt

from django.db.models import Q

from cpor_cases.models import OutgoingMail, Petition
from cpor_core import conf


def delete_expired(now: dt.datetime, words: set[str]) -> int:
    """Delete the petitions that nobody handed in in time, and those decided on long ago; add whose they were to `words`."""
    before = now - dt.timedelta(days=conf.KEEP_PETITION_DAYS)
    awaited = Q(applications__decided_at=None, applications__isnull=False) | Q(
        applications__decided_at__gte=before
    )
    kept = Petition.objects.filter(awaited).values("pk")
    expired = Petition.objects.filter(expires_at__lte=now).exclude(pk__in=kept)
    for facts in expired.values_list("applicant_name", "address", "phone", "number"):
        words |= {each for each in facts if each}
    return expired.delete()[1].get("cpor_cases.Petition", 0)


def delete_code_mails(now: dt.datetime, words: set[str]) -> int:
    """Delete the mails whose code has long expired: their address belongs to nobody's account."""
    before = now - dt.timedelta(days=conf.KEEP_PETITION_DAYS)
    old = OutgoingMail.objects.filter(account=None, created_at__lt=before)
    return old.delete()[1].get("cpor_cases.OutgoingMail", 0)
