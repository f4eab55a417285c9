"""A request with an incomplete body is refused: real sockets, the real web server, and nginx in front of it."""

import base64
import gzip
import hashlib
import json
import socket
import subprocess
import time
import uuid
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest

from cpor_cases.intake.columns import HEADINGS
from tests.support.ports import free_port
from tests.support.programs import find_program
from tests.support.running_site import PATIENCE, wait_for

NGINX_CONF = """
daemon off;
pid {folder}/nginx.pid;
error_log stderr error;
events {{}}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  server {{
    listen 127.0.0.1:{port};
    location / {{
      proxy_pass {upstream};
      proxy_http_version 1.1;
      proxy_request_buffering off;
      proxy_set_header Host localhost;
    }}
  }}
}}
"""
ROWS = 2000
CELLS = {
    "court": "TPD",
    "category": "民事",
    "year": "115",
    "word": "訴",
    "number": "{n}",
    "division": "孝",
    "cause": "返還借款",
    "entry_id": "CUT{n}",
    "recorded_at": "115/09/24",
    "kind": "判決",
    "detail": "原告之訴駁回，{n}",
}


TOKENS = """
from cpor_core.models import Court
court = Court.objects.get(code="TPD")
print("SECRETS", *(factories.make_token(court)[1] for _ in range({tokens})))
"""


@pytest.fixture(scope="module")
def secrets(site):
    """A token for each test, since the calls a minute are limited by token."""
    lines = site.python(TOKENS.format(tokens=4 * (len(BODIES) + 4))).splitlines()
    return next(line for line in lines if line.startswith("SECRETS")).split()[1:]


@pytest.fixture
def secret(secrets):
    return secrets.pop()


@pytest.fixture(scope="module")
def nginx(site, tmp_path_factory):
    """The address of an nginx in front of the site that forwards bodies unbuffered."""
    program = find_program("nginx", package="nginx")
    folder, port = tmp_path_factory.mktemp("nginx"), free_port()
    (folder / "nginx.conf").write_text(NGINX_CONF.format(folder=folder, port=port, upstream=site.url))
    running = subprocess.Popen([program, "-p", str(folder), "-c", str(folder / "nginx.conf")])
    try:
        wait_for(lambda: _listens(port))
        yield f"http://localhost:{port}"
    finally:
        running.terminate()
        running.wait(timeout=10)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture(params=["straight", "nginx"])
def address(request, site):
    return site.url if request.param == "straight" else request.getfixturevalue("nginx")


def as_csv() -> bytes:
    lines = [",".join(HEADINGS), *(",".join(row.values()) for row in as_rows())]
    return "".join(f"{line}\n" for line in lines).encode()


def as_rows() -> list[dict]:
    return [{key: CELLS.get(key, "").format(n=n) for key in HEADINGS} for n in range(ROWS)]


BODIES = {
    "csv": ("text/csv", as_csv()),
    "csv, gzipped": ("text/csv", gzip.compress(as_csv())),
    "ndjson": ("application/x-ndjson", "".join(f"{json.dumps(row)}\n" for row in as_rows()).encode()),
    "json": ("application/json", json.dumps(as_rows()).encode()),
}


