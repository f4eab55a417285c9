"""The worker's part of the public site. Each task may come twice or late and does no harm by it."""

from django.core.management import call_command
from huey import crontab
from huey.contrib.djhuey import db_periodic_task, db_task

from cpor_cases.tasks import once

from . import guide_pdf
from .models import GuidePage


@db_task()
def make_guide_pdf(page_id: int) -> None:
    for page in GuidePage.objects.live().filter(pk=page_id):
        guide_pdf.make_if_older(page)


@db_periodic_task(crontab(minute="*"))
@once
def keep_the_schedule() -> None:
    """Put on the site, and take off it, what editors have given an hour that has come."""
    call_command("publish_scheduled")


@db_periodic_task(crontab(hour="4", minute="10"))
@once
def make_older_guide_pdfs() -> None:
    """Find the guides whose wake-up was lost, or that were published before the machine could make PDF files."""
    for page in GuidePage.objects.live():
        guide_pdf.make_if_older(page)
