"""The worker's part of the public site. Each task may come twice or late and does no harm by it."""

import datetime as dt

from django.core.management import call_command
from huey.contrib.djhuey import db_task

from cpor_core import clock

from .models import GuidePage
from .pdf import guide


@db_task()
def make_guide_pdf(page_id: int) -> None:
    for page in GuidePage.objects.live().filter(pk=page_id):
        guide.make_if_older(page)


@clock.periodic()
def keep_the_schedule() -> None:
    """Put on the site, and take off it, what editors have given an hour that has come."""
    call_command("publish_scheduled")


@clock.periodic(at=dt.time(4, 10))
def make_older_guide_pdfs() -> None:
    """Find the guides whose message was lost, or that were published before the machine could make PDF files."""
    for page in GuidePage.objects.live():
        guide.make_if_older(page)


@clock.periodic(at=dt.time(4, 40))
def index_all_anew() -> None:
    """Enter what was lost with a queue, or with a worker that died: Wagtail's own work is in no row."""
    call_command("wagtail_update_index", verbosity=0)
    call_command("rebuild_references_index", verbosity=0)
