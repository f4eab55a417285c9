"""The worker's part of the public site. Each task may come twice or late and does no harm by it."""

from huey import crontab
from huey.contrib.djhuey import db_periodic_task, db_task

from . import guide_pdf
from .models import GuidePage


@db_task()
def make_guide_pdf(page_id: int) -> None:
    for page in GuidePage.objects.live().filter(pk=page_id):
        guide_pdf.make_if_older(page)


@db_periodic_task(crontab(hour="4", minute="10"))
def make_older_guide_pdfs() -> None:
    """Find the guides whose wake-up was lost, or that were published before the machine could make PDF files."""
    for page in GuidePage.objects.live():
        guide_pdf.make_if_older(page)
