"""/healthz and /readyz: what a supervisor, a load balancer and a monitor ask."""

import datetime as dt
from types import SimpleNamespace

import pytest
import redis
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from cpor_cases import tasks
from cpor_cases.mail import notifications, throttle
from cpor_cases.models import ImportRun, OutgoingMail
from cpor_site.health import installation, machine
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def lines(client):
    """Ask /readyz; return its status, and its lines by name."""

    def ask():
        answer = client.get("/readyz")
        assert answer["Content-Type"].startswith("text/plain")
        return answer.status_code, dict(line.split(": ", 1) for line in answer.content.decode().splitlines())

    return ask


@pytest.fixture
def late_mail(litigant):
    def post(minutes, **over):
        notifications.account_notice(litigant, "password_changed")
        then = timezone.now() - dt.timedelta(minutes=minutes)
        OutgoingMail.objects.update(not_before=then, next_attempt_at=then, **over)

    return post


def test_a_process_that_answers_is_alive_whatever_else_is_broken(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get("/healthz").content == b"ok\n"


def test_a_healthy_site_says_so(lines):
    tasks.deliver_due_mail.call_local()

    status, said = lines()

    assert status == 200
    assert set(said) == {
        *(
            "Database",
            "Migrations",
            "Static",
            "Media",
            "Disk",
            "Queue",
            "Worker",
            "Mail",
            "Returned",
            "Imports",
            "Record",
        ),
    }
    assert all(words.startswith("OK") for words in said.values())


@pytest.mark.parametrize("host", ["10.0.0.7:8000", "[fd00::7]", "another.example", "no such host!"])
@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_both_answer_by_every_name_and_address(client, settings, host, path):
    settings.ALLOWED_HOSTS = ["cpor.court.example"]
    settings.SECURE_SSL_REDIRECT, settings.SECURE_REDIRECT_EXEMPT = True, [r"^healthz$", r"^readyz$"]

    assert client.get(path, headers={"host": host}).status_code == 200


def test_a_process_whose_migrations_are_not_applied_gets_no_visitors(lines, monkeypatch):
    monkeypatch.setattr(installation.Migrations, "were_complete", False)
    [newest] = MigrationLoader(connection).graph.leaf_nodes("cpor_site")
    MigrationRecorder(connection).record_unapplied(*newest)

    status, said = lines()

    assert status == 503
    assert said["Migrations"] == f"UNAVAILABLE, not applied: {'.'.join(newest)}: run manage.py setup"


def test_migrations_that_were_complete_are_not_looked_for_again(client, monkeypatch):
    monkeypatch.setattr(installation.Migrations, "were_complete", False)
    client.get("/readyz")
    monkeypatch.setattr(installation, "_unapplied", lambda: pytest.fail("looked for again"))

    assert client.get("/readyz").status_code == 200


@pytest.fixture
def manifest(monkeypatch, tmp_path):
    """Return what makes a storage of static files, as production has it, of the process and of the disk."""

    def make(*, known: bool, stored: bool):
        storage = ManifestStaticFilesStorage(location=tmp_path, base_url="/static/")
        if stored:
            storage.hashed_files = {"a.css": "a.0123456789ab.css"}
            storage.save_manifest()
        storage.hashed_files = {"a.css": "a.0123456789ab.css"} if known else {}
        monkeypatch.setattr(installation, "staticfiles_storage", storage)
        return storage

    return make


@pytest.mark.parametrize(
    ("known", "stored", "status", "words"),
    [
        (True, True, 200, "OK"),
        (True, False, 503, "UNAVAILABLE, not collected: run manage.py setup, then start the web server anew"),
        (False, True, 503, "UNAVAILABLE, collected after the start: start the web server anew"),
    ],
)
def test_a_process_that_does_not_know_the_static_files_gets_no_visitors(
    lines, manifest, known, stored, status, words
):
    manifest(known=known, stored=stored)

    answered, said = lines()

    assert (answered, said["Static"]) == (status, words)


def test_static_files_that_are_newer_than_the_process_are_told(lines, manifest):
    manifest(known=True, stored=True).manifest_hash = "of before"

    status, said = lines()

    assert (status, said["Static"]) == (200, "WARNING, newer than this process: start the web server anew")


def test_a_folder_of_media_that_is_not_mounted_is_told(lines, settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path / "share")

    status, said = lines()

    assert status == 200
    assert said["Media"] == f"WARNING, {tmp_path}/share is not there: documents and pictures are missing"


@pytest.mark.parametrize(
    ("free", "status", "words"),
    [
        (3000, 200, "OK, 3000 MB free in"),
        (499, 200, "WARNING, 499 MB free in"),
        (19, 503, "UNAVAILABLE, 19 MB free in"),
    ],
)
def test_a_disk_that_fills_up_is_told_before_it_is_full(lines, monkeypatch, free, status, words):
    monkeypatch.setattr(machine.shutil, "disk_usage", lambda folder: SimpleNamespace(free=free << 20))

    answered, said = lines()

    assert answered == status
    assert said["Disk"].startswith(words)


def test_the_fullest_disk_is_told(lines, monkeypatch, settings):
    free_space = {settings.MEDIA_ROOT: 600}
    monkeypatch.setattr(
        machine.shutil, "disk_usage", lambda folder: SimpleNamespace(free=free_space.get(folder, 9000) << 20)
    )

    assert lines()[1]["Disk"] == "OK, 600 MB free in media"


def test_how_many_mails_wait_and_for_how_long(lines, late_mail):
    late_mail(5)

    _status, said = lines()

    assert said["Mail"] == "OK, 1 due, 1 waiting, the oldest for 5 min"


@pytest.mark.parametrize("attempts", [0, 7], ids=["never tried", "the server is silent"])
def test_mail_that_does_not_leave_is_a_warning_and_takes_no_web_server_away(lines, late_mail, attempts):
    late_mail(16, attempts=attempts, last_answer="ConnectionRefusedError" if attempts else "")

    status, said = lines()

    assert status == 200
    assert said["Mail"].startswith("WARNING, 1 due, 1 waiting, the oldest for 16 min")


@pytest.fixture
def refused_mail(late_mail):
    """A mail that was tried and waits for its next try."""

    def post(minutes, answer, **over):
        late_mail(minutes, last_answer=answer, **{"attempts": 9} | over)
        OutgoingMail.objects.update(next_attempt_at=timezone.now() + dt.timedelta(hours=5))

    return post


REFUSED = [
    "452 4.3.1 disk full, litigant@example.com",
    "ConnectionResetError: litigant@example.com",
    "not written: ValueError",
]


@pytest.mark.parametrize("answer", REFUSED)
def test_mail_that_is_refused_for_hours_is_a_warning_though_none_is_due(lines, refused_mail, answer):
    refused_mail(30 * 60, answer)

    status, said = lines()

    assert status == 200
    assert said["Mail"].startswith(
        "WARNING, 0 due, 1 waiting, the oldest for 1800 min, refused by example.com 1: "
    )
    assert "up to 9 attempts" in said["Mail"]
    assert "litigant" not in said["Mail"]


@pytest.mark.parametrize(
    ("minutes", "answer"), [(20, "451 4.7.1 greylisted"), (600, "452 4.2.2 mailbox full")]
)
def test_a_mail_that_is_to_be_shown_twice_or_a_full_mailbox_is_only_said(
    lines, refused_mail, minutes, answer
):
    refused_mail(minutes, answer, attempts=2)

    assert lines()[1]["Mail"].startswith(
        f"OK, 0 due, 1 waiting, the oldest for {minutes} min, refused by example.com"
    )


def test_a_mail_server_that_sends_nothing_on_is_a_warning_at_once(lines, refused_mail):
    refused_mail(1, "554 5.7.1 <litigant@example.com>: Relay access denied", attempts=1)

    words = lines()[1]["Mail"]

    assert words.startswith("WARNING, 0 due, 1 waiting")
    assert "554 5.7.1 (relay)" in words


def test_a_mail_that_is_not_to_go_yet_does_not_wait(lines, late_mail):
    late_mail(-60)

    assert lines()[1]["Mail"] == "OK, 0 due, 0 waiting"


def test_a_mail_server_that_is_silent_is_named_with_the_reason(lines, late_mail):
    late_mail(1)
    throttle.open_circuit("535 5.7.8 (relay)")

    assert lines()[1]["Mail"].endswith("the mail server does not answer: 535 5.7.8 (relay)")


def test_refusals_are_figures_by_domain(client, refused_mail, other_litigant):
    refused_mail(120, "451 later")
    notifications.account_notice(other_litigant, "password_changed")
    OutgoingMail.objects.filter(account=other_litigant).update(
        address="s@other.example", attempts=2, last_answer="451 x"
    )

    told = client.get("/readyz", {"format": "json"}).json()["Mail"]
    lines = client.get("/readyz", {"format": "openmetrics"}).content.decode().splitlines()

    assert (told["waiting"], told["refused"], told["most_attempts"]) == (2, 2, 9)
    assert told["refused_by"] == {"example.com": 1, "other.example": 1}
    assert 'cpor_mail_refused_by{domain="example.com"} 1' in lines
    assert "cpor_mail_most_attempts 9" in lines


def test_the_check_of_mail_takes_few_queries(client, refused_mail, django_assert_max_num_queries):
    refused_mail(120, "451 later")

    with django_assert_max_num_queries(8):
        client.get("/readyz")


def test_a_minute_that_no_worker_noted_is_a_warning(lines, monkeypatch):
    assert lines()[1]["Worker"].startswith("WARNING, no tick")
    ticked = timezone.now().replace(second=30)
    monkeypatch.setattr(timezone, "now", lambda: ticked)
    tasks.deliver_due_mail.call_local()
    monkeypatch.setattr(timezone, "now", lambda: ticked + dt.timedelta(minutes=4))

    status, said = lines()

    assert (status, said["Worker"]) == (200, "WARNING, no tick for 4 min: is the worker running?")


def test_an_import_that_nobody_takes_in_is_a_warning(lines, court):
    then = timezone.now() - dt.timedelta(minutes=20)
    factories.make_run(
        court=court, source="api", state=ImportRun.State.WAITING, ended_at=None, started_at=then
    )

    assert lines()[1]["Imports"].startswith("WARNING, 1 waiting, the oldest for 20 min")


def test_a_queue_that_cannot_be_reached_is_a_warning_for_every_page_works_without(lines, monkeypatch):
    def refuse():
        raise redis.ConnectionError

    monkeypatch.setattr(machine.HUEY, "pending_count", refuse)

    status, said = lines()

    assert status == 200
    assert said["Queue"].startswith("WARNING, Redis is away")


def test_it_is_told_to_machines_as_well(client, late_mail):
    late_mail(5)

    told = client.get("/readyz", {"format": "json"}).json()

    assert told["Mail"] == {
        "state": "ok",
        "due": 1,
        "waiting": 1,
        "oldest_seconds": pytest.approx(300, abs=5),
        "refused": 0,
        "most_attempts": 0,
        "refused_by": {},
    }


def test_its_figures_are_gauges_for_a_monitor(client, late_mail):
    late_mail(5)

    lines = client.get("/readyz", {"format": "openmetrics"}).content.decode().splitlines()

    assert "cpor_mail_due 1" in lines
    assert "cpor_imports_waiting 0" in lines
    assert lines[-1] == "# EOF"


def test_nobody_is_named_and_nothing_is_kept(client, late_mail, litigant):
    late_mail(30)

    answer = client.get("/readyz")

    assert litigant.email not in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize(
    "visitor",
    [
        {"REMOTE_ADDR": "203.0.113.9"},
        {"HTTP_X_FORWARDED_FOR": "203.0.113.9"},
        {"HTTP_AUTHORIZATION": "Bearer no"},
    ],
)
@pytest.mark.parametrize("form", ["", "json", "openmetrics"])
def test_outsiders_read_the_states_alone(client, settings, refused_mail, visitor, form):
    settings.METRICS_TOKEN = "t" * 40
    refused_mail(120, "451 later")

    told = client.get(
        "/readyz", {"format": form}, **({"REMOTE_ADDR": "192.0.2.1"} | visitor)
    ).content.decode()

    assert "warning" in told.lower() or form == "openmetrics"
    for detail in ("example.com", "451", "refused", "waiting", "cpor_"):
        assert detail not in told


def test_who_has_the_token_reads_the_details_from_afar(client, settings, refused_mail):
    settings.METRICS_TOKEN = "t" * 40
    refused_mail(120, "451 later")

    told = client.get(
        "/readyz", REMOTE_ADDR="192.0.2.1", headers={"authorization": f"Bearer {settings.METRICS_TOKEN}"}
    )

    assert "example.com 1: 451" in told.text
