"""What the interface promises in its description, kept exactly: kinds of refusals, keys, ids of requests, the token."""

import json
import logging
import re
import uuid

import pytest
from django.conf import settings

from cpor_cases.api import interface
from cpor_cases.api.bodies import KEY_PATTERN
from cpor_cases.api.problems import TYPES
from cpor_cases.intake import incoming_files
from cpor_cases.intake import run as runs
from cpor_cases.intake.columns import HEADINGS
from cpor_cases.models import (
    ApiToken,
    ImportRun,
    IncomingFile,
    IncomingFilePart,
    OutgoingMail,
    ProgressEntry,
    RejectedRow,
)
from cpor_core import conf
from cpor_core.log_context import ContextFilter
from tests.factories import make_run, row

pytestmark = pytest.mark.django_db


@pytest.fixture
def openapi(client):
    return client.get("/api/v1/openapi.json").json()


class TestProblemTypes:
    def kind(self, answer) -> str:
        told = answer.json()
        assert told["status"] == answer.status_code
        address, _, kind = told["type"].partition("#")
        assert address == f"{conf.BASE_URL}/api/v1/docs"
        assert TYPES[kind].status == answer.status_code
        return kind

    def test_each_refusal_has_one_of_its_own(self, case, send, see, client):
        send([row(case)], Idempotency_Key="k")
        answers = {
            "token-missing": send([], token=""),
            "token-invalid": send([], token="x"),
            "idempotency-key-unreadable": send([], Idempotency_Key="k k"),
            "key-reused": send([row(case)], Idempotency_Key="k"),
            "body-incomplete": send("[{", "application/json"),
            "digest-unreadable": send([row(case)], Content_Digest="x"),
            "rows-unreadable": send("%PDF-1.7", "text/csv"),
            "no-rows": send([]),
            "content-unsupported": send("x", "text/html"),
            "length-required": send("x", "text/csv", Transfer_Encoding="chunked"),
            "not-found": see("/api/v1/imports/1000"),
            "method-not-allowed": client.get("/api/v1/progress"),
            "parameter-invalid": see("/api/v1/imports/1000", page="x"),
        }

        assert {name: self.kind(answer) for name, answer in answers.items()} == {
            name: name for name in answers
        }

    @pytest.mark.parametrize("length", ["x", "-1", "1.5", "1" * 30])
    def test_a_length_that_is_no_number_is_refused(self, case, send, length):
        assert self.kind(send([row(case)], Content_Length=length)) == "length-required"

    @pytest.mark.parametrize("language", ["en", "zh-TW"])
    def test_its_address_leads_to_what_explains_it(self, client, language):
        page = client.get("/api/v1/docs", headers={"Accept-Language": language}).content.decode()

        assert all(page.count(f'id="{kind}"') == 1 for kind in TYPES)


class TestRequestId:
    def test_the_callers_is_in_the_answer_the_refusal_and_the_log(self, case, send, caplog):
        caplog.set_level(logging.INFO, "cpor_cases")
        with caplog.filtering(ContextFilter()):
            refused = send("%PDF", "text/csv", X_Request_ID="nightly-17.a")
            taken = send([row(case)], X_Request_ID="nightly-17.b")

        assert refused["X-Request-ID"] == refused.json()["request_id"] == "nightly-17.a"
        assert taken["X-Request-ID"] == "nightly-17.b"
        [line] = [
            each
            for each in caplog.records
            if each.getMessage() == f"import {taken.json()['id']} was received"
        ]
        assert (line.request, line.court) == ("nightly-17.b", "TPD")
        assert line.token
        assert "context" in settings.LOGGING["handlers"]["stderr"]["filters"]

    def test_without_one_there_is_a_new_one(self, see):
        first, second = see("/api/v1/imports/1"), see("/api/v1/imports/1")

        assert uuid.UUID(first["X-Request-ID"]) != uuid.UUID(second["X-Request-ID"])
        assert first.json()["request_id"] == first["X-Request-ID"]

    @pytest.mark.parametrize("given", ["", "a b", "x" * 129, "王", "a\x7f", "a,b", "a@mail.example"])
    def test_one_that_cannot_be_read_is_not_repeated(self, see, client, secret, given):
        answer = client.get(
            "/api/v1/token", headers={"Authorization": f"Bearer {secret}", "X-Request-ID": given}
        )

        assert uuid.UUID(answer["X-Request-ID"])


