"""A court's export, uploaded in the office."""

import csv
import datetime as dt
import html
import io
import sys

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from cpor_cases.actions import retention, uploads
from cpor_cases.actions.imports import import_rows
from cpor_cases.intake import batches, incoming_files
from cpor_cases.intake import run as runs
from cpor_cases.intake.run import MOST_TRIES
from cpor_cases.models import (
    CaseAccess,
    CourtLogEntry,
    ImportRun,
    IncomingFile,
    IncomingFilePart,
    OutgoingMail,
    ProgressEntry,
    RejectedRow,
)
from cpor_cases.office.imports import upload_views
from cpor_core.formulas import defuse
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


class Worker:
    """Processes what a request enqueued as soon as the request is done, unless it is away."""

    is_away = False

    def __init__(self):
        self.queued = []

    def after(self, action):
        def do(*args, **kwargs):
            done = action(*args, **kwargs)
            while self.queued and not self.is_away:
                incoming_files.process.call_local(self.queued.pop())
            return done

        return do


@pytest.fixture(autouse=True)
def worker(monkeypatch):
    worker = Worker()
    monkeypatch.setattr(uploads, "enqueue_once_committed", lambda upload: worker.queued.append(upload.pk))
    for name in ("receive", "start_import"):
        monkeypatch.setattr(uploads, name, worker.after(getattr(uploads, name)))
    return worker


def upload(client, court, file):
    return client.post(reverse("office_imports:upload"), {"court": court.pk, "file": file}, follow=True)


def page_of(found: IncomingFile) -> str:
    return reverse("office_imports:dry_run", args=[found.pk])


def test_dry_run_says_what_would_happen_and_stores_nothing(office, court, case):
    make_access(make_user(), case)

    page = upload(office, court, export(row(case), row(case, kind="無此種類")))

    result = page.context["result"]
    assert result["counts"] == {
        "read": 2,
        "created": 1,
        "changed": 0,
        "withdrawn": 0,
        "unchanged": 0,
        "rejected": 1,
    }
    assert (result["people"], len(result["entries"]), len(result["rejections"])) == (1, 1, 1)
    assert str(case.full_number) in page.content.decode()
    assert not ProgressEntry.objects.exists()
    assert not ImportRun.objects.exists()
    assert not OutgoingMail.objects.filter(kind=OutgoingMail.Kind.PROGRESS).exists()
    assert not CourtLogEntry.objects.filter(action="cpor_cases.import.run").exists()


def test_dry_run_finds_what_the_import_then_does(office, court, case):
    standing, withdrawn, corrected = row(case), row(case), row(case)
    import_rows(enumerate([standing, withdrawn, corrected], start=2), source=ImportRun.Source.COMMAND)
    rows = [
        standing,
        withdrawn | {"withdrawn": "1"},
        corrected | {"detail": "更正"},
        corrected | {"detail": "再更正"},
        standing | {"number": "998"},
        row(case, number="997", withdrawn="1"),
        row(case, number="996"),
    ]

    found = upload(office, court, export(*({"withdrawn": "", "detail": ""} | one for one in rows))).context[
        "result"
    ]
    office.post(page_of(IncomingFile.objects.get()))

    run = ImportRun.objects.latest("pk")
    assert found["counts"] == {name: getattr(run, f"rows_{name}") for name in found["counts"]}
    assert [line for line, _reason in found["rejections"]] == [
        *run.rejected_rows.order_by("line").values_list("line", flat=True)
    ]
    assert [reason for _line, reason in found["rejections"]] == [
        *run.rejected_rows.order_by("line").values_list("reason", flat=True)
    ]


def test_dry_run_says_whether_an_entry_is_new_corrected_or_withdrawn(office, court, case):
    withdrawn, corrected = row(case), row(case)
    import_rows(enumerate([withdrawn, corrected], start=2), source=ImportRun.Source.COMMAND)
    rows = [withdrawn | {"withdrawn": "1"}, corrected | {"detail": "更正"}, row(case)]

    page = upload(office, court, export(*({"withdrawn": "", "detail": ""} | one for one in rows)))

    cells = BeautifulSoup(page.content, "html.parser").select("table.listing tbody td:last-child")
    assert [cell.get_text(strip=True) for cell in cells[:3]] == ["撤銷", "更正", "新增"]


