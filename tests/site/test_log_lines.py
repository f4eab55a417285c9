"""Each line of the log is one JSON object: which request, task, court and token, how long it took, and nothing about a person."""

import json
import logging
import re

import pytest
from django.conf import settings
from django.core import mail
from django.utils import timezone
from huey.contrib.djhuey import HUEY, db_task

from cpor_cases.mail import delivery, notifications
from cpor_cases.models import OutgoingMail
from cpor_core import log_context, request_ids
from cpor_core.log_redaction import RedactionFilter
from cpor_core.task_queue import enqueue
from cpor_site.log_lines import FIELDS
from tests import factories
from tests.support.factors import log_in

pytestmark = pytest.mark.django_db

NAME, ADDRESS, SECRET = "端木清和", "qinghe.duanmu@person.example", "394317adecf84781-1:RM3ixy8SspplRSb"


@pytest.fixture
def lines():
    """All lines that the service writes meanwhile, of every logger, as its handler would write them."""
    from logging.config import dictConfig

    written: list[str] = []

    class Kept(logging.StreamHandler):
        def emit(self, record):
            written.append(self.format(record))

    configuration = json.loads(json.dumps(settings.LOGGING))
    dictConfig(configuration)
    ours = [logging.getLogger(name) for name in ("", "django.server", "huey", "cpor.security")]
    kept = Kept()
    stderr = next(each for each in logging.getLogger().handlers if each.formatter)
    kept.setFormatter(stderr.formatter)
    for each in stderr.filters:
        kept.addFilter(each)
    before = {logger: logger.handlers[:] for logger in ours}
    for logger in ours[:3]:
        logger.handlers = [kept]
    security = logging.StreamHandler()
    security.emit = lambda record: written.append(record.getMessage())
    ours[3].handlers = [security]
    yield written
    for logger, handlers in before.items():
        logger.handlers = handlers


def read(lines, **facts) -> list[dict]:
    found = [json.loads(line) for line in lines]
    return [each for each in found if facts.items() <= each.items()]


def test_the_access_log_has_a_line_for_each_request(client, lines):
    client.get("/case-words/?q=secret", headers={"X-Request-ID": "proxy-1"})
    client.get("/nowhere/at/all/")

    first, second = read(lines, logger="cpor.access")
    assert first["request"] == "proxy-1"
    assert (first["method"], first["level"]) == ("GET", "INFO")
    assert first["ms"] >= 0
    assert second["status"] == 404
    assert not any("secret" in line for line in lines)


def test_a_request_of_an_unreadable_id_gets_another_one(client, lines):
    client.get("/healthz", headers={"X-Request-ID": "a b\x00"})
    client.get("/", headers={"X-Request-ID": "王大明"})

    assert all(
        re.fullmatch(request_ids.PATTERN, each["request"]) for each in read(lines, logger="cpor.access")
    )


def test_what_machines_ask_all_the_time_is_no_line_by_default(client, lines):
    client.get("/healthz")

    assert read(lines, logger="cpor.access") == []


@db_task(name="tests.work")
def work():
    logging.getLogger("cpor_cases").info("at work")


def test_the_id_goes_with_the_task_that_the_request_enqueues(lines):
    with log_context.scope(request="proxy-2"):
        enqueue(work)
    if not HUEY.immediate:
        HUEY.execute(HUEY.dequeue())

    [inside] = read(lines, message="at work")
    [after] = read(lines, logger="cpor.tasks", outcome="done")
    assert (inside["request"], inside["task"]) == ("proxy-2", after["task"])
    assert after["request"] == "proxy-2"
    assert after["ms"] >= 0


def test_a_failed_task_says_so_with_its_time(lines):
    @db_task(name="tests.fails")
    def fails():
        raise ValueError(ADDRESS)

    enqueue(fails)
    if not HUEY.immediate:
        HUEY.execute(HUEY.dequeue())

    assert read(lines, logger="cpor.tasks", outcome="failed")
    assert not any(ADDRESS in line for line in lines)


def test_the_id_goes_with_the_mail_that_the_request_causes(lines, litigant):
    with log_context.scope(request="proxy-3"):
        notifications.password_reset(litigant)

    delivery.deliver.call_local()

    [line] = [each for each in read(lines, request="proxy-3") if "kind" in each]
    assert (line["kind"], line["outcome"]) == ("password_reset", "sent")
    assert line["message"] == f"mail {OutgoingMail.objects.get().pk} has ended"


