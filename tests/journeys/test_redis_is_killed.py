"""Redis dies while people work: every page and action answers; when it is back, mails go and nothing is done twice."""

import json
import os
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar
from unittest import mock

import pytest
import redis
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.urls import reverse

from tests.support.browsing import PASSWORD
from tests.support.export_files import HEADER
from tests.support.ports import free_port
from tests.support.programs import find_program
from tests.support.running_site import running_site, wait_for

PEOPLE = f"""
from cpor_core.models import Court
court = Court.objects.get(code="TPD")
clerk = factories.make_clerk(court, "clerk-without-redis", password="{PASSWORD}")
follower = factories.make_user("follower", email="follower@mail.example", password="{PASSWORD}")
case = factories.make_case(court, number=1)
factories.make_access(follower, case)
paper = factories.make_application(court, by=clerk, email="applicant@mail.example")
token, secret = factories.make_token(court)
print("KEYS", court.pk, case.pk, paper.pk, secret)
"""
STORED = """
from cpor_cases.models import ImportRun, IncomingFile, OutgoingMail, ProgressEntry
states = IncomingFile.objects.order_by("pk").values_list("state", flat=True)
print("STORED", ProgressEntry.objects.count(), ImportRun.objects.exclude(state="done").count(),
    OutgoingMail.objects.exclude(state="sent").count(), *states)
"""


class Server:
    """A Redis of this journey alone."""

    def __init__(self, folder):
        self.folder, self.port = folder, free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"

    def start(self):
        program = find_program("redis-server", package="redis-server")
        command = (program, "--port", str(self.port), "--bind", "127.0.0.1", "--save", "")
        self.process = subprocess.Popen([*command, "--dir", str(self.folder)], stdout=subprocess.DEVNULL)
        wait_for(self._answers)

    def _answers(self):
        try:
            with redis.Redis.from_url(self.url) as client:
                return client.ping()
        except redis.RedisError:
            return False

    def kill(self):
        self.process.kill()
        self.process.wait()


class Person:
    """An HTTP client that keeps cookies."""

    def __init__(self, url):
        self.url, self.cookies = url, CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))

    def request(self, path, *, body=None, kind="application/x-www-form-urlencoded", **headers):
        """Return status and text of an answer, which must come within ten seconds."""
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        if body is not None:
            tokens = [cookie.value for cookie in self.cookies if cookie.name == "csrftoken"]
            headers |= {"Content-Type": kind, "X-CSRFToken": "".join(tokens)}
        prepared = urllib.request.Request(self.url + path, data=body, headers=headers)
        began = time.monotonic()
        try:
            with self.opener.open(prepared, timeout=20) as answer:
                status, text = answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            status, text = error.code, error.read().decode()
        assert time.monotonic() - began < 10, path
        return status, text

    def send(self, path, **fields):
        return self.request(path, body=urllib.parse.urlencode(fields).encode())

    def log_in(self, name):
        self.request("/accounts/login/")
        status, text = self.send("/accounts/login/", login=name, password=PASSWORD)
        assert status == 200
        assert 'name="password"' not in text


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    server = Server(tmp_path_factory.mktemp("redis"))
    server.start()
    yield server
    server.kill()


@pytest.fixture(scope="module")
def site_on_it(server, tmp_path_factory, postbox):
    own = tmp_path_factory.mktemp("without_redis")
    shared = own.parent.parent if "PYTEST_XDIST_WORKER" in os.environ else own.parent
    variables = {"REDIS_URL": server.url, "TYPED_ENTRY_HOLD_MINUTES": "0"}
    with mock.patch.dict(os.environ, variables), running_site(shared, own, postbox) as here:
        yield here


def row(entry_id):
    cells = f"TPD,民事,115,訴,1,孝,返還借款,{entry_id},115/09/24,判決,原告之訴駁回,,,"
    return dict(zip(HEADER.split(","), cells.split(","), strict=False))


def csv_of(entry_id):
    return f"{HEADER}\n{','.join(row(entry_id).values())}\n".encode()


def test_nobody_notices_but_the_operator(site_on_it, server, postbox):
    site = site_on_it
    said = site.python(PEOPLE)
    keys = next(line for line in said.splitlines() if line.startswith("KEYS"))
    court, case, paper, secret = keys.split()[1:]
    clerk, follower, system = (Person(site.url) for _ in range(3))
    clerk.log_in("clerk-without-redis")

    def submit(entry_id):
        body = json.dumps([row(entry_id)]).encode()
        authorization = f"Bearer {secret}"
        return system.request(
            "/api/v1/progress", body=body, kind="application/json", Authorization=authorization
        )[0]

    server.kill()

    for path in ("/", "/faq/", "/case-words/", "/en/", "/healthz"):
        assert system.request(path)[0] == 200, path
    status, text = system.request("/readyz")
    assert status == 200
    assert "Queue: WARNING, Redis is away" in text
    follower.log_in("follower")
    assert "115" in follower.request("/cases/")[1]
    assert clerk.send(reverse("office_applications:approve", args=[paper]))[0] == 200
    typed = {"recorded_at": "115/09/24", "kind": "判決", "detail": "主文如附件"}
    assert clerk.send(reverse("office_cases:record_entry", args=[case]), **typed)[0] == 200
    upload = _multipart(court, csv_of("UPLOADED"))
    assert clerk.request(reverse("office_imports:upload"), body=upload, kind=MULTIPART_CONTENT)[0] == 200
    assert submit("SENT-WHILE-AWAY") == 202

    server.start()
    wait_for(lambda: "Queue: OK" in system.request("/readyz")[1])
    time.sleep(4)  # until each process tries Redis again
    assert submit("SENT-AFTER") == 202  # whoever has done a task looks for waiting ones

    postbox.wait_for("applicant@mail.example")
    wait_for(lambda: _stored(site) == ["3", "0", "0", "ready", "imported", "imported"])
    assert len(postbox.to("applicant@mail.example")) == 1
    assert len(postbox.to("follower@mail.example")) == 3  # one for the typed entry and each sent file


def _stored(site):
    return next(line for line in site.python(STORED).splitlines() if line.startswith("STORED")).split()[1:]


def _multipart(court, content):
    file = SimpleUploadedFile("export.csv", content, "text/csv")
    return encode_multipart(BOUNDARY, {"court": court, "file": file})
