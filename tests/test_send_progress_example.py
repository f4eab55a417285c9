"""The example for court systems goes the safe way: digest, one key for all tries, waits, and each answer said."""

import base64
import gzip
import hashlib
import importlib.util
import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.conf import settings

COUNTS = {"read": 2, "created": 1, "changed": 0, "unchanged": 0, "withdrawn": 0, "rejected": 1}
REJECTED = {"line": 3, "reason": "kind: “?” is not a kind of progress entry.", "code": "unknown_kind"}


class Service:
    """Answers with what it was given, in turn, and keeps what it was asked."""

    def __init__(self):
        self.answers, self.asked = [], []
        service = self

        class Handler(BaseHTTPRequestHandler):
            def answer(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                service.asked.append((self.command, self.path, dict(self.headers), body))
                status, headers, said = service.answers.pop(0)
                if status is None:  # the line breaks
                    self.close_connection = True
                    return
                said = said if isinstance(said, bytes) else json.dumps(said).encode()
                self.send_response(status)
                for name, value in {**headers, "Content-Length": str(len(said))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(said)

            do_GET = do_POST = answer  # noqa: N815

            def log_message(self, *_):
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(
            target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        ).start()


@pytest.fixture
def service():
    service = Service()
    yield service
    service.server.shutdown()
    service.server.server_close()


@pytest.fixture
def run(service, tmp_path, monkeypatch):
    spec = importlib.util.spec_from_file_location(
        "send_progress", settings.BASE_DIR / "examples/send_progress.py"
    )
    example = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(example)
    waits = []
    monkeypatch.setattr(example.time, "sleep", waits.append)
    monkeypatch.setenv("CPOR_TOKEN", "cpor_x")
    file = tmp_path / "export.csv"
    file.write_text("court,…\n", encoding="utf-8")

    def run(*arguments, name=None):
        given = [] if name == "" else [str(tmp_path / name if name else file)]
        monkeypatch.setattr("sys.argv", ["send_progress.py", service.url, *given, *arguments])
        return example.main(), waits

    return run


def problem(kind, detail="A sentence."):
    return {"type": f"https://x/api/v1/docs#{kind}", "detail": detail, "request_id": "r-1"}


def test_it_tries_again_with_the_same_key_and_says_each_answer(service, run, capsys):
    import_ = {"id": 7, "url": "/api/v1/imports/7", "state": "waiting"}
    done = {
        **import_,
        "state": "done",
        "counts": COUNTS,
        "pages": 2,
        "rejected_rows": [REJECTED],
        "failure": "",
    }
    service.answers = [
        (None, {}, b""),
        (503, {"Retry-After": "9"}, problem("unavailable")),
        (202, {}, b'{"cut'),
        (202, {}, import_),
        (200, {}, {**import_, "state": "running"}),
        (200, {}, done),
        (200, {}, {**done, "rejected_rows": [{**REJECTED, "line": 103}]}),
    ]

    code, waits = run("--rows=2")

    said = capsys.readouterr()
    sent = [asked for asked in service.asked if asked[0] == "POST"]
    digest = base64.b64encode(hashlib.sha256(sent[0][3]).digest()).decode()
    assert code == 3
    assert len({asked[2]["Idempotency-Key"] for asked in sent}) == 1
    assert {asked[2]["Content-Digest"] for asked in sent} == {f"sha-256=:{digest}:"}
    assert {gzip.decompress(asked[3]) for asked in sent} == {"court,…\n".encode()}
    assert {asked[1] for asked in sent} == {"/api/v1/progress?row_count=2"}
    assert len({asked[2]["X-Request-Id"] for asked in sent}) == len(sent) == 4
    assert waits[:2] == [1.0, 9.0]
    assert "503 unavailable: A sentence. (request r-1)" in said.err
    assert "trying again in 9 s" in said.err
    for line in ("import 7: waiting", "import 7: running", "import 7: done", "created 1"):
        assert line in said.out
    assert "line 3: kind: “?” is not a kind of progress entry. [unknown_kind]" in said.out
    assert "line 103:" in said.out


@pytest.mark.parametrize(
    ("status", "said", "code", "words"),
    [
        (400, problem("body-incomplete"), 1, "400 body-incomplete: A sentence."),
        (401, problem("token-invalid"), 1, "401 token-invalid"),
        (413, b"<html>nginx</html>", 1, "413 <html>nginx</html>"),
        (422, [], 1, "422 []"),
    ],
)
def test_a_refusal_is_said_and_not_tried_again(service, run, capsys, status, said, code, words):
    service.answers = [(status, {}, said)]

    assert run()[0] == code
    assert words in capsys.readouterr().err
    assert len(service.asked) == 1


def test_after_all_tries_it_says_that_it_may_be_run_again(service, run, capsys):
    service.answers = [(502, {"Retry-After": "tomorrow"}, b"bad gateway")] * 6

    code, waits = run()

    assert (code, len(waits)) == (4, 5)
    assert "Run it again" in capsys.readouterr().err


def test_a_dry_run_and_a_check_of_the_token(service, run, capsys):
    service.answers = [
        (200, {}, {"dry_run": True, "counts": COUNTS, "rejected_rows": [REJECTED]}),
        (200, {}, {"court": "TPD", "expires_at": "2027-01-01T00:00:00Z"}),
    ]

    assert run("--dry-run")[0] == 3
    assert run(name="")[0] == 0
    assert [asked[1] for asked in service.asked] == ["/api/v1/progress?dry_run=1", "/api/v1/token"]
    assert "nothing was stored" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["missing.csv", "export.doc"])
def test_a_file_that_cannot_be_sent(service, run, name):
    assert run(name=name)[0] == 2
    assert not service.asked
