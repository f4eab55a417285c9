"""The periodic tasks. Each asks the database what is due and not done, so that it may run twice, or late because no worker
was running."""

import datetime as dt
import logging

from django.conf import settings
from django.utils import timezone
from huey.contrib.djhuey import on_startup

from cpor_core import clock
from cpor_core.task_queue import enqueue

from .actions import bounces, clock_changes, digests, entries, password_resets, reminders, retention
from .intake import incoming_files, run
from .mail import bounce_mailbox, delivery

logger = logging.getLogger(__name__)


@on_startup()
def deliver_what_a_dead_worker_left() -> None:
    """A worker that starts does not wait for the next full minute."""
    clock.note_start()
    entries.publish_due()
    enqueue(password_resets.answer)
    enqueue(delivery.deliver)
    incoming_files.enqueue_waiting()


@clock.periodic()
def deliver_due_mail() -> None:
    """Find the mails whose wake-up was lost or whose pause is over."""
    delivery.deliver.call_local()


@clock.periodic()
def answer_password_resets() -> None:
    """Find the requests that no worker was told of."""
    password_resets.answer.call_local()


@clock.periodic()
def publish_what_was_on_hold() -> None:
    """Let people see what a clerk typed and has not taken back, and tell them of it."""
    entries.publish_due()


@clock.periodic()
def gather_digests() -> None:
    """Every minute: whose hour was missed, or whose import was still running then, does not wait for another day."""
    digests.gather()


@clock.periodic()
def process_incoming_files() -> None:
    """Find the files that no worker was told of, or whose worker died; delete those whose time is over."""
    retention.delete_incoming_files()
    incoming_files.enqueue_waiting()


@clock.periodic(minutes=5)
def abort_silent_imports() -> None:
    run.abort_silent_runs()


@clock.periodic(minutes=10)
def remind() -> None:
    """Write what is due and not written, by day: nobody is woken at night."""
    if 8 <= timezone.localtime().hour < 20:
        reminders.remind()


@clock.periodic(at=dt.time(3, 30))
def purge_expired() -> None:
    retention.purge_expired()


@clock.periodic(minutes=10)
def purge_sessions() -> None:
    """Let sessions go with their internet addresses, and what was typed after they had ended, when they are over."""
    retention.purge_sessions()


@clock.periodic(minutes=10)
def read_bounces() -> None:
    """Look for mail that came back, if there is a mailbox for it."""
    if not settings.BOUNCES_URL:
        return
    try:
        bounces.read_mailbox()
    except bounce_mailbox.Unreachable as error:
        logger.error("the mailbox of BOUNCES_URL cannot be read: %s", error)


@clock.periodic()
def watch_the_clock() -> None:
    """Notice that the clock has been set back."""
    clock_changes.watch()
