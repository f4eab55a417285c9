"""A court's system sends progress entries and asks what became of them."""

import base64
import datetime as dt
import gzip
import hashlib
import io
import json
import logging
import uuid

import pytest
from django.core.cache import cache
from django.db import IntegrityError
from django.utils import timezone

from cpor_cases.actions import api_tokens, submissions
from cpor_cases.intake import batches, incoming_files
from cpor_cases.intake import run as runs
from cpor_cases.intake.reading.rows import ROWS_A_BLOCK
from cpor_cases.models import (
    ApiToken,
    ImportRun,
    IncomingFile,
    IncomingFilePart,
    OutgoingMail,
    ProgressEntry,
    RejectedRow,
)
from cpor_core.worker_slots import SLOTS
from tests.factories import make_access, make_clerk, make_run, make_token, row

pytestmark = pytest.mark.django_db


def as_csv(*rows) -> str:
    lines = [",".join(rows[0]), *(",".join(row.values()) for row in rows)]
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("content_type", "written"),
    [
        ("application/json", lambda sent: json.dumps([sent])),
        ("application/json; charset=utf-8", lambda sent: json.dumps([sent], ensure_ascii=False, indent=2)),
        ("application/x-ndjson", json.dumps),
        ("text/csv", as_csv),
        ("text/csv", lambda sent: as_csv(sent).encode("cp950")),
    ],
)
def test_entries_are_accepted_and_taken_in(case, send, see, worker, content_type, written):
    answer = worker(lambda: send(written(row(case)), content_type))

    assert answer.status_code == 202
    told = see(answer.json()["url"]).json()
    assert told["id"] == answer.json()["id"]
    assert told["state"] == "done"
    assert told["counts"] == {
        "read": 1, "created": 1, "changed": 0, "unchanged": 0, "withdrawn": 0, "rejected": 0, "superseded": 0
    }  # fmt: skip
    assert ProgressEntry.objects.get().case == case
    run = ImportRun.objects.get()
    assert (run.source, run.court, run.token) == ("api", case.court, ApiToken.objects.get())


def test_a_gzipped_body_is_taken_in(case, send, worker):
    worker(lambda: send(gzip.compress(json.dumps([row(case)]).encode()), Content_Encoding="gzip"))

    assert ProgressEntry.objects.count() == 1


def test_until_a_worker_comes_the_import_waits_and_its_body_is_kept(case, send, see):
    answer = send([row(case)])

    assert see(answer.json()["url"]).json()["state"] == "waiting"
    assert IncomingFilePart.objects.exists()

    incoming_files.process.call_local(IncomingFile.objects.get().pk)
    assert see(answer.json()["url"]).json()["state"] == "done"
    assert not IncomingFilePart.objects.exists()


def test_two_workers_take_a_submission_in_once(case, send):
    send([row(case)])
    pk = IncomingFile.objects.get().pk

    incoming_files.process.call_local(pk)
    incoming_files.process.call_local(pk)

    assert ImportRun.objects.get().rows_read == 1


def test_an_import_whose_worker_died_is_completed_by_the_next_and_counts_each_row_once(
    case, send, see, litigant, monkeypatch
):
    make_access(litigant, case)
    monkeypatch.setattr(batches, "BATCH", 1)
    address = send([row(case), row(case, kind="?"), row(case), row(case)]).json()["url"]
    stored = runs.store

    def die_at_the_third(run, batch):
        if batch.first > 3:
            raise SystemExit
        stored(run, batch)

    monkeypatch.setattr(runs, "store", die_at_the_third)
    with pytest.raises(SystemExit):
        incoming_files.process.call_local(IncomingFile.objects.get().pk)
    monkeypatch.setattr(runs, "store", stored)
    assert see(address).json()["state"] == "running"

    incoming_files.enqueue_waiting()

    told = see(address).json()
    assert told["state"] == "done"
    assert told["counts"] == {
        "read": 4, "created": 3, "changed": 0, "unchanged": 0, "withdrawn": 0, "rejected": 1, "superseded": 0
    }  # fmt: skip
    assert len(told["rejected_rows"]) == 1
    assert OutgoingMail.objects.get(kind="progress").state == "waiting"
    assert not IncomingFilePart.objects.exists()


def test_the_clock_leaves_to_the_worker_what_the_worker_can_complete(court, case, send):
    send([row(case)])
    runs.start(ImportRun.objects.get())

    assert runs.abort_silent_runs(timezone.now() + 2 * runs.HEARTBEAT_TIMEOUT) == 0

    incoming_files.enqueue_waiting()
    assert ImportRun.objects.get().state == "done"


