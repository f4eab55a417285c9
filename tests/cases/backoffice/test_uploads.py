"""A court's export, uploaded at the desk."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cpor_cases.backoffice import uploads
from cpor_cases.backoffice.spreadsheets import defuse
from cpor_cases.models import CourtLogEntry, ImportRun, OutgoingMail, ProgressEntry, RejectedRow
from tests.factories import make_access, make_case, make_kind, make_run, make_user, make_word, row

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(court):
    make_word("訴")
    make_kind("judgment")
    return make_case(court)


def export(*rows):
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return SimpleUploadedFile("export.csv", text.getvalue().encode(), "text/csv")


def upload(client, court, file):
    return client.post(reverse("desk_imports:upload"), {"court": court.pk, "file": file}, follow=True)


def test_rehearsal_says_what_would_happen_and_stores_nothing(desk, court, case):
    make_access(make_user(), case)

    rehearsal = upload(desk, court, export(row(case), row(case, kind="無此種類"))).context["rehearsal"]

    assert (rehearsal.run.rows_read, rehearsal.run.rows_created, rehearsal.run.rows_rejected) == (2, 1, 1)
    assert (rehearsal.people, len(rehearsal.entries), len(rehearsal.rejected)) == (1, 1, 1)
    assert not ProgressEntry.objects.exists()
    assert not ImportRun.objects.exists()
    assert not OutgoingMail.objects.filter(kind=OutgoingMail.Kind.PROGRESS).exists()
    assert not CourtLogEntry.objects.filter(action="cpor_cases.import.run").exists()


def test_rehearsed_file_is_taken_once(desk, court, case, clerk):
    make_access(make_user(), case)
    page = upload(desk, court, export(row(case)))
    url = page.redirect_chain[-1][0]

    desk.post(url)
    desk.post(url, follow=True)

    run = ImportRun.objects.get()
    assert (run.source, run.court, run.started_by) == (ImportRun.Source.UPLOAD, court, clerk)
    assert ProgressEntry.objects.count() == 1
    assert OutgoingMail.objects.filter(kind=OutgoingMail.Kind.PROGRESS).count() == 1


def test_rows_of_another_court_are_rejected(desk, court, case, other_court):
    elsewhere = make_case(other_court)

    rehearsal = upload(desk, court, export(row(elsewhere))).context["rehearsal"]

    assert rehearsal.run.rows_rejected == 1


def test_file_cannot_be_uploaded_for_another_court(desk, other_court, case):
    answer = upload(desk, other_court, export(row(case)))

    assert answer.context["form"].errors["court"]


def test_file_of_another_clerk_is_not_there(desk, client, court, case, clerk_elsewhere):
    url = upload(desk, court, export(row(case))).redirect_chain[-1][0]
    client.force_login(clerk_elsewhere)

    for method in (client.get, client.post):
        assert method(url).url == reverse("desk_imports:upload")
    assert not ImportRun.objects.exists()


@pytest.mark.parametrize("content", [b"%PDF-1.7", b"", b"a,b\n1,2\n"])
def test_what_is_no_export_gets_a_sentence(desk, court, content):
    answer = upload(desk, court, SimpleUploadedFile("x.csv", content))

    assert answer.status_code == 200
    assert answer.context["form"] is not None


def test_too_many_rows_get_a_sentence(desk, court, case, monkeypatch):
    monkeypatch.setattr(uploads, "MOST_ROWS", 1)

    answer = upload(desk, court, export(row(case), row(case)))

    assert answer.redirect_chain[-1][0] == reverse("desk_imports:upload")


def test_too_large_a_file_is_refused(desk, court, case, monkeypatch):
    monkeypatch.setattr(uploads, "MOST_BYTES", 10)

    assert upload(desk, court, export(row(case))).context["form"].errors["file"]


def test_rejected_rows_come_back_as_a_file_that_can_be_mended_and_sent(desk, court, case):
    run = make_run(court=court, rows_read=1, rows_rejected=1)
    RejectedRow.objects.create(run=run, line=2, reason="why", row=row(case, detail="=1+1"))

    answer = desk.get(reverse("desk_imports:rejected", args=[run.pk]))
    again = upload(desk, court, SimpleUploadedFile("again.csv", answer.content))

    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert again.context["rehearsal"].run.rows_created == 1
    assert again.context["rehearsal"].entries[0].detail == "'=1+1"


@pytest.mark.parametrize(
    ("value", "text"),
    [("=A1", "'=A1"), ("@x", "'@x"), ("-1", "-1"), ("-1.5", "-1.5"), ("-x", "'-x"), ("王", "王"), (None, "")],
)
def test_formulas_are_defused(value, text):
    assert defuse(value) == text