@pytest.mark.parametrize(("kind", "people"), [("paper_filed", 1), ("decided", 2)])
def test_dry_run_counts_only_people_who_want_such_news(office, court, case, kind, people):
    make_kind("paper_filed", stage="filing")
    make_kind("decided", stage="disposition")
    wanted = CaseAccess.MailPreference
    make_access(make_user(), case)
    make_access(make_user(), case, mail_preference=wanted.IMPORTANT)
    make_access(make_user(), case, mail_preference=wanted.NONE)
    make_access(make_user(is_active=False), case)

    assert upload(office, court, export(row(case, kind=kind))).context["result"]["people"] == people


def test_file_after_its_dry_run_is_taken_once_and_gone(office, court, case, clerk):
    make_access(make_user(), case)
    upload(office, court, export(row(case)))
    url = page_of(IncomingFile.objects.get())

    office.post(url)
    page = office.post(url, follow=True)

    run = ImportRun.objects.get()
    assert page.redirect_chain[-1][0] == reverse("office_imports:inspect", args=[run.pk])
    assert (run.source, run.court, run.started_by) == (ImportRun.Source.UPLOAD, court, clerk)
    assert ProgressEntry.objects.count() == 1
    assert OutgoingMail.objects.filter(kind=OutgoingMail.Kind.PROGRESS).count() == 1
    assert not IncomingFilePart.objects.exists()


def test_a_file_of_several_pieces_is_put_together_again(office, court, case, monkeypatch):
    monkeypatch.setattr(upload_views, "PIECE", 7)

    page = upload(office, court, export(row(case), row(case)))

    assert page.context["result"]["counts"]["created"] == 2
    assert IncomingFilePart.objects.count() > 10


def test_the_page_follows_a_worker_that_has_not_begun(office, court, case, worker):
    worker.is_away = True

    page = upload(office, court, export(row(case)))

    assert page.context["upload"].state == IncomingFile.State.DRY_RUN
    assert b"<progress" in page.content
    piece = office.get(reverse("office_imports:upload_progress", args=[page.context["upload"].pk]))
    assert b"data-office-over" not in piece.content


def test_the_clock_finds_what_no_worker_was_told_of(office, court, case, worker):
    worker.is_away = True
    upload(office, court, export(row(case)))

    assert incoming_files.enqueue_waiting() == 1
    assert IncomingFile.objects.get().state == IncomingFile.State.READY
    assert incoming_files.enqueue_waiting() == 0


def test_an_import_whose_worker_died_is_completed_by_another(office, court, case, monkeypatch):
    make_access(make_user(), case)
    monkeypatch.setattr(batches, "BATCH", 1)
    upload(office, court, export(*(row(case) for _ in range(3))))
    stored = runs.store

    def die_at_the_second(run, batch):
        if batch.first > 2:
            raise SystemExit
        stored(run, batch)

    monkeypatch.setattr(runs, "store", die_at_the_second)
    with pytest.raises(SystemExit):
        office.post(page_of(IncomingFile.objects.get()))
    monkeypatch.setattr(runs, "store", stored)

    incoming_files.enqueue_waiting()

    run = ImportRun.objects.get()
    assert (run.state, run.rows_created, run.rows_unchanged) == (ImportRun.State.DONE, 3, 0)
    assert IncomingFile.objects.get().state == IncomingFile.State.IMPORTED
    assert OutgoingMail.objects.get(kind="progress").state == OutgoingMail.State.WAITING


def test_a_file_over_which_worker_after_worker_dies_is_left_alone(office, court, case, worker, monkeypatch):
    monkeypatch.setattr(runs, "store", lambda run, batch: sys.exit())
    upload(office, court, export(row(case)))
    with pytest.raises(SystemExit):
        office.post(page_of(IncomingFile.objects.get()))

    for _ in range(runs.MOST_TRIES - 1):
        with pytest.raises(SystemExit):
            incoming_files.process.call_local(IncomingFile.objects.get().pk)
    incoming_files.process.call_local(IncomingFile.objects.get().pk)

    assert IncomingFile.objects.get().state == IncomingFile.State.STOPPED
    assert ImportRun.objects.get().state == ImportRun.State.ABORTED