def places(body: bytes) -> list[int]:
    """Where to cut: before the first byte, after it, at and about line ends, in the middle of characters, before the last."""
    line_ends = [place for place in range(len(body)) if body[place : place + 1] == b"\n"]
    about = [end + shift for end in line_ends[:: max(1, len(line_ends) // 4)] for shift in (0, 1, 2)]
    parts = [len(body) * part // 7 + part for part in range(1, 7)]
    all_of_them = {0, 1, len(body) - 2, len(body) - 1, *parts, *about}
    return sorted(place for place in all_of_them if place < len(body))


@contextmanager
def connected(address: str):
    with socket.create_connection(("127.0.0.1", urlsplit(address).port), timeout=30) as line:
        yield line


def head(secret: str, content_type: str, key: str, **more: str) -> bytes:
    headers = {
        "Host": "localhost",
        "Authorization": f"Bearer {secret}",
        "Content-Type": content_type,
        "Idempotency-Key": key,
        "Connection": "close",
        **{name.replace("_", "-"): value for name, value in more.items()},
    }
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"POST /api/v1/progress HTTP/1.1\r\n{lines}\r\n".encode()


def answer_of(line: socket.socket) -> tuple[int, bytes]:
    """Return status and body; 0 if the connection was closed without an answer."""
    received = b""
    try:
        while piece := line.recv(1 << 16):
            received += piece
    except ConnectionResetError:
        pass
    first, _, rest = received.partition(b"\r\n")
    return int(first.split()[1]) if first else 0, rest.partition(b"\r\n\r\n")[2]


def send_whole(address: str, secret: str, content_type: str, key: str, body: bytes) -> tuple[int, int]:
    """Return the status and the number of the import; that of the one before it plus 1, if nothing else was stored."""
    with connected(address) as line:
        line.sendall(head(secret, content_type, key, Content_Length=str(len(body))) + body)
        status, said = answer_of(line)
    return status, json.loads(said).get("id", 0)


def send_cut(address: str, secret: str, content_type: str, key: str, body: bytes, place: int) -> tuple[int]:
    """Send what is before `place` of a body, and no more; return the status."""
    with connected(address) as line:
        line.sendall(head(secret, content_type, key, Content_Length=str(len(body))) + body[:place])
        line.shutdown(socket.SHUT_WR)
        return (answer_of(line)[0],)


def once_free(send, *arguments):
    """Send as soon as no other call holds the key: nginx may answer a call that was cut before the site has noticed."""
    end = time.monotonic() + PATIENCE
    while (sent := send(*arguments))[0] == 409 and time.monotonic() < end:
        time.sleep(1)
    return sent


@pytest.mark.parametrize("kind", BODIES)
def test_a_body_cut_anywhere_is_refused_and_the_key_free(address, secret, kind):
    content_type, body = BODIES[kind]
    key, statuses = str(uuid.uuid4()), set()
    _status, before = send_whole(address, secret, content_type, str(uuid.uuid4()), body)

    for place in places(body):
        statuses |= set(once_free(send_cut, address, secret, content_type, key, body, place))
    with connected(address) as line:
        line.sendall(head(secret, content_type, key, Content_Length=str(len(body))) + body[: len(body) // 2])

    assert statuses <= {0, 400}
    assert once_free(send_whole, address, secret, content_type, key, body) == (202, before + 1)
    assert send_whole(address, secret, content_type, key, body) == (202, before + 1)


@pytest.mark.parametrize("kind", BODIES)
def test_what_was_cut_before_it_was_sent_is_refused(address, secret, kind):
    """Without a length, the end of gzip, of the list and of the line, the digest and the number of rows tell."""
    content_type, body = BODIES[kind]
    digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
    key = str(uuid.uuid4())
    _status, before = send_whole(address, secret, content_type, str(uuid.uuid4()), body)

    def send(sent, query="", **more):
        with connected(address) as line:
            said = head(secret, content_type, key, Content_Length=str(len(sent)), **more)
            line.sendall(said.replace(b"/progress", b"/progress" + query.encode(), 1) + sent)
            status, answer = answer_of(line)
        return status, json.loads(answer)

    cut = body[: len(body) * 2 // 3]
    refused = [
        send(cut),
        send(cut, Content_Digest=f"sha-256=:{digest}:"),
        send(body, f"?row_count={ROWS + 1}"),
    ]

    assert {status for status, _said in refused} == {400}
    assert {said["type"].rpartition("#")[2] for _status, said in refused} == {"body-incomplete"}
    status, said = send(body, f"?row_count={ROWS}", Content_Digest=f"sha-256=:{digest}:")
    assert (status, said["id"]) == (202, before + 1)


@pytest.mark.parametrize(
    "key", ["a b", '"', "a/b", "\u9375", "a\u00e9", "", "x" * 129, "a\r\nIdempotency-Key: b"], ids=ascii
)
def test_a_key_that_cannot_be_read_is_refused_whatever_the_server_makes_of_it(site, secret, key):
    content_type, body = BODIES["csv"]

    with connected(site.url) as line:
        said = head(secret, content_type, "KEY", Content_Length=str(len(body)))
        line.sendall(said.replace(b"KEY", key.encode(), 1) + body)
        status, answer = answer_of(line)

    assert status == 400
    if answer[:1] == b"{":
        assert json.loads(answer)["type"].endswith("#idempotency-key-unreadable")


@pytest.mark.parametrize("ending", [b"0\r\n\r\n", b""], ids=["whole", "cut"])
def test_a_chunked_body_is_never_taken(address, secret, ending):
    content_type, body = BODIES["csv"]
    _status, before = send_whole(address, secret, content_type, str(uuid.uuid4()), body)

    with connected(address) as line:
        line.sendall(head(secret, content_type, "k-chunked", Transfer_Encoding="chunked"))
        line.sendall(f"{len(body):x}\r\n".encode() + body + b"\r\n" + ending)
        if not ending:  # nginx takes half a connection for a client that went away, and asks for no answer
            line.shutdown(socket.SHUT_WR)
        status, said = answer_of(line)

    assert status in ({411} if ending else {0, 400, 411})
    assert status != 411 or json.loads(said)["status"] == 411
    assert send_whole(address, secret, content_type, str(uuid.uuid4()), body) == (202, before + 1)
