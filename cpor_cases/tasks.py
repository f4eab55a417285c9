"""The periodic tasks. Each queries the database for what is due and not done, so that it may run twice, or late because no worker
was running."""

import datetime as dt
import logging

from django.utils import timezone
from huey.contrib.djhuey import db_task, on_startup

from cpor_core import clock, conf
from cpor_core.pdf import petition_pdf
from cpor_core.task_queue import enqueue

from .actions import (
    bounces,
    changed_kinds,
    clock_changes,
    delays,
    digests,
    entries,
    manifests,
    password_resets,
    quiet_cases,
    reminders,
    retention,
    rhythms,
    service_spans,
    times_to_know,
    waiting_times,
)
from .intake import incoming_files, run
from .mail import bounce_mailbox, delivery
from .self_check import run as self_check

logger = logging.getLogger(__name__)


@on_startup()
def resume_at_start() -> None:
    """Do at the start of a worker what is due, without waiting for the next full minute."""
    clock.note_start()
    entries.publish_due()
    enqueue(password_resets.answer)
    enqueue(delivery.deliver)
    incoming_files.enqueue_waiting()
    enqueue(prepare_petition_pdfs)


@db_task()
def prepare_petition_pdfs() -> None:
    """Do beforehand what would make the first person who opens a petition as PDF wait for five seconds more."""
    try:
        petition_pdf.prepare()
    except petition_pdf.CannotMake as error:
        logger.info("petitions are offered without PDF: %s", error)


@clock.periodic()
def deliver_due_mail() -> None:
    """Send the mails whose task was lost or whose time has come."""
    delivery.deliver.call_local()


@clock.periodic()
def answer_password_resets() -> None:
    """Answer the requests whose task was lost."""
    password_resets.answer.call_local()


@clock.periodic()
def publish_held_entries() -> None:
    """Publish what a clerk typed and has not taken back, and tell people of it."""
    entries.publish_due()


@clock.periodic()
def post_digests() -> None:
    """Post digests every minute: a person whose hour was missed does not wait for another day."""
    digests.post_due()


@clock.periodic()
def process_incoming_files() -> None:
    """Find the files that no worker was told of, or whose worker died; delete those whose time is over."""
    retention.delete_incoming_files()
    incoming_files.enqueue_waiting()


@clock.periodic()
def follow_changed_kinds() -> None:
    """Go on with the cases of a kind that editors changed, where no worker has."""
    changed_kinds.follow.call_local()


@clock.periodic()
def compare_manifests() -> None:
    """Compare the manifests that waited for a court's earlier imports, or whose task was lost."""
    manifests.compare_waiting.call_local()


@clock.periodic()
def note_that_it_is_open() -> None:
    """Note each minute that the service is open; a gap in these notes is a time in which it was not."""
    service_spans.note()


@clock.periodic(minutes=5)
def abort_silent_imports() -> None:
    run.abort_silent_runs()


@clock.periodic(minutes=10)
def remind() -> None:
    """Post the reminders that are due, in the daytime only."""
    if timezone.localtime().hour in reminders.DAYTIME:
        reminders.remind()


@clock.periodic(at=dt.time(9))
def tell_of_quiet_cases() -> None:
    """Tell people that nothing has been recorded for long, where their court wishes it."""
    quiet_cases.tell()


@clock.periodic(at=dt.time(3, 30))
def purge_expired() -> None:
    retention.purge_expired()


@clock.periodic(at=dt.time(2, 30))
def refresh_waiting_times() -> None:
    """Compute at night how long cases wait for their next entry."""
    waiting_times.refresh()


@clock.periodic(at=dt.time(4, 30))
def verify() -> None:
    """Check at night that the record agrees with itself."""
    self_check.verify()


@clock.periodic(at=dt.time(4))
def learn_rhythms() -> None:
    """Learn at night when each court usually sends, and count what came in time the day before."""
    rhythms.learn_all()


@clock.periodic()
def watch_courts() -> None:
    """Notice the courts whose data is late, and those whose data has come after all."""
    delays.watch()


@clock.periodic(at=dt.time(2, 15))
def count_times_to_know() -> None:
    """Count at night how long it took until people knew, before old mails are purged."""
    times_to_know.refresh()


@clock.periodic(minutes=10)
def purge_sessions() -> None:
    """Delete ended sessions with their internet addresses, and what was typed after they had ended."""
    retention.purge_sessions()


@clock.periodic(minutes=10)
def read_bounces() -> None:
    """Read the mailbox of bounce reports, if there is one."""
    if not conf.BOUNCES_URL:
        return
    try:
        bounces.read_mailbox()
    except bounce_mailbox.Unreachable as error:
        logger.error("the mailbox of BOUNCES_URL cannot be read: %s", error)


@clock.periodic()
def watch_the_clock() -> None:
    """Detect that the clock was set back."""
    clock_changes.watch()