def test_a_stopped_import_keeps_what_it_took_and_the_rest_can_be_taken(
    office, court, case, clerk, monkeypatch
):
    make_access(make_user(), case)
    monkeypatch.setattr(batches, "BATCH", 1)
    upload(office, court, export(*(row(case) for _ in range(3))))
    stored = runs.store

    def stopped_after_the_first(run, batch):
        if batch.first > 2:
            office.post(reverse("office_imports:stop", args=[run.pk]))
        stored(run, batch)

    monkeypatch.setattr(runs, "store", stopped_after_the_first)
    office.post(page_of(IncomingFile.objects.get()))
    monkeypatch.setattr(runs, "store", stored)

    run = ImportRun.objects.get()
    assert (run.state, run.rows_created) == (ImportRun.State.STOPPED, 1)
    assert OutgoingMail.objects.get(kind="progress").state == OutgoingMail.State.WAITING
    assert CourtLogEntry.objects.filter(action="cpor_cases.import.stop", user=clerk).exists()
    assert b"<form" in office.get(reverse("office_imports:inspect", args=[run.pk])).content

    office.post(page_of(IncomingFile.objects.get()))

    assert ImportRun.objects.latest("pk").rows_created == 2
    assert ProgressEntry.objects.count() == 3


def test_while_another_file_of_the_court_is_being_taken_it_waits_and_its_page_says_so(
    office, court, case, another_holds_the_lock_of
):
    upload(office, court, export(row(case)))
    make_run(court=court, source=ImportRun.Source.API, state=ImportRun.State.RUNNING, ended_at=None)
    url = page_of(IncomingFile.objects.get())

    with another_holds_the_lock_of(court, is_small=True):
        page = office.post(url, follow=True)

    assert ImportRun.objects.get(source="upload").state == ImportRun.State.WAITING
    assert "本院另一檔案正在匯入" in page.content.decode()
    incoming_files.enqueue_waiting()
    assert ProgressEntry.objects.count() == 1


def test_a_dry_run_waits_while_another_file_of_the_court_is_in_hand_and_no_other_courts_does(
    office, court, other_court, case, clerk, clerk_elsewhere, another_holds_the_lock_of
):
    with another_holds_the_lock_of(court, is_small=True):
        upload(office, court, export(row(case)))
        elsewhere = uploads.receive(
            "small.csv", [export(row(case)).read()], court=other_court, by=clerk_elsewhere
        )
        incoming_files.process.call_local(elsewhere.pk)

    assert IncomingFile.objects.get(court=court).state == IncomingFile.State.DRY_RUN
    assert IncomingFile.objects.get(court=other_court).state == IncomingFile.State.READY
    incoming_files.enqueue_waiting()
    assert IncomingFile.objects.get(court=court).state == IncomingFile.State.READY


def test_a_run_for_all_courts_does_not_hold_up_a_dry_run(office, court, case, another_holds_the_lock_of):
    with another_holds_the_lock_of(None):
        upload(office, court, export(row(case)))

        assert IncomingFile.objects.get().state == IncomingFile.State.READY


def test_the_next_file_is_of_the_court_that_was_served_least_recently(
    court, other_court, clerk, clerk_elsewhere
):
    now = timezone.now()
    served = [(court, clerk, now), (other_court, clerk_elsewhere, now - dt.timedelta(minutes=10))]
    for its_court, its_clerk, at in served:
        IncomingFile.objects.create(
            court=its_court, clerk=its_clerk, file_name="a", state="ready", claimed_at=at
        )
    waiting = [
        IncomingFile.objects.create(court=court, clerk=clerk, file_name=f"{n}", state="dry_run")
        for n in range(3)
    ]
    elsewhere = IncomingFile.objects.create(
        court=other_court, clerk=clerk_elsewhere, file_name="b", state="dry_run"
    )

    assert IncomingFile.objects.in_work().first_of_each_lane() == [elsewhere, waiting[0]]


