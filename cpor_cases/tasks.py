"""The clock. A tick runs once, however many workers there are; were it to come twice all the same, or not at all because
none was running, it does no harm by it."""

import datetime as dt
import logging
from functools import wraps

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone
from huey import crontab
from huey.contrib.djhuey import db_periodic_task, on_startup

from . import mailboxes, outbox
from .actions import bounces, digests, password_resets, reminders, retention, session_retention
from .intake import holds, run, submissions, uploads
from .task_queue import enqueue

logger = logging.getLogger(__name__)
ONE_HOUR = 60 * 60
LAST_TICK = "last-tick"


def once(tick):
    """Let one worker do what the clock rings for: the first that takes the minute's mark, which all of them see.

    The mark goes by itself. If the cache cannot be asked, every worker does it: each tick may be repeated.
    """

    @wraps(tick)
    def run():
        try:
            is_first = cache.add(f"tick-{tick.__name__}-{timezone.now():%d-%H-%M}", True, timeout=ONE_HOUR)
            _note_tick()
        except Exception:
            logger.exception("the cache cannot be asked who does %s", tick.__name__)
            is_first = True
        if is_first:
            tick()

    return run


def last_tick() -> dt.datetime | None:
    """Return when a worker last heard the clock; None if none ever did."""
    return cache.get(LAST_TICK)


def _note_tick() -> None:
    cache.set(LAST_TICK, timezone.now(), None)


@on_startup()
def deliver_what_a_dead_worker_left() -> None:
    """A worker that starts does not wait for the next full minute."""
    _note_tick()
    holds.publish_due()
    enqueue(password_resets.answer)
    enqueue(outbox.deliver)
    submissions.ring_for_waiting()


@db_periodic_task(crontab(minute="*"))
@once
def deliver_due_mail() -> None:
    """Find the mails whose wake-up was lost or whose pause is over."""
    outbox.deliver.call_local()


@db_periodic_task(crontab(minute="*"))
@once
def answer_password_resets() -> None:
    """Find the requests that no worker was told of."""
    password_resets.answer.call_local()


@db_periodic_task(crontab(minute="*"))
@once
def publish_what_was_on_hold() -> None:
    """Let people see what a clerk typed and has not taken back, and tell them of it."""
    holds.publish_due()


@db_periodic_task(crontab(minute="*"))
@once
def gather_digests() -> None:
    """Every minute: whose hour was missed, or whose import was still running then, does not wait for another day."""
    digests.gather()


@db_periodic_task(crontab(minute="*"))
@once
def take_in_what_waits() -> None:
    """Find what courts' systems sent while no worker heard the ring."""
    submissions.ring_for_waiting()


@db_periodic_task(crontab(minute="*"))
@once
def resume_uploads() -> None:
    """Find the uploaded files whose wake-up was lost or whose worker died; throw away those of yesterday."""
    uploads.resume_what_a_dead_worker_left()


@db_periodic_task(crontab(minute="*/5"))
@once
def break_off_silent_imports() -> None:
    run.break_off_silent_runs()


@db_periodic_task(crontab(minute="10"))
@once
def remind() -> None:
    """Every hour of the day, so that one missed tick loses nothing; nobody is woken at night."""
    if 8 <= timezone.localtime().hour < 20:
        reminders.remind()


@db_periodic_task(crontab(hour="3", minute="30"))
@once
def purge_expired() -> None:
    retention.purge_expired()


@db_periodic_task(crontab(minute="*/10"))
@once
def purge_sessions() -> None:
    """Let sessions go with their internet addresses, and what was typed after they had ended, when they are over."""
    session_retention.purge_over()


@db_periodic_task(crontab(minute="*/10"))
@once
def read_bounces() -> None:
    """Look for mail that came back, if there is a mailbox for it."""
    if not settings.BOUNCES_URL:
        return
    try:
        bounces.read_mailbox()
    except mailboxes.Unreachable as error:
        logger.error("the mailbox of BOUNCES_URL cannot be read: %s", error)