def test_while_a_file_of_the_court_is_being_taken_the_next_waits(case, send, another_holds_the_lock_of):
    send([row(case)])
    pk = IncomingFile.objects.get().pk

    with another_holds_the_lock_of(case.court, is_small=True):
        incoming_files.process.call_local(pk)
        assert ImportRun.objects.get().state == "waiting"
    incoming_files.process.call_local(pk)

    assert ImportRun.objects.get().state == "done"


@pytest.mark.parametrize("is_of_all_courts", [False, True])
def test_a_large_file_holds_up_no_small_one(case, send, another_holds_the_lock_of, is_of_all_courts):
    send([row(case)])

    with another_holds_the_lock_of(None if is_of_all_courts else case.court):
        incoming_files.enqueue_waiting()

    assert ImportRun.objects.get().state == "done"


def test_a_file_of_another_court_holds_up_none(case, send, other_court, another_holds_the_lock_of):
    send([row(case)])

    with another_holds_the_lock_of(other_court):
        incoming_files.enqueue_waiting()

    assert ImportRun.objects.get().state == "done"


def test_whichever_is_enqueued_the_files_of_a_court_are_taken_in_their_order(case, send):
    entry = row(case, detail="第一次")
    send([entry])
    send([entry | {"detail": "第二次"}])

    incoming_files.process.call_local(IncomingFile.objects.latest("pk").pk)

    assert ProgressEntry.objects.get().detail == "第二次"
    assert list(ImportRun.objects.order_by("pk").values_list("rows_created", "rows_changed")) == [
        (1, 0),
        (0, 1),
    ]


def test_the_last_thread_of_a_worker_is_no_imports(case, send):
    send([row(case)])

    with SLOTS.for_small_file():
        incoming_files.process.call_local(IncomingFile.objects.get().pk)

    assert ImportRun.objects.get().state == "waiting"


def test_a_task_for_what_is_gone_ends_quietly(case, send):
    send([row(case)])
    gone = IncomingFile.objects.get()
    ImportRun.objects.all().delete()  # and what was sent with it

    incoming_files.process.call_local(gone.pk)

    assert not ProgressEntry.objects.exists()


def test_the_clock_finds_what_no_worker_was_told_of(case, send):
    send([row(case)])

    incoming_files.enqueue_waiting()

    assert ImportRun.objects.get().state == "done"


def test_rejected_rows_are_told_with_line_and_reason_page_by_page(case, send, see, worker):
    answer = worker(lambda: send([row(case), *(row(case, kind="?") for _ in range(5))], Accept_Language="en"))

    first = see(answer.json()["url"], rows=3).json()
    last = see(answer.json()["url"], rows=3, page=2).json()

    assert first["counts"]["rejected"] == 5
    assert (first["pages"], [item["line"] for item in first["rejected_rows"]]) == (2, [2, 3, 4])
    assert [item["line"] for item in last["rejected_rows"]] == [5, 6]
    assert "is not a kind of progress entry" in last["rejected_rows"][0]["reason"]
    assert last["rejected_rows"][0]["row"]["kind"] == "?"
    assert see(answer.json()["url"], page=3).json()["rejected_rows"] == []


def test_the_queries_do_not_grow_with_the_rejected_rows(case, court, see, secret, django_assert_num_queries):
    token = ApiToken.objects.get()
    api_tokens.note_use(token)
    run = make_run(court=court, source="api")
    for count in (1, 50):
        RejectedRow.objects.bulk_create(
            RejectedRow(run=run, line=line, reason="x", row={}) for line in range(count)
        )
        with django_assert_num_queries(5):
            assert see(f"/api/v1/imports/{run.pk}").status_code == 200


class TestAnotherCourt:
    def test_its_rows_are_rejected(self, case, other_court, send, see, worker):
        answer = worker(lambda: send([row(case), row(case, court=other_court.code)], Accept_Language="en"))

        told = see(answer.json()["url"]).json()

        assert (told["counts"]["created"], told["counts"]["rejected"]) == (1, 1)
        assert "another court" in told["rejected_rows"][0]["reason"]

    def test_its_imports_are_not_there(self, case, other_court, send, see):
        address = send([row(case)]).json()["url"]
        elsewhere = make_token(other_court)[1]

        assert see(address, token=elsewhere).status_code == 404
        assert see(address).status_code == 200

    @pytest.mark.parametrize("source", ["typed", "upload", "command"])
    def test_what_came_another_way_is_not_there_either(self, court, see, source):
        run = make_run(court=court, source=source)

        assert see(f"/api/v1/imports/{run.pk}").status_code == 404