def test_a_discarded_file_is_gone_and_on_record(office, court, case, clerk):
    upload(office, court, export(row(case)))

    office.post(reverse("office_imports:discard", args=[IncomingFile.objects.get().pk]))

    assert not IncomingFile.objects.exists()
    assert CourtLogEntry.objects.filter(action="cpor_cases.upload.discard", user=clerk, court=court).exists()


def test_the_file_of_yesterday_is_gone(office, court, case):
    upload(office, court, export(row(case)))

    retention.delete_incoming_files(timezone.now() + dt.timedelta(hours=25))

    assert not IncomingFile.objects.exists()
    assert not IncomingFilePart.objects.exists()


def test_rows_of_another_court_are_rejected(office, court, case, other_court):
    elsewhere = make_case(other_court)

    result = upload(office, court, export(row(elsewhere))).context["result"]

    assert result["counts"]["rejected"] == 1


def test_file_cannot_be_uploaded_for_another_court(office, other_court, case):
    answer = upload(office, other_court, export(row(case)))

    assert answer.context["form"].errors["court"]
    assert not IncomingFile.objects.exists()


def test_file_of_another_court_is_not_there(office, client, court, case, clerk_elsewhere):
    upload(office, court, export(row(case)))
    key = IncomingFile.objects.get().pk
    client.force_login(clerk_elsewhere)

    for name in ("dry_run", "upload_progress", "discard"):
        for method in (client.get, client.post):
            assert method(reverse(f"office_imports:{name}", args=[key])).status_code in {404, 405}
    assert not ImportRun.objects.exists()
    assert IncomingFile.objects.exists()


def test_a_clerk_who_left_the_court_takes_nothing_more_there(office, court, case, clerk):
    upload(office, court, export(row(case)))
    clerk.posts.all().delete()

    office.post(page_of(IncomingFile.objects.get()))

    assert not ImportRun.objects.exists()


def test_only_its_clerk_can_stop_an_import(client, court, other_court, clerk_elsewhere):
    run = make_run(court=court, state="running", ended_at=None)
    client.force_login(clerk_elsewhere)

    assert client.post(reverse("office_imports:stop", args=[run.pk])).status_code == 404
    assert client.get(reverse("office_imports:progress", args=[run.pk])).status_code == 404


@pytest.mark.parametrize("language", ["zh-hant", "en"])
def test_the_figures_of_a_running_import_are_made_anew_with_its_bar(office, court, language):
    run = make_run(
        court=court,
        state="running",
        ended_at=None,
        rows_read=1_200_000,
        rows_created=123_456,
        rows_rejected=7,
    )

    for name in ("progress", "inspect"):
        page = office.get(
            reverse(f"office_imports:{name}", args=[run.pk]), headers={"accept-language": language}
        ).content.decode()

        assert page.count("<dd>1,200,000</dd>") == 1
        assert page.count("<dd>123,456</dd>") == 1


@pytest.mark.parametrize("content", [b"%PDF-1.7", b"a,b\n1,2\n"])
def test_what_is_no_export_gets_a_sentence(office, court, content):
    page = upload(office, court, SimpleUploadedFile("x.csv", content))

    assert page.context["upload"].state == IncomingFile.State.UNREADABLE
    assert page.context["upload"].failure in html.unescape(page.content.decode())
    assert not IncomingFilePart.objects.exists()


def test_an_empty_file_gets_a_sentence(office, court):
    assert upload(office, court, SimpleUploadedFile("x.csv", b"")).context["form"].errors["file"]


def test_too_large_a_file_is_refused(office, court, case, monkeypatch):
    monkeypatch.setattr(uploads, "MOST_BYTES", 10)

    assert upload(office, court, export(row(case))).context["form"].errors["file"]


