"""What happens on the public pages and others count: the pages know nothing of the counters."""

from django.dispatch import Signal

# A visitor searched for `query` and found nothing; `request` is theirs.
search_missed = Signal()
