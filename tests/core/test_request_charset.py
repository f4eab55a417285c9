"""Forms and addresses are read in UTF-8, whatever encoding a request names."""

import io

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.test import RequestFactory
from django.urls import reverse

from cpor_core.request_charset import AlwaysUTF8, without_charset
from tests.support.connections import connection_kept

ODD = ["unicode_escape", "raw_unicode_escape", "idna", "base64", "rot13", "utf-16", "none-such"]
BODY = "".join(
    f'--B\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{{0}}\r\n' for name in ("code", "address")
)


def answer(environ) -> tuple[str, str]:
    """The status and the page that the site answers."""
    said: list[str] = []
    with connection_kept():
        page = AlwaysUTF8(WSGIHandler())(environ, lambda status, _headers, *_: said.append(status))
        return said[0], b"".join(page).decode()


@pytest.mark.django_db
@pytest.mark.parametrize("charset", ODD)
def test_a_form_that_names_another_encoding_is_read_in_utf_8(charset):
    typed = BODY.format(r"查\ud800").encode() + b"--B--\r\n"
    content_type = f"multipart/form-data; boundary=B; charset={charset}"
    sent = RequestFactory().generic("POST", reverse("mail_check"), typed, content_type=content_type)

    status, page = answer(sent.environ | {"wsgi.input": io.BytesIO(typed)})

    assert status == "200 OK"
    assert r'value="查\ud800"' in page


@pytest.mark.django_db
@pytest.mark.parametrize("charset", ODD)
def test_an_address_is_read_in_utf_8(charset):
    asked = RequestFactory().get(reverse("account_login"), {"next": r"/查\ud800"})

    status, _page = answer(asked.environ | {"CONTENT_TYPE": f"text/plain; charset={charset}"})

    assert status == "200 OK"


@pytest.mark.parametrize(
    ("content_type", "shorter"),
    [
        ("text/csv", "text/csv"),
        ("text/csv; charset=big5", "text/csv"),
        ("multipart/form-data; CharSet = 'x' ;boundary=B", "multipart/form-data;boundary=B"),
        (r'multipart/form-data; charset="a\"b; c"; boundary=B', "multipart/form-data; boundary=B"),
        ("multipart/form-data; boundary=B; charset*=utf-8''idna", "multipart/form-data; boundary=B"),
        ("multipart/form-data; boundary=charset", "multipart/form-data; boundary=charset"),
    ],
)
def test_no_request_names_an_encoding(content_type, shorter):
    assert without_charset(content_type) == shorter