def test_news_that_were_sent_are_no_line_of_their_own(lines, litigant):
    """An import causes thousands: their rows are the record."""
    lowest = {"kind": "welcome", "account": litigant, "address": litigant.email}
    OutgoingMail.objects.create(**lowest)

    delivery.deliver.call_local()

    assert OutgoingMail.objects.get().state == "sent"
    assert not [each for each in read(lines) if "kind" in each]


def test_a_traceback_is_redacted_and_on_one_line(lines):
    try:
        raise ValueError(f"refused by <{ADDRESS}>")
    except ValueError:
        logging.getLogger("cpor_cases").exception("it failed\nforged", extra={"password": SECRET})

    [line] = read(lines, level="ERROR")
    assert "ValueError" in line["exc_info"]
    assert ADDRESS not in line["exc_info"]
    assert "password" not in line


def test_every_handler_redacts_and_has_a_formatter_of_one_line():
    for handler in settings.LOGGING["handlers"].values():
        assert "redaction" in handler["filters"]
        assert handler["formatter"] in {"json", "json_line"}


@pytest.mark.parametrize("text", ["loud", "5"])
def test_a_level_that_is_none_is_refused(text):
    from cpor_site.settings import values

    with pytest.raises(values.Refused):
        values.log_level(text)
    assert values.log_level("warning") == "WARNING"


def test_a_day_of_work_leaves_no_name_address_case_number_or_token_in_any_line(
    client, court, lines, settings
):
    """Log-ins, wrong ones too, searches, applications, decisions, calls of a court's system, links, mails, failures."""
    clerk = factories.make_clerk(court, "clerk", last_name="王書記")
    application = factories.make_application(
        court, by=clerk, applicant_name=NAME, email=ADDRESS, receipt_number="收文8675309"
    )
    case = factories.make_case(court, number=86753, cause="返還借款")
    token, secret = factories.make_token(court)
    client.post("/accounts/login/", {"login": ADDRESS, "password": "wrong"})
    client.post("/accounts/password/reset/", {"email": ADDRESS})
    log_in(client, clerk)
    client.post("/office/applications/", {"q": NAME})
    client.get(f"/office/applications/?q={ADDRESS}")
    client.get(f"/office/applications/{application.pk}/")
    client.post(f"/office/applications/{application.pk}/approve/")
    client.post("/office/calls/", {"q": f"{NAME} 86753"})
    client.get(f"/office/cases/{case.pk}/")
    client.get(f"/office/nowhere/{ADDRESS}/")
    client.get(f"/{NAME}/{case.number}/")
    for path in (
        f"/accounts/activate/{SECRET}/",
        f"/accounts/2fa/enrol/{SECRET}/",
        f"/cases/known/{SECRET}/",
    ):
        client.get(path)
    client.get(f"/cases/hearings.ics?key={SECRET}")
    headers = {"Authorization": f"Bearer {secret}", "X-Request-ID": "court-1"}
    row = [factories.row(case) | {"detail": NAME}]
    client.post("/api/v1/progress", data=json.dumps(row), content_type="application/json", headers=headers)
    client.post("/api/v1/progress", data="[{", content_type="application/json", headers=headers)
    delivery.deliver.call_local()
    person = application.__class__.objects.get(pk=application.pk).account
    assert person
    assert mail.outbox

    number, words = str(case.full_number), ("返還借款", "收文8675309", "王書記", "86753")
    secrets = (secret, SECRET, client.session.session_key, ADDRESS, ADDRESS.split("@")[0], NAME)
    for line in lines:
        told = json.loads(line)
        for private in (*secrets, *words, number, clerk.username, person.username):
            assert private not in line, line
        if "logger" in told:
            assert set(told) <= set(FIELDS)
    assert len(read(lines, logger="cpor.access")) >= 15
    assert {each["court"] for each in read(lines, token=token.pk)} == {"TPD"}
    assert all(each["time"][:10] == f"{timezone.now():%Y-%m-%d}" for each in map(json.loads, lines))


def test_the_redaction_comes_before_whatever_adds_fields():
    assert settings.LOGGING["handlers"]["stderr"]["filters"][0] == "redaction"
    assert isinstance(RedactionFilter().filter(logging.makeLogRecord({"msg": "x"})), bool)
