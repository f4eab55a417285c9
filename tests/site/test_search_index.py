"""What the worker enters in the search index; apart from the pages, whose tests all lie within one transaction."""

import datetime as dt

import pytest
from django.core.files.base import ContentFile
from django_tasks import task_backends
from wagtail.documents.models import Document
from wagtail.models import Collection
from wagtail.search.models import IndexEntry

from cpor_core.models import Tick
from cpor_pages import tasks
from cpor_pages.models import CourtForm, FormVersion


@pytest.mark.django_db(transaction=True)
def test_a_form_is_found_by_a_file_that_was_published_with_it(monkeypatch):
    """The worker is told once the versions can be read, however quick it is: here it is at once."""
    monkeypatch.setattr(task_backends["default"], "enqueue_on_commit", True)
    if not Collection.get_first_root_node():  # a test before this one may have emptied the database
        Collection.add_root(name="Root")
    odt, pdf = (
        Document.objects.create(title="開庭通知書", file=ContentFile(b"content", name=f"notice.{kind}"))
        for kind in ("odt", "pdf")
    )
    words = dict.fromkeys(("title", "what_for"), {"zh-hant": "聲請狀", "en": "聲請狀"})
    form = CourtForm.objects.create(slug="notice", category="civil", purpose="petition", **words)
    form.versions.add(FormVersion(version_date=dt.date(2027, 1, 4), odt=odt, pdf=pdf))

    form.save_revision().publish()

    assert [form.slug for form in CourtForm.objects.matching("通知書")] == ["notice"]


@pytest.mark.django_db
def test_what_was_lost_with_a_queue_is_entered_at_night():
    odt, pdf = (
        Document.objects.create(title="開庭通知書", file=ContentFile(b"content", name=f"notice.{kind}"))
        for kind in ("odt", "pdf")
    )
    words = dict.fromkeys(("title", "what_for"), {"zh-hant": "聲請狀", "en": "聲請狀"})
    form = CourtForm.objects.create(slug="lost", category="civil", purpose="petition", **words)
    form.versions.add(FormVersion(version_date=dt.date(2027, 1, 4), odt=odt, pdf=pdf))
    form.save_revision().publish()
    IndexEntry.objects.all().delete()
    assert not CourtForm.objects.matching("通知書")
    Tick.objects.create(
        name="cpor_pages.tasks.index_all_anew", moment=dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
    )

    tasks.index_all_anew.call_local()

    assert [form.slug for form in CourtForm.objects.matching("通知書")] == ["lost"]