class TestIdempotencyKey:
    @pytest.mark.parametrize(
        "key", ["a", "A-._~9", "x" * 128, '"quoted-1"', "0f8b4c1e-4c9d-4a86-9d0f-6a1f3c2b7e55"]
    )
    def test_what_follows_the_pattern_is_taken(self, case, send, openapi, key):
        assert re.search(self.pattern(openapi), key)

        assert send([row(case)], Idempotency_Key=key).status_code == 202
        assert IncomingFile.objects.get().idempotency_key == key.strip('"')

    @pytest.mark.parametrize(
        "key",
        [
            "",
            '""',
            '"',
            '"a',
            'a"',
            "a b",
            "a/b",
            "a+b",
            "a,b",
            "a;b",
            "é",
            "鍵",
            "x" * 129,
            "a\x00",
            "\xa0a",
        ],
    )
    def test_what_does_not_is_refused(self, case, send, openapi, key):
        assert not re.search(self.pattern(openapi), key)

        answer = send([row(case)], Idempotency_Key=key)

        assert answer.status_code == 400
        assert answer.json()["type"].endswith("#idempotency-key-unreadable")
        assert not IncomingFile.objects.exists()

    def pattern(self, openapi) -> str:
        parameters = openapi["paths"]["/api/v1/progress"]["post"]["parameters"]
        found = next(each for each in parameters if each["name"] == "Idempotency-Key")
        assert found["schema"]["pattern"] == KEY_PATTERN
        return found["schema"]["pattern"]


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ("[]", "application/json"),
        (" [\n] ", "application/json"),
        ("法院,類別,年度,字別,號,事項序號,日期,進行事項\n", "text/csv"),
    ],
)
def test_a_body_without_rows_is_refused_as_the_schema_says(case, send, openapi, body, content_type):
    answer = send(body, content_type, Idempotency_Key="k")

    content = openapi["paths"]["/api/v1/progress"]["post"]["requestBody"]["content"]
    assert content["application/json"]["schema"]["minItems"] == 1
    assert answer.status_code == 422
    assert not ImportRun.objects.exists()
    assert send([row(case)], Idempotency_Key="k").status_code == 202


def test_202_says_where_the_import_is_found(case, send, see):
    answer = send([row(case)])

    assert answer["Location"] == answer.json()["url"] == f"/api/v1/imports/{answer.json()['id']}"
    assert see(answer["Location"]).status_code == 200


@pytest.mark.parametrize("query", ["row_cuont=1", "dry-run=1", "page=1"])
def test_an_unknown_parameter_is_refused(case, client, secret, query):
    """Else a mistyped one, meant to keep something from being taken, would be passed over."""
    answer = client.post(
        f"/api/v1/progress?{query}",
        json.dumps([row(case)]),
        content_type="application/json",
        headers={"Authorization": f"Bearer {secret}", "Accept-Language": "en"},
    )

    assert answer.status_code == 422
    assert query.split("=")[0] in answer.json()["detail"]
    assert not ImportRun.objects.exists()


def test_the_states_are_those_that_an_import_of_the_interface_can_have(court, see, openapi):
    """A clerk can stop an upload; nobody can stop what came by this interface."""
    assert openapi["components"]["schemas"]["State"]["enum"] == ["waiting", "running", "done", "broken_off"]


def test_a_token_can_be_checked_without_sending_anything(court, client, secret):
    answer = client.get("/api/v1/token", headers={"Authorization": f"Bearer {secret}"})

    told = answer.json()
    token = ApiToken.objects.get()
    assert answer.status_code == 200
    assert (told["court"], told["label"]) == (court.code, token.label)
    assert told["expires_at"][:19] == token.expires_at.isoformat()[:19]
    assert secret not in answer.content.decode()
    assert client.get("/api/v1/token").status_code == 401


