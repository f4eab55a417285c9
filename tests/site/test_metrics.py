"""/metrics is closed unless it is opened, names nobody, and has each figure that an alert asks for."""

import os
import re
import subprocess
import sys
from contextlib import contextmanager

import pytest
import yaml
from django.conf import settings as project_settings
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from cpor_cases.mail import delivery
from cpor_cases.models import CourtRhythm, OutgoingMail
from cpor_core.circuit_breaker import QUEUE_FILE
from cpor_core.task_queue import enqueue
from cpor_site.metrics import counters, figures
from tests import factories

pytestmark = pytest.mark.django_db

ROOT = project_settings.BASE_DIR
TOKEN = "a-token-that-only-prometheus-has-0123"  # noqa: S105 (of a test)
OF_PROMETHEUS = {"up"}


@pytest.fixture
def opened(settings):
    """A site that counts, asked by whoever has the token."""
    settings.METRICS_TOKEN = TOKEN
    counters.connect()
    yield Client(headers={"Authorization": f"Bearer {TOKEN}"})
    for signal in (
        counters.access_log.answered,
        counters.task_queue.task_done,
        counters.queue.ended,
        counters.security_log.recorded,
    ):
        signal.disconnect(dispatch_uid="metrics")


def read(client) -> dict[str, dict[tuple, float]]:
    answer = client.get("/metrics")
    assert answer.status_code == 200
    found: dict[str, dict[tuple, float]] = {}
    for family in text_string_to_metric_families(answer.content.decode()):
        for sample in family.samples:
            found.setdefault(sample.name, {})[tuple(sorted(sample.labels.items()))] = sample.value
    return found


def test_it_is_not_there_unless_a_setting_opens_it(client):
    answer = client.get("/metrics", follow=True)  # an address like any other: perhaps a page is called so

    assert answer.status_code == 404


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer wrong"},
        {"Authorization": f"Basic {TOKEN}"},
        {"Authorization": "Bearer 王"},
    ],
)
def test_without_the_token_it_is_not_there(opened, headers):
    assert Client(headers=headers).get("/metrics").status_code == 404


