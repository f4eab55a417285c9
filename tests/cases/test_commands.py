"""The commands an operator types."""

import csv
import io
from smtplib import SMTPAuthenticationError

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from cpor_cases.mail import notifications
from cpor_cases.models import ImportRun, OutgoingMail, ProgressEntry
from cpor_core.models import Court
from tests import factories
from tests.support.mail_servers import Server

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(court):
    factories.make_word("訴")
    factories.make_kind("judgment")
    return factories.make_case(court)


@pytest.fixture
def export(tmp_path):
    def write(*rows):
        path = tmp_path / "export.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, rows[0])
            writer.writeheader()
            writer.writerows(rows)
        return path

    return write


def run(*args, **options) -> str:
    said = io.StringIO()
    call_command(*args, stdout=said, **options)
    return said.getvalue()


def test_import_progress_says_what_became_of_every_row(case, export):
    said = run("import_progress", export(factories.row(case), factories.row(case)))

    assert "read: 2" in said
    assert "created: 2" in said
    assert "rejected: 0" in said


def test_import_progress_exits_3_and_says_where_rejected_rows_are(case, export):
    said = io.StringIO()

    with pytest.raises(SystemExit) as exit, translation.override("en"):
        call_command(
            "import_progress", export(factories.row(case, kind="?")), court=case.court.code, stdout=said
        )

    assert exit.value.code == 3
    assert "line 2: " in said.getvalue()
    assert f"kept with import {ImportRun.objects.get().pk};" in said.getvalue()


def test_import_progress_takes_one_courts_rows_alone(case, other_court, export):
    theirs = factories.row(factories.make_case(other_court))

    with pytest.raises(SystemExit):
        run("import_progress", export(factories.row(case), theirs), court="tpd")

    assert ProgressEntry.objects.get().case == case


def test_a_dry_run_stores_nothing_and_tells_nobody(case, export, litigant):
    factories.make_access(litigant, case)

    said = run("import_progress", export(factories.row(case)), dry_run=True)

    assert "created: 1" in said
    assert not ProgressEntry.objects.exists()
    assert not ImportRun.objects.exists()
    assert not OutgoingMail.objects.exists()


@pytest.mark.parametrize("content", [None, b"", b"%PDF-1.7"])
def test_a_file_that_is_not_there_or_no_export_gets_a_sentence(db, tmp_path, content):
    path = tmp_path / "export.csv"
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(CommandError, match=r"export\.csv"):
        run("import_progress", path)


def test_reference_data_is_loaded_once_and_leaves_what_was_edited(db):
    run("load_reference_data")
    Court.objects.filter(code="TPD").update(phone="02-2314-6871")

    again = run("load_reference_data")

    assert Court.objects.count() == 38
    assert Court.objects.get(code="TPD").phone == "02-2314-6871"
    assert again.count("0 added") == 7


def test_deliver_mail_sends_what_is_due_without_the_worker(litigant, mailoutbox):
    notifications.password_reset(litigant)

    assert "1 sent" in run("deliver_mail")
    assert len(mailoutbox) == 1


@pytest.fixture
def mail_server(monkeypatch):
    return Server(monkeypatch)


def test_deliver_mail_fails_with_the_reason_when_the_server_cannot_be_spoken_to(litigant, mail_server):
    notifications.account_notice(litigant, "password_changed")
    mail_server.down = SMTPAuthenticationError(535, b"5.7.8 no such log-in, litigant@example.com")

    with pytest.raises(CommandError, match=r"cannot be spoken to: 535 5\.7\.8 \(relay\)") as error:
        run("deliver_mail")

    assert "litigant" not in str(error.value)


def test_deliver_mail_fails_while_mails_that_were_refused_wait_though_none_is_due(litigant, mail_server):
    notifications.account_notice(litigant, "password_changed")
    mail_server.answers[litigant.email] = (452, b"4.3.1 disk full")

    for _ in range(2):  # the second time it is not due
        with pytest.raises(
            CommandError, match=r"1 wait .*\n.*example.com 1: 452 4\.3\.1 \(later\), up to 1 attempts"
        ):
            run("deliver_mail")


def test_deliver_mail_fails_when_a_mail_was_given_up(litigant, mail_server):
    notifications.account_notice(litigant, "password_changed")
    mail_server.answers[litigant.email] = (550, b"5.1.1 no such user")

    with pytest.raises(CommandError, match="1 given up"):
        run("deliver_mail")
    assert "0 sent" in run("deliver_mail")


def test_demo_people_are_never_made_where_a_database_is_configured(db, settings):
    settings.CPOR = settings.CPOR | {"DEMO_DATA_ALLOWED": False}

    with pytest.raises(CommandError, match="DATABASE_URL"):
        run("load_demo_data")
