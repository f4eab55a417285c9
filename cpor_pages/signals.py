"""Signals of the public pages, received by the counters."""

from django.dispatch import Signal

# A visitor searched for `query` and found nothing; `request` is theirs.
search_missed = Signal()