@pytest.mark.parametrize(
    ("facts", "status"),
    [
        ({"REMOTE_ADDR": "127.0.0.1"}, 200),
        ({"REMOTE_ADDR": "::1"}, 200),
        ({"REMOTE_ADDR": "192.0.2.1"}, 404),
        ({"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "192.0.2.1"}, 404),
        ({"REMOTE_ADDR": ""}, 404),
    ],
)
def test_this_machine_alone_asks_without_a_token_where_that_is_allowed(settings, facts, status):
    settings.METRICS_FROM_LOOPBACK = True

    assert Client().get("/metrics", **facts).status_code == status


def test_requests_are_counted_by_view_and_status(opened, client):
    before = read(opened).get("cpor_requests_total", {})

    client.get("/case-words/")
    client.get("/nowhere/at/all/")

    after = read(opened)
    new = {
        dict(labels)["status"]
        for labels, count in after["cpor_requests_total"].items()
        if count > before.get(labels, 0)
    }
    assert "404" in new
    assert any(dict(labels)["route"] for labels in after["cpor_request_seconds_count"])


def test_mails_are_told_by_state_and_large_domain_and_by_no_other(opened):
    for address in ("a@gmail.com", "b@wang-daming.example", "c@li.example"):
        OutgoingMail.objects.create(kind="welcome", account=factories.make_user(), address=address)

    found = read(opened)

    waiting = {dict(labels)["domain"]: count for labels, count in found["cpor_mails"].items()}
    assert waiting == {"gmail.com": 1, "other": 2}
    assert "wang-daming" not in opened.get("/metrics").content.decode()


def test_how_long_a_mail_took_and_how_it_ended(opened, litigant):
    key = (("domain", "other"), ("state", "sent"))
    before = read(opened).get("cpor_mails_ended_total", {}).get(key, 0)
    OutgoingMail.objects.create(kind="welcome", account=litigant, address=litigant.email)

    delivery.deliver.call_local()

    found = read(opened)
    assert found["cpor_mails_ended_total"][key] == before + 1
    assert found["cpor_mail_seconds_count"][()] >= 1


def test_what_people_have_not_been_told_is_late_from_each_limit_on(opened, litigant):
    for seconds in (5, 30, 700):
        accepted_at = timezone.now() - timezone.timedelta(seconds=seconds)
        OutgoingMail.objects.create(kind="welcome", account=litigant, accepted_at=accepted_at)

    late = read(opened)["cpor_mails_late"]

    assert {dict(labels)["seconds"]: count for labels, count in late.items()} == {"10": 2, "60": 1, "600": 1}


def test_the_time_to_know_is_told_by_kind(opened, litigant):
    key = (("kind", "welcome"),)
    before = read(opened).get("cpor_time_to_know_seconds_count", {}).get(key, 0)
    OutgoingMail.objects.create(kind="welcome", account=litigant, address=litigant.email)

    delivery.deliver.call_local()

    assert read(opened)["cpor_time_to_know_seconds_count"][key] == before + 1


def test_a_failed_log_in_is_counted(opened, client):
    key = (("event", "login"), ("outcome", "failure"))
    before = read(opened).get("cpor_security_events_total", {}).get(key, 0)

    client.post("/accounts/login/", {"login": "nobody", "password": "wrong"})

    assert read(opened)["cpor_security_events_total"][key] == before + 1


def test_the_age_of_each_courts_data_and_of_the_oldest_mail(opened, court, litigant):
    long_ago = timezone.now() - timezone.timedelta(hours=2)
    factories.make_run(court=court, source="api", ended_at=long_ago)
    OutgoingMail.objects.create(kind="welcome", account=litigant, address="x@y.example", not_before=long_ago)

    found = read(opened)

    assert found["cpor_court_data_age_seconds"][(("court", "TPD"),)] == pytest.approx(7200, abs=60)
    assert found["cpor_mail_oldest_seconds"][()] == pytest.approx(7200, abs=60)


def test_a_worker_that_never_ran_is_gone(opened):
    assert read(opened)["cpor_worker_tick_seconds"][()] == float("inf")


def test_what_cannot_be_read_is_left_out_and_the_rest_is_told(opened, monkeypatch):
    def fails():
        raise OSError

    monkeypatch.setitem(figures.PARTS, "mails", fails)

    found = read(opened)

    assert found["cpor_up"][(("part", "mails"),)] == 0
    assert found["cpor_up"][(("part", "worker"),)] == 1


def test_a_breaker_that_is_open_is_told(opened):
    with QUEUE_FILE_is_open():
        assert read(opened)["cpor_breaker_open"][(("name", "queue_file"),)] == 1
    assert read(opened)["cpor_breaker_open"][(("name", "queue_file"),)] == 0


@contextmanager
def QUEUE_FILE_is_open():
    QUEUE_FILE._note_failure(OSError())
    yield
    QUEUE_FILE.reset()


def test_no_label_names_anybody(opened, client, court):
    person = factories.make_user("wang.daming", email="wang@daming.example")
    client.force_login(person)
    client.get("/cases/")
    client.get("/cases/wang.daming/?q=wang@daming.example")

    told = opened.get("/metrics").content.decode()

    assert "daming" not in told
    assert "/cases/" not in told


COUNT = """
import django, sys
django.setup()
from django.test import Client
for _ in range(int(sys.argv[1])):
    Client(raise_request_exception=False).get("/nowhere/")
print(Client(headers={"Authorization": "Bearer %s"}).get("/metrics").content.decode())
"""


def test_several_processes_count_together(tmp_path):
    made_up = {
        "VAR_DIR": str(tmp_path),
        "METRICS_TOKEN": TOKEN,
        "DJANGO_SETTINGS_MODULE": "cpor_site.settings.test",
    }
    environment = os.environ | made_up | {"PYTHONPATH": f"{ROOT}:{ROOT / 'site'}"}

    def run(times: int) -> str:
        done = subprocess.run(
            [sys.executable, "-c", COUNT % TOKEN, str(times)],
            env=environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    run(2)
    counted = re.findall(r'cpor_requests_total\{[^}]*status="(?:404|500|503)"[^}]*\} (\S+)', run(3))

    assert sum(map(float, counted)) == 5


# The alerts and the runbook


ALERTS = yaml.safe_load((ROOT / "deploy" / "alerts.yaml").read_text(encoding="utf-8"))
RULES = [rule for group in ALERTS["groups"] for rule in group["rules"]]
RUNBOOK = (ROOT / "docs" / "runbook.md").read_text(encoding="utf-8")


def names_in(expression: str) -> set[str]:
    """The metrics of an expression: words that are no function, label, keyword or unit."""
    without_labels = re.sub(r"\{[^}]*\}|\b(?:by|without)\s*\([^)]*\)", "", expression)
    return set(re.findall(r"\b(?:cpor_\w+|up)\b", without_labels))


def test_each_alert_asks_for_figures_that_are_told(opened, client, court, litigant):
    factories.make_run(court=court, source="api", ended_at=timezone.now())
    tried = {"attempts": 1, "last_answer": "450 4.2.0 later"}
    later = timezone.now() + timezone.timedelta(hours=1)
    OutgoingMail.objects.create(
        kind="welcome", account=litigant, address="x@y.example", next_attempt_at=later, **tried
    )
    client.post("/accounts/login/", {"login": "nobody", "password": "wrong"})
    enqueue(delivery.deliver)
    counters.MAILS.labels("failed", "other").inc(0)
    counters.TASKS.labels("x", "failed").inc(0)
    counters.TIME_TO_KNOW.labels("activation").observe(0)
    CourtRhythm.objects.create(court=court)

    told = read(opened)

    for rule in RULES:
        assert names_in(rule["expr"]), rule["alert"]
        assert names_in(rule["expr"]) - OF_PROMETHEUS <= set(told), rule["alert"]


def test_each_alert_asks_for_labels_that_are_told(opened):
    known = {
        "route",
        "status",
        "task",
        "outcome",
        "state",
        "domain",
        "event",
        "part",
        "meaning",
        "court",
        "name",
        "kind",
        "seconds",
    }

    for rule in RULES:
        asked = set(re.findall(r"(\w+)\s*(?:=~|!=|=)\s*\"", rule["expr"]))
        assert asked <= known | {"job"}, rule["alert"]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_each_alert_is_whole_and_has_its_section(rule):
    section = re.search(rf"^## {rule['alert']}\n\n(.*?)(?=^## |\Z)", RUNBOOK, re.MULTILINE | re.DOTALL)

    assert rule["labels"]["severity"] in {"page", "ticket"}
    assert rule["annotations"]["summary"].endswith(".")
    assert rule["expr"].count("(") == rule["expr"].count(")")
    assert section is not None
    for part in ("Means", "Check", "Do"):
        assert f"- **{part}**: " in section[1]


def test_the_runbook_has_no_section_of_an_alert_that_is_gone():
    assert set(re.findall(r"^## (\w+)$", RUNBOOK, re.MULTILINE)) == {rule["alert"] for rule in RULES}


@pytest.mark.parametrize("text", ["short", "x" * 31, "with blanks " * 4])
def test_a_token_that_can_be_guessed_is_refused(text):
    from cpor_site.settings import values

    with pytest.raises(values.Refused):
        values.bearer_token(text)
    assert values.bearer_token(TOKEN) == TOKEN
