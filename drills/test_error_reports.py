"""What leaves for a server of Sentry, read at that server: the library of the pin, and a site that fails with a person's data at hand."""

import gzip
import json
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import brotli
import pytest

from .environments import FOLDER, NOT_PASSED_ON, ROOT, run

PERSON = ["端木清和", "qinghe.duanmu@person.example", "0912345678", "115年度訴字第777號", "hush-hush"]
FAILING = """
import logging
import django
from django.conf import settings
django.setup()
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import path
from huey.contrib.djhuey import HUEY, task

PERSON = {person!r}

def fails(request, **given):
    name, address, telephone, case, secret = PERSON
    logging.getLogger("cpor_cases").error("Mail %d to %s was given up", 7, address)
    raise ValueError(f"Key (name)=({{name}}) already exists. " + case)

@task()
def does(address):
    raise LookupError(address)

def handler500(request):
    return HttpResponse(status=500)

urlpatterns = [path("fails/<given>/", fails, name="fails")]
with override_settings(ROOT_URLCONF=__name__, MIDDLEWARE=["cpor_core.request_ids.RequestIdMiddleware"]):
    client = Client(raise_request_exception=False)
    client.cookies["sessionid"] = PERSON[4]
    headers = {{"Authorization": f"Bearer {{PERSON[4]}}", "X-Request-ID": "request-of-the-drill", "Referer": f"http://x/{{PERSON[0]}}"}}
    client.post(f"/fails/{{PERSON[0]}}/?q={{PERSON[3]}}", {{"email": PERSON[1]}}, headers=headers)
HUEY.immediate = True
does(PERSON[1])
logging.shutdown()
"""

UNPACK = {"gzip": gzip.decompress, "br": brotli.decompress}


class Server(BaseHTTPRequestHandler):
    """Keeps the events of the envelopes that it is sent."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if unpack := UNPACK.get(self.headers.get("Content-Encoding")):
            body = unpack(body)
        self.server.received.append(f"{self.headers}\n{body.decode()}")
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_arguments) -> None:
        pass


@pytest.fixture
def received():
    server = HTTPServer(("127.0.0.1", 0), Server)
    server.received = []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def library() -> str:
    """Return the folder with the library: it is not among those of this environment."""
    pin = next(
        line.split("#")[0].strip()
        for line in (ROOT / "requirements-sentry.txt").read_text(encoding="utf-8").splitlines()
        if line.startswith("sentry-sdk==")
    )
    folder = FOLDER / pin
    if not folder.exists():
        run([sys.executable, "-m", "pip", "install", "--quiet", "--target", folder, pin], cwd=ROOT)
    return str(folder)


def test_a_report_names_the_failure_and_nobody(received, tmp_path):
    environment = {name: value for name, value in os.environ.items() if name not in NOT_PASSED_ON} | {
        "DJANGO_SETTINGS_MODULE": "cpor_site.settings.base",
        "PYTHONPATH": f"{ROOT}:{ROOT / 'site'}:{library()}",
        "VAR_DIR": str(tmp_path),
        "SENTRY_DSN": f"http://key@127.0.0.1:{received.server_port}/1",
    }

    done = subprocess.run(
        [sys.executable, "-c", FAILING.format(person=PERSON)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
    )

    assert done.returncode == 0, done.stderr
    said = "\n".join(received.received)
    events = [json.loads(line) for line in said.splitlines() if '"exception"' in line or '"logentry"' in line]
    kinds = [value["type"] for event in events for value in event.get("exception", {"values": []})["values"]]
    assert sorted(kinds) == ["LookupError", "ValueError"], said
    assert any(event["tags"].get("request") == "request-of-the-drill" for event in events)
    assert any("was given up" in event["logentry"]["message"] for event in events)
    escaped = [json.dumps(each)[1:-1] for each in PERSON]
    assert [each for each in [*PERSON, *escaped, os.uname().nodename] if each in said] == []
