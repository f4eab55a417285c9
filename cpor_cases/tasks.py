"""The clock. Every tick may come twice (two consumers) or not at all (none was running), and does no harm by it."""

from django.utils import timezone
from huey import crontab
from huey.contrib.djhuey import db_periodic_task, on_startup

from . import outbox
from .actions import digests, reminders, retention
from .intake import holds, run


@on_startup()
def deliver_what_a_dead_worker_left() -> None:
    """A worker that starts does not wait for the next full minute."""
    holds.publish_due()
    outbox.deliver()


@db_periodic_task(crontab(minute="*"))
def deliver_due_mail() -> None:
    """Find the mails whose wake-up was lost or whose pause is over."""
    outbox.deliver.call_local()


@db_periodic_task(crontab(minute="*"))
def publish_what_was_on_hold() -> None:
    """Let people see what a clerk typed and has not taken back, and tell them of it."""
    holds.publish_due()


@db_periodic_task(crontab(minute="*"))
def gather_digests() -> None:
    """Every minute: whose hour was missed, or whose import was still running then, does not wait for another day."""
    digests.gather()


@db_periodic_task(crontab(minute="*/5"))
def break_off_silent_imports() -> None:
    run.break_off_silent_runs()


@db_periodic_task(crontab(minute="10"))
def remind() -> None:
    """Every hour of the day, so that one missed tick loses nothing; nobody is woken at night."""
    if 8 <= timezone.localtime().hour < 20:
        reminders.remind()


@db_periodic_task(crontab(hour="3", minute="30"))
def purge_expired() -> None:
    retention.purge_expired()
