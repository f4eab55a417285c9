"""Several threads of the worker make the same thing in the same moment, on the real database."""

from tests.support.at_once import run_at_once

INDEXED = """
from cpor_pages.models import CourtForm
from modelsearch.index import insert_or_update_object
from wagtail.search.models import IndexEntry

forms = list(CourtForm.objects.all()[:3])
entries = IndexEntry.objects.filter(content_type__app_label="cpor_pages", content_type__model="courtform")
entries = entries.filter(object_id__in=[str(form.pk) for form in forms])
for number in range(10):
    entries.delete()
    ways = (forms, forms[::-1], forms)
    ends = at_once(*(lambda way=way: [insert_or_update_object(form) for form in way] for way in ways))
    assert not [end for end in ends if isinstance(end, str)], ends
    assert entries.count() == 3
"""
DRAWN = """
from cpor_pages.pdf import previews
from cpor_pages.models import CourtForm, FirstPage

form = CourtForm.objects.filter(versions__pdf__isnull=False).first()
papers = [version.pdf_id for version in form.versions.all()]
for number in range(3):
    FirstPage.objects.filter(document__in=papers).delete()
    assert at_once(*[lambda: previews.draw_missing(form)] * 3) == [None] * 3
    assert FirstPage.objects.filter(document__in=papers).count() == len(papers)
"""
KEPT = """
import datetime as dt
from cpor_pages.pdf import guide as guide_pdf
from cpor_pages.models import GuidePage, GuidePdf

guide = GuidePage.objects.first()
for number in range(3):
    GuidePdf.objects.filter(page=guide).delete()
    ends = at_once(*[lambda: guide_pdf.keep(guide, b"%PDF-1.7", made_on=dt.date(2027, 1, 4))] * 3)
    assert ends == [None] * 3, ends
    assert GuidePdf.objects.filter(page=guide).count() == 1
"""


def test_what_three_threads_make_at_once_is_there_once(site):
    run_at_once(site, INDEXED, DRAWN, KEPT)
