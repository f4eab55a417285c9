"""Background tasks of the public site. Each may run twice or late without harm."""

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
    """Publish and unpublish what editors have scheduled."""
    call_command("publish_scheduled")


@clock.periodic(at=dt.time(4, 10))
def make_older_guide_pdfs() -> None:
    """Find the guides whose message was lost, or that were published before the machine could make PDF files."""
    for page in GuidePage.objects.live():
        guide.make_if_older(page)


@clock.periodic(at=dt.time(4, 40))
def index_all_anew() -> None:
    """Rebuild the search index: updates lost with the queue or a worker are in no table."""
    call_command("wagtail_update_index", verbosity=0)
    call_command("rebuild_references_index", verbosity=0)
