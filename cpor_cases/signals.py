"""Signals for what other sites attach to the service: each is sent once what it tells of is committed.

What a receiver raises is logged and changes nothing: the service does not depend on what others attach to it. Receivers run
where the change was made, in a page's request or in the worker; what takes long they put into a queue of their own. They get
primary keys, as a row may have changed again until they read it.
"""

from django.db import transaction
from django.dispatch import Signal

# An application was approved or refused. Arguments: `application` (its key), `status` ("approved" or "refused").
application_decided = Signal()

# People were told of new, corrected or withdrawn entries. Arguments: `run` (the key of the import run that changed them; what
# a clerk types has one, too), `people` (how many are told at most).
entries_announced = Signal()

# A person no longer follows a case. Arguments: `access` (its key), `reason` (a value of CaseAccess.EndReason). The end of
# the query period is no such moment: a date passes.
access_ended = Signal()

# A mail is given up, or came back for good. Arguments: `mail` (its key), `kind`, `answer` (of the server).
mail_failed = Signal()

# An import has ended. Arguments: `run` (its key), `state` (a value of ImportRun.State).
import_ended = Signal()

# A person has activated the account. Arguments: `account` (its key).
account_activated = Signal()


def send_on_commit(signal: Signal, sender: type, **facts) -> None:
    """Send a signal when the transaction at hand is committed, or at once outside one; Django logs what receivers raise."""
    transaction.on_commit(lambda: signal.send_robust(sender=sender, **facts), robust=True)