@pytest.mark.parametrize("detail", ["=1+1", "＝1＋1"])
def test_rejected_rows_come_back_as_a_file_that_can_be_corrected_and_sent(office, court, case, detail):
    run = make_run(court=court, rows_read=1, rows_rejected=1)
    RejectedRow.objects.create(run=run, line=2, reason="why", row=row(case, detail=detail))

    answer = office.get(reverse("office_imports:rejected", args=[run.pk]))
    again = upload(office, court, SimpleUploadedFile("again.csv", answer.content))

    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert again.context["result"]["counts"]["created"] == 1
    assert again.context["result"]["entries"][0]["detail"] == detail


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("=A1", "'=A1"),
        ("@x", "'@x"),
        ("-1", "-1"),
        ("-1.5", "-1.5"),
        ("-x", "'-x"),
        ("王", "王"),
        (None, ""),
        ("＝1＋1", "'＝1＋1"),
        ("－1", "'－1"),
        ("＠A1", "'＠A1"),
        ("\n=1", "'\n=1"),
    ],
)
def test_formulas_are_defused(value, text):
    assert defuse(value) == text


def unfinished(client):
    return [upload.file_name for upload in client.get(reverse("office_imports:index")).context["unfinished"]]


def test_file_one_walked_away_from_is_found_again_among_the_imports(
    office, court, case, worker, client, clerk_elsewhere
):
    worker.is_away = True
    upload(office, court, export(row(case)))
    found = IncomingFile.objects.get()

    assert unfinished(office) == ["export.csv"]  # being read
    incoming_files.process.call_local(found.pk)
    page = office.get(reverse("office_imports:index")).content.decode()
    assert page_of(found) in page  # waits for a word
    worker.is_away = False
    office.post(page_of(found))
    assert unfinished(office) == []  # taken: it is in the list of imports

    client.force_login(clerk_elsewhere)
    IncomingFile.objects.update(state=IncomingFile.State.READY)
    assert unfinished(client) == []


class Killed(BaseException):
    """Ends a worker at once."""


def test_whatever_breaks_a_dry_run_off_ends_it_with_a_sentence(office, court, case, monkeypatch, caplog):
    def fail(*_args, **_kwargs):
        raise OverflowError("of the end of time")

    monkeypatch.setattr(incoming_files, "simulate", fail)

    page = upload(office, court, export(row(case)))

    found = page.context["upload"]
    assert (found.state, found.tries) == (IncomingFile.State.UNREADABLE, 1)
    assert found.failure in html.unescape(page.content.decode())
    assert "of the end of time" in caplog.text
    assert not IncomingFilePart.objects.exists()
    assert not IncomingFile.objects.in_work().exists()


def test_a_full_disk_ends_a_dry_run_with_a_sentence(office, court, case, monkeypatch):
    def full(*_args, **_kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(incoming_files.tempfile, "NamedTemporaryFile", full)

    assert upload(office, court, export(row(case))).context["upload"].state == IncomingFile.State.UNREADABLE


def test_a_file_over_which_workers_die_is_left_alone_after_as_many_tries_as_an_import(
    office, court, case, monkeypatch
):
    def die(*_args, **_kwargs):
        raise Killed

    monkeypatch.setattr(incoming_files, "simulate", die)
    with pytest.raises(Killed):
        upload(office, court, export(row(case)))
    found = IncomingFile.objects.get()

    for _further in range(MOST_TRIES - 1):
        with pytest.raises(Killed):
            incoming_files.process.call_local(found.pk)
    incoming_files.process.call_local(found.pk)

    found.refresh_from_db()
    assert (found.state, found.tries) == (IncomingFile.State.UNREADABLE, MOST_TRIES)
    assert str(MOST_TRIES) in found.failure
    assert not IncomingFilePart.objects.exists()


def test_the_end_of_time_in_an_upload_is_a_rejected_row(office, court, case):
    far = [
        row(case, recorded_at=f"9999-12-31T23:59:59.9999999{zone}") for zone in ("-12:00", "Z", "+14:00", "")
    ]

    page = upload(office, court, export(row(case), *far))

    assert page.context["result"]["counts"]["created"] == 1
    assert page.context["result"]["counts"]["rejected"] == 4
