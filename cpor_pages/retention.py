"""Retention of searches without a hit, which may contain names: deleted after some months, or with the person's data."""

import datetime as dt

from dateutil.relativedelta import relativedelta
from django.dispatch import receiver
from django.utils import timezone

from cpor_core import conf, signals
from cpor_core.mentions import rows_mentioning

from .models import SearchMissCounter


@receiver(signals.expired)
def delete_old_searches(sender, now: dt.datetime, **kwargs) -> dict[str, int]:
    before = timezone.localdate(now) - relativedelta(months=conf.KEEP_SEARCH_TERM_MONTHS)
    return {
        "searches without a hit": SearchMissCounter.objects.filter(month__lt=before.replace(day=1)).delete()[
            0
        ]
    }


@receiver(signals.forgotten)
def forget_searches(sender, words: set[str], **kwargs) -> dict[str, int]:
    """Delete searches that mention a name or an address of somebody who is forgotten."""
    found = rows_mentioning(SearchMissCounter.objects.all(), "query", words)
    return {"searches without a hit that named somebody": found.delete()[0]}
