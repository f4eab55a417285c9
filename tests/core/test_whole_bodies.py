"""What did not arrive whole is seen by no view: an upload cut on its way is no upload, a form no form."""

import io

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from cpor_cases.models import ImportRun, IncomingFile
from cpor_core.whole_bodies import BodyCutShort, WholeBodies, WholeBody
from tests.factories import make_clerk, make_court
from tests.support.connections import connection_kept

BOUNDARY = "a1b2c3"
FORM = f"multipart/form-data; boundary={BOUNDARY}"


def form(**fields: str) -> bytes:
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"'
        + ('; filename="export.csv"\r\nContent-Type: text/csv' if name == "file" else "")
        + f"\r\n\r\n{value}\r\n"
        for name, value in fields.items()
    ]
    return "".join([*parts, f"--{BOUNDARY}--\r\n"]).encode()


@given(st.binary(max_size=40), st.integers(0, 40), st.lists(st.integers(-1, 9), min_size=60, max_size=60))
def test_a_body_is_read_as_it_is_or_not_to_its_end(body, missing, sizes):
    whole = WholeBody(io.BytesIO(body), len(body) + missing, b"")
    pieces = [b"x"]

    def read_all():
        for number, size in enumerate(sizes):
            pieces.append(whole.readline(size or 1) if number % 2 else whole.read(size or 1))
        pieces.append(whole.read())

    if missing:
        with pytest.raises(BodyCutShort):
            read_all()
    else:
        read_all()
        assert b"".join(pieces[1:]) == body
        assert whole.read() == whole.readline() == b""


@given(st.integers(0, 200))
def test_a_form_with_files_must_end_with_its_boundary(cut):
    body = form(file="法院,類別\n" * 9)
    rest = body[: len(body) - cut]
    read = WholeBody(io.BytesIO(rest), len(rest), f"--{BOUNDARY}--".encode()).read

    if cut <= 2:  # the line end after the last boundary may be missing
        assert read() == rest
    else:
        with pytest.raises(BodyCutShort):
            b"".join(iter(lambda: read(7), b""))


@pytest.mark.parametrize("length", ["", "0", "x"])
def test_a_request_without_a_body_is_left_alone(length):
    body = io.BytesIO()
    environ = {"CONTENT_LENGTH": length, "wsgi.input": body}

    WholeBodies(lambda environ, _start: environ)(environ, None)

    assert environ["wsgi.input"] is body


@pytest.fixture
def post(client, db):
    """Send so much of a form as a clerk's browser does; return the status and the page."""
    court = make_court()
    client.force_login(make_clerk(court))
    client.get("/office/imports/upload/")
    token = client.cookies["csrftoken"].value

    def post(path: str, *, cut: int = 0, announced: int = 0, **fields: str) -> tuple[str, str]:
        body = form(csrfmiddlewaretoken=token, court=str(court.pk), **fields)
        body = body[: len(body) - cut]
        environ = RequestFactory().generic("POST", path, body, content_type=FORM).environ | {
            "wsgi.input": io.BytesIO(body),
            "CONTENT_LENGTH": str(len(body) + announced),
            "HTTP_COOKIE": "; ".join(f"{name}={cookie.value}" for name, cookie in client.cookies.items()),
        }
        said = []
        with connection_kept():
            page = b"".join(
                WholeBodies(WSGIHandler())(environ, lambda status, _headers, *_: said.append(status))
            )
        return said[0], page.decode()

    return post


@pytest.mark.parametrize("cut", [3, 30, 60, 200])
@pytest.mark.parametrize("tells_the_length_it_should_have", [True, False])
def test_an_upload_cut_on_its_way_is_refused_with_a_sentence(post, cut, tells_the_length_it_should_have):
    announced = cut if tells_the_length_it_should_have else 0

    status, page = post("/office/imports/upload/", cut=cut, announced=announced, file="法院,類別,年度\n" * 50)

    assert status.startswith("400")
    assert "可能在傳送途中中斷" in page
    assert not IncomingFile.objects.exists()


def test_an_upload_that_arrives_whole_is_kept(post):
    status, _page = post("/office/imports/upload/", file="法院,類別,年度\n" * 50)

    assert status.startswith("302")
    assert IncomingFile.objects.get().file_name == "export.csv"
    assert not ImportRun.objects.exists()
