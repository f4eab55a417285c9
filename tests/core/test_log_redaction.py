"""No link that opens something is written to a log, and nothing that is known of a person."""

import ast
import logging
import re
import smtplib
import sys
import time

import pytest
from django.conf import settings
from django.db import Error, connection, transaction

from cpor_cases.mail.links import blanked
from cpor_core.log_redaction import RedactionFilter
from tests import factories

SECRET = "394317adecf84781-1:RM3ixy8SspplRSb_p9UxDVRFnuQX"


@pytest.mark.parametrize(
    "path",
    [
        f"/accounts/activate/{SECRET}/",
        f"/en/accounts/activate/{SECRET}/renew/",
        f"/accounts/password/reset/key/{SECRET}/",
        f"/accounts/confirm-email/{SECRET}/",
        f"/accounts/2fa/enrol/{SECRET}/",
        f"/cases/unsubscribe/{SECRET}/",
        f"/cases/known/{SECRET}/",
        f"/cases/hearings.ics?key={SECRET}",
    ],
)
def test_the_secret_part_of_an_address_is_blanked(path):
    record = logging.LogRecord("django.request", logging.WARNING, "", 0, "%s: %s", ("Gone", path), None)

    RedactionFilter(blanked).filter(record)

    assert SECRET not in record.getMessage()
    assert record.getMessage().startswith("Gone: /")


@pytest.mark.django_db
def test_a_page_that_is_gone_leaves_no_token_in_the_log(client, caplog):
    caplog.set_level(logging.INFO)

    client.get(f"/accounts/activate/{SECRET}/")

    assert "answered" in caplog.messages
    assert SECRET not in caplog.text


def test_every_request_line_passes_the_filter():
    """The server of `make dev` has a handler of Django's own unless it is told to use ours."""
    assert settings.LOGGING["loggers"]["django.server"]["handlers"] == ["stderr"]
    assert not settings.LOGGING["loggers"]["django.server"]["propagate"]
    assert all("redaction" in handler["filters"] for handler in settings.LOGGING["handlers"].values())


@pytest.fixture
def written():
    """Log an error as the service does; return what is written."""

    def write(error, message="it failed"):
        try:
            raise error
        except type(error):
            record = logging.LogRecord("cpor_cases", logging.ERROR, "", 0, message, None, sys.exc_info())
        RedactionFilter(blanked).filter(record)
        return logging.Formatter(settings.LOGGING["formatters"]["line"]["format"]).format(record)

    return write


def test_an_address_is_written_neither_in_a_line_nor_in_a_traceback(written):
    text = written(
        smtplib.SMTPRecipientsRefused({"wang.da-ming+x@mail.example.tw": (550, b"no")}),
        "not sent to <wang.da-ming+x@mail.example.tw>",
    )

    assert "mail.example" not in text
    assert "wang" not in text
    assert "SMTPRecipientsRefused" in text
    assert "…@…" in text


@pytest.mark.parametrize(
    "message",
    [
        'duplicate key value violates "one_name"\nDETAIL:  Key (lower(name::text), court_id)=(王大明, 3) already exists.',
        'null value in column "x"\nDETAIL:  Failing row contains (12, 王大明 (母), A123456789, null).',
        'null value in column "x"\nDETAIL:  Failing row contains (12, 兩造\n\n到庭, 王大明\n(母), A123456789, null).',
    ],
)
def test_a_row_that_the_database_quotes_is_blanked(written, message):
    text = written(Error(message))

    assert "王大明" not in text
    assert "A123456789" not in text
    assert "DETAIL" in text


@pytest.mark.django_db
def test_what_the_database_really_says_of_a_person_is_not_logged(written, court):
    person = factories.make_user("wang", email="wang@mail.example")
    with pytest.raises(Error) as refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE cpor_site_user SET email = %s WHERE id = %s",
            [person.email.upper(), factories.make_user("li").pk],
        )

    assert "wang@" not in written(refused.value).lower()


@pytest.mark.parametrize(
    "piece", ["a", "a.", "Key (", "Key (a)=", "Failing row contains ", "/key/", "?key=", "a@", "@a", "'"]
)
def test_a_long_path_from_an_anonymous_visitor_is_logged_at_once(piece):
    text = piece * (64_000 // len(piece))  # the longest path that a web server takes
    record = logging.LogRecord("django.request", logging.WARNING, "", 0, text, None, None)

    began = time.process_time()
    RedactionFilter(blanked).filter(record)

    assert time.process_time() - began < 1  # a word of so many characters took half a minute


# Keys and counts; names of code, of parts of the service and of its files; exceptions, whose words the filter blanks; of
# mail the domain and what the server meant (`in_short`, as `reason` and `answer`).
SAYS_NOTHING_OF_ANYBODY = re.compile(
    r"(\w+\.)?(pk|key)|len\(\w+\)|int\([\w.()]+\)|count|minutes|[\w.()]+\.__name__|[\w.]+\.view_name|self\.name|path|error|lost"
    r"|domain_of\([\w.]+\)|in_short\(\w+\)|reason|answer|keys|(check|fault)\.code"
)


def test_a_line_about_a_row_names_its_key_alone():
    """Each of our own lines: its arguments are keys, counts, names of code and what other programs said."""
    lines = [
        (path, node)
        for source in ("cpor_core", "cpor_cases", "cpor_pages", "site/cpor_site")
        for path in (settings.BASE_DIR / source).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("logger.")
    ]
    said = {
        ast.unparse(argument)
        for _path, node in lines
        for argument in node.args[1:]
        if not isinstance(argument, ast.Constant)
    }

    assert len(lines) >= 10
    assert [each for each in said if not SAYS_NOTHING_OF_ANYBODY.fullmatch(each)] == []


def test_nobody_forges_a_line_of_the_log():
    record = logging.LogRecord(
        "x", logging.INFO, "", 0, "Not Found: %s", ("/a\r\n2026 INFO x: forged\x1b[2J",), None
    )

    RedactionFilter(blanked).filter(record)

    assert record.msg == r"Not Found: /a\r\n2026 INFO x: forged\x1b[2J"