class TestToken:
    @pytest.mark.parametrize("token", ["", "cpor_", "cpor_" + "0" * 64, "x" * 5000, "令牌"])
    def test_none_or_a_wrong_one_is_refused(self, send, token):
        answer = send([], token=token)

        assert answer.status_code == 401
        assert answer["Content-Type"] == "application/problem+json"
        assert answer["WWW-Authenticate"].startswith("Bearer")

    def test_a_revoked_one_is_refused_from_the_next_call_on(self, court, case, send):
        assert send([row(case)]).status_code == 202
        manager = make_clerk(court, group="Court managers")

        api_tokens.revoke(token=ApiToken.objects.get(), by=manager)

        assert send([row(case)]).status_code == 401

    def test_an_expired_one_is_refused(self, case, send):
        past = timezone.now() - dt.timedelta(seconds=1)
        ApiToken.objects.update(created_at=past - dt.timedelta(days=1), expires_at=past)

        assert send([row(case)]).status_code == 401

    def test_a_litigants_or_clerks_session_opens_nothing(self, client, case, clerk):
        client.force_login(clerk)

        assert client.post("/api/v1/progress", "[]", content_type="application/json").status_code == 401

    def test_its_use_is_noted(self, case, send):
        send([row(case)])

        assert timezone.now() - ApiToken.objects.get().last_used_at < dt.timedelta(minutes=1)

    def test_it_is_in_no_log_and_no_cookie_is_set(self, case, send, secret, caplog):
        caplog.set_level(logging.DEBUG)

        answers = [send([row(case)]), send("{", "text/csv"), send([], token=secret[:-1])]

        assert secret[:-1] not in caplog.text
        assert not any(answer.cookies for answer in answers)


class TestIdempotency:
    def test_the_same_key_and_body_have_the_same_answer(self, case, send, worker):
        key, rows = f'"{uuid.uuid4()}"', [row(case)]
        first = worker(lambda: send(rows, Idempotency_Key=key))

        again = worker(lambda: send(rows, Idempotency_Key=key))

        assert (again.status_code, again.json()["id"]) == (202, first.json()["id"])
        assert ImportRun.objects.count() == 1

    def test_the_same_key_with_another_body_is_refused(self, case, send):
        send([row(case)], Idempotency_Key="k-1")

        assert send([row(case)], Idempotency_Key="k-1").status_code == 422

    def test_while_the_first_is_being_received_the_second_is_told_to_wait(self, case, send):
        submissions.reserve(ApiToken.objects.get(), "k-1")

        answer = send([row(case)], Idempotency_Key="k-1")

        assert answer.status_code == 409
        assert int(answer["Retry-After"]) > 0

    def test_so_it_is_told_if_the_first_gives_the_key_back_between_two_statements(
        self, case, send, monkeypatch
    ):
        def meet_the_other_call(**facts):
            raise IntegrityError  # its row is there now, and gone when it is looked for

        monkeypatch.setattr(IncomingFile.objects, "create", meet_the_other_call)

        assert send([row(case)], Idempotency_Key="k-1").status_code == 409

        monkeypatch.undo()
        assert send([row(case)], Idempotency_Key="k-1").status_code == 202

    def test_a_key_whose_call_died_is_free_again(self, case, send):
        submissions.reserve(ApiToken.objects.get(), "k-1", timezone.now() - dt.timedelta(hours=1))

        assert send([row(case)], Idempotency_Key="k-1").status_code == 202

    def test_a_key_whose_body_was_refused_is_free_again(self, case, send):
        assert send("no export", "text/csv", Idempotency_Key="k-1").status_code == 422

        assert send([row(case)], Idempotency_Key="k-1").status_code == 202

    def test_a_key_is_the_tokens_own(self, case, other_court, send):
        send([row(case)], Idempotency_Key="k-1")

        answer = send([row(case)], token=make_token(other_court)[1], Idempotency_Key="k-1")

        assert answer.status_code == 202
        assert ImportRun.objects.count() == 2

    def test_it_is_kept_a_day_and_more_and_then_forgotten(self, case, send, worker):
        worker(lambda: send([row(case)], Idempotency_Key="k-1"))

        assert not IncomingFile.objects.expired(timezone.now() + dt.timedelta(hours=25))
        assert IncomingFile.objects.expired(timezone.now() + dt.timedelta(hours=49))
        assert ImportRun.objects.exists()

    def test_what_still_waits_is_never_forgotten(self, case, send):
        send([row(case)])

        assert not IncomingFile.objects.expired(timezone.now() + dt.timedelta(days=9))

    @pytest.mark.parametrize("key", ["x" * 129, "with space", '"'])
    def test_a_key_that_is_none_is_refused(self, case, send, key):
        assert send([row(case)], Idempotency_Key=key).status_code == 400