class TestRejectedRows:
    """Each has line, column, code and value; the sentence is in the language of who asks, with the headings that were sent."""

    def told(self, see, answer, language):
        address = answer.json()["url"]
        return see(address, language=language).json()["rejected_rows"]

    @pytest.fixture
    def see(self, client, secret):
        def see(address, language="en"):
            return client.get(
                address, headers={"Authorization": f"Bearer {secret}", "Accept-Language": language}
            )

        return see

    def test_sent_under_keys(self, case, send, see, worker):
        answer = worker(lambda: send([row(case), row(case, kind=" ? ")], Accept_Language="zh-TW"))

        (english,) = self.told(see, answer, "en")
        (chinese,) = self.told(see, answer, "zh-TW")

        assert english["row"]["kind"] == " ? "
        assert {name: english[name] for name in ("line", "column", "heading", "code", "value", "reason")} == {
            "line": 2,
            "column": "kind",
            "heading": "kind",
            "code": "unknown_kind",
            "value": " ? ",
            "reason": "kind: “?” is not a kind of progress entry.",
        }
        assert chinese["reason"] == "kind：「?」不是進行事項種類。"

    def test_sent_under_chinese_headings(self, case, send, see, worker):
        sent = {HEADINGS[key]: value for key, value in row(case, recorded_at="115/02/30").items()}
        body = f"{','.join(sent)}\n{','.join(sent.values())}\n"

        (told,) = self.told(see, worker(lambda: send(body, "text/csv")), "en")

        assert (told["line"], told["column"], told["heading"]) == (2, "recorded_at", "日期")
        assert (told["code"], told["value"]) == ("no_such_day", "115/02/30")
        assert told["reason"] == "日期: “115/02/30” is not a day of the calendar."

    def test_a_column_that_was_not_sent_is_called_as_the_others_are(self, case, send, see, worker):
        sent = {HEADINGS[key]: value for key, value in row(case).items() if key not in {"court", "kind"}}

        (told,) = self.told(see, worker(lambda: send([sent])), "en")

        assert (told["column"], told["code"], told["value"]) == ("court", "missing", "")
        assert told["reason"] == "Nothing is given for: 法院, 進行事項."

    def test_a_line_that_is_no_row(self, case, send, see, worker):
        answer = worker(lambda: send(f"{json.dumps(row(case))}\nnonsense\n", "application/x-ndjson"))

        (told,) = self.told(see, answer, "en")

        assert (told["line"], told["column"], told["heading"]) == (2, None, "")
        assert (told["code"], told["value"]) == ("not_json", "nonsense")

    def test_one_that_an_earlier_version_rejected(self, court, see):
        run = make_run(court=court, source="api", rows_rejected=1, rows_read=1)
        RejectedRow.objects.create(run=run, line=2, reason="as it was said then", row={"kind": "?"})

        (told,) = see(f"/api/v1/imports/{run.pk}").json()["rejected_rows"]

        assert (told["code"], told["column"], told["reason"]) == ("other", None, "as it was said then")


def test_an_import_over_which_the_service_failed_says_so_and_quotes_no_row(
    case, send, see, worker, monkeypatch
):
    def fail(run, batch):
        raise RuntimeError("Key (entry_id)=(E-secret) already exists.")

    monkeypatch.setattr(runs, "store", fail)
    address = send([row(case)], Accept_Language="en").json()["url"]
    with pytest.raises(RuntimeError):
        incoming_files.process.call_local(IncomingFile.objects.get().pk)

    told = see(address).json()

    assert told["state"] == "broken_off"
    assert told["failure"].startswith("The service failed during the import.")
    assert "secret" not in told["failure"]


class TestDryRun:
    @pytest.fixture
    def post(self, client, secret):
        def post(body, query="?dry_run=1", **headers):
            names = {name.replace("_", "-"): value for name, value in headers.items()}
            return client.post(
                f"/api/v1/progress{query}",
                json.dumps(body),
                content_type="application/json",
                headers=names | {"Authorization": f"Bearer {secret}", "Accept-Language": "en"},
            )

        return post

    def test_it_says_what_sending_would_do_and_stores_nothing(self, case, other_court, post, worker):
        twice = row(case)
        rows = [twice, twice, row(case, kind="?"), row(case, court=other_court.code)]

        answer = worker(lambda: post(rows, Idempotency_Key="k"))

        assert answer.status_code == 200
        told = answer.json()
        assert told["dry_run"] is True
        assert told["counts"] == {
            "read": 4, "created": 1, "changed": 0, "unchanged": 0, "withdrawn": 0, "rejected": 3, "superseded": 0
        }  # fmt: skip
        assert [(each["line"], each["code"], each["column"]) for each in told["rejected_rows"]] == [
            (1, "later_line_counts", "entry_id"),
            (3, "unknown_kind", "kind"),
            (4, "other_court", "court"),
        ]
        assert told["rejected_rows"][1]["row"]["kind"] == "?"
        stored = (ImportRun, ProgressEntry, RejectedRow, IncomingFile, IncomingFilePart, OutgoingMail)
        assert not any(model.objects.exists() for model in stored)

    def test_the_key_may_then_be_used(self, case, post):
        rows = [row(case)]
        post(rows, Idempotency_Key="k")
        post([row(case)], Idempotency_Key="k")

        assert post(rows, "", Idempotency_Key="k").status_code == 202

    @pytest.mark.parametrize(
        ("body", "query", "status"),
        [([], "?dry_run=1", 422), ([{}], "?dry_run=true&row_count=2", 400), ([{}], "?dry_run=maybe", 422)],
    )
    def test_what_would_be_refused_is_refused(self, case, post, body, query, status):
        assert post(body, query).status_code == status

    def test_it_is_for_trying_out(self, case, post, monkeypatch):
        monkeypatch.setattr(interface, "DRY_RUN_ROWS", 1)

        assert post([row(case)]).status_code == 200
        assert post([row(case), row(case)]).status_code == 413