class TestBody:
    @pytest.mark.parametrize(
        "content_type", ["", "text/html", "application/pdf", "multipart/form-data; boundary=x"]
    )
    def test_an_unknown_content_type_is_refused(self, send, content_type):
        answer = send("x", content_type)

        assert answer.status_code == 415
        assert "text/csv" in answer["Accept-Post"]

    def test_an_unknown_encoding_is_refused(self, send):
        assert send("x", "text/csv", Content_Encoding="br").status_code == 415

    @pytest.mark.parametrize(
        ("body", "content_type"),
        [
            ("\n", "text/csv"),
            ("法院,類別\n", "text/csv"),
            ("[" * 100_000, "application/json"),
            ("%PDF-1.7", "application/json"),
            ('"text"', "application/json"),
            ('[{"court": "TPD"}] [{"court": "TPD"}]', "application/json"),
        ],
    )
    def test_what_cannot_be_read_at_all_is_refused_with_a_sentence(self, send, body, content_type):
        answer = send(body, content_type)

        assert answer.status_code == 422
        assert answer.json()["detail"]
        assert not ImportRun.objects.exists()

    def test_what_is_too_large_is_refused_before_it_is_read(self, send, settings, monkeypatch):
        settings.CPOR = settings.CPOR | {"API_MOST_BYTES": 1000}
        monkeypatch.setattr("django.http.HttpRequest.read", lambda *_: pytest.fail("was read"))

        assert send("x" * 1001, "text/csv").status_code == 413

    @pytest.mark.parametrize(
        ("content_type", "cut"),
        [
            ("application/json", lambda rows: "["),
            ("application/json", lambda rows: json.dumps(rows)[:-3]),
            ("application/json", lambda rows: json.dumps(rows)[:-1]),
            ("application/x-ndjson", lambda rows: "\n".join(map(json.dumps, rows))[:-3]),
            ("text/csv", lambda rows: as_csv(*rows)[:-5]),
            ("text/csv", lambda rows: as_csv(*rows, rows[0] | {"detail": '"兩造'})),
            ("text/csv", lambda rows: as_csv(*rows).encode("utf-16")[:-1]),
            ("text/csv", lambda rows: gzip.compress(as_csv(*rows).encode())[:-9]),
            ("text/csv", lambda rows: gzip.compress(as_csv(*rows).encode())[:-1]),
            ("application/json", lambda rows: b"\x1f\x8b\x08nonsense"),
        ],
    )
    def test_what_was_cut_before_it_was_sent_is_refused_and_its_key_is_free(
        self, case, send, content_type, cut
    ):
        rows = [row(case, division="孝", withdrawn="0") for _ in range(2 * ROWS_A_BLOCK)]

        answer = send(cut(rows), content_type, Idempotency_Key="k-1")

        assert answer.status_code == 400
        assert answer.json()["detail"]
        assert not ImportRun.objects.exists()
        assert not IncomingFile.objects.exists()
        assert send(rows, Idempotency_Key="k-1").status_code == 202

    @pytest.mark.parametrize("length", ["", "0", "100"])
    def test_a_body_of_another_length_than_announced_is_refused(self, case, send, client, secret, length):
        body = json.dumps([row(case)]).encode()

        answer = client.generic(
            "POST",
            "/api/v1/progress",
            content_type="application/json",
            headers={"Authorization": f"Bearer {secret}"},
            **{
                "CONTENT_LENGTH": length and str(len(body) + int(length)),
                "CONTENT_TYPE": "application/json",
                "wsgi.input": io.BytesIO(body),
            },
        )

        assert answer.status_code == {"": 411, "0": 202, "100": 400}[length]

    def test_a_chunked_body_is_refused_for_nobody_tells_whether_it_ends(self, send):
        assert send("x", "text/csv", Transfer_Encoding="chunked").status_code == 411


class TestAnnounced:
    """What the sender says of the whole is checked before anything is stored."""

    @pytest.fixture
    def post(self, client, secret):
        def post(body, query="", **headers):
            names = {name.replace("_", "-"): value for name, value in headers.items()}
            return client.post(
                f"/api/v1/progress{query}",
                body,
                content_type="text/csv",
                headers=names | {"Authorization": f"Bearer {secret}", "Accept-Language": "en"},
            )

        return post

    @pytest.mark.parametrize("pack", [bytes, gzip.compress])
    @pytest.mark.parametrize("algorithm", ["sha256", "sha512"])
    def test_the_digest(self, case, post, pack, algorithm):
        body = pack(as_csv(row(case), row(case)).encode())
        digest = base64.b64encode(hashlib.new(algorithm, body).digest()).decode()
        given = f"md5=:AAAA:, {algorithm.replace('sha', 'sha-')}=:{digest}:"

        refused = post(pack(as_csv(row(case)).encode()), Content_Digest=given, Idempotency_Key="k-1")

        assert refused.status_code == 400
        assert "Content-Digest" in refused.json()["detail"]
        assert not ImportRun.objects.exists()
        assert post(body, Content_Digest=given, Idempotency_Key="k-1").status_code == 202
        assert post(body, Content_Digest=given, Idempotency_Key="k-1").status_code == 202

    @pytest.mark.parametrize(
        "given", ["x", "sha-256", "sha-256=abc", "md5=:AAAA:", "sha-256=:AAAA: and more", "a" * 50_000]
    )
    def test_a_digest_that_cannot_be_checked_is_refused_not_passed_over(self, case, post, given):
        answer = post(as_csv(row(case)), Content_Digest=given)

        assert answer.status_code == 400
        assert "sha-256" in answer["Want-Content-Digest"]

    def test_the_number_of_rows_rejected_ones_and_all(self, case, post):
        body = as_csv(row(case), row(case, kind="?"))

        refused = [post(body, f"?row_count={count}") for count in (0, 1, 3)]

        assert {answer.status_code for answer in refused} == {400}
        assert refused[0].json()["detail"] == "0 rows were announced, but there are 2. Nothing was imported."
        assert not ImportRun.objects.exists()
        assert post(body, "?row_count=2").status_code == 202
        assert post(body, "?row_count=-1").status_code == 422


def test_too_many_calls_are_told_to_wait(case, send, see, settings, other_court):
    settings.CPOR = settings.CPOR | {"API_CALLS_A_MINUTE": 3}
    cache.clear()
    for _ in range(3):
        assert see("/api/v1/imports/1").status_code == 404

    answer = see("/api/v1/imports/1")

    assert answer.status_code == 429
    assert 0 < int(answer["Retry-After"]) <= 60
    assert see("/api/v1/imports/1", token=make_token(other_court)[1]).status_code == 404


def test_a_cache_that_is_down_keeps_no_court_out(case, send, monkeypatch):
    monkeypatch.setattr(cache, "incr", lambda *a, **k: 1 / 0)

    assert send([row(case)]).status_code == 202


@pytest.mark.parametrize(("language", "word"), [("en", "token"), ("zh-TW,zh;q=0.9", "金鑰"), ("fr", "")])
def test_a_refusal_speaks_the_callers_language(client, language, word):
    answer = client.get("/api/v1/imports/1", headers={"Accept-Language": language})

    assert answer.status_code == 401
    assert "Accept-Language" in answer["Vary"]
    if language == "en":
        assert word in answer.json()["detail"]


@pytest.mark.parametrize("method", ["get", "put", "patch", "delete", "head", "options"])
def test_another_method_is_refused_and_told_which_is_right(client, method):
    answer = getattr(client, method)("/api/v1/progress")

    assert answer.status_code == 405
    assert "POST" in answer["Allow"]
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    "path", ["", "nothing", "imports/x", "imports/1/", "progress/", "imports/" + "9" * 400]
)
def test_an_address_that_is_none_says_so_in_json(client, secret, path):
    answer = client.get(f"/api/v1/{path}", headers={"Authorization": f"Bearer {secret}"})

    assert answer.status_code in {404, 422}
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    "query", [{"page": 0}, {"page": "x"}, {"rows": 5000}, {"page": "9" * 400}, {"rows": "\0"}]
)
def test_a_query_that_is_none_is_refused(court, see, query):
    run = make_run(court=court, source="api")

    assert see(f"/api/v1/imports/{run.pk}", **query).status_code == 422


def test_the_page_about_the_interface_loads_nothing_and_names_every_column(client):
    page = client.get("/api/v1/docs", headers={"Accept-Language": "en"})

    text = page.content.decode()
    assert page.status_code == 200
    assert "//cdn" not in text
    assert "事項序號" in text
    assert "/api/v1/imports/{run_id}" in text
    assert client.get("/api/v1/openapi.json").json()["paths"]["/api/v1/progress"]["post"]
