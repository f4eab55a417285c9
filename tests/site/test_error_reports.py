"""A report of a failure says what failed and where in the code, and nothing that anybody typed."""

import json
import logging
import sys

import pytest

from cpor_site.error_reports import STAYS, event_of, reduced

PERSON = "端木清和"


def fails(typed: str) -> None:
    try:
        raise LookupError(f"no account of {typed}")
    except LookupError as error:
        raise ValueError(f"Failing row contains ({typed})") from error


def record_of(typed: str, logger: str = "cpor_cases.mail.delivery", message: str = "Mail %d failed"):
    try:
        fails(typed)
    except ValueError:
        told = sys.exc_info()
    return logging.getLogger(logger).makeRecord(
        logger,
        logging.ERROR,
        __file__,
        1,
        message,
        (7,),
        told,
        extra={"request": "r-1", "task": "send_due_mail"},
    )


def test_a_report_says_what_failed_and_where_in_the_code():
    event = event_of(record_of(PERSON))

    first, last = event["exception"]["values"]
    assert (first["type"], last["type"]) == ("LookupError", "ValueError")
    frame = last["stacktrace"]["frames"][-1]
    assert (frame["module"], frame["function"]) == (__name__, "fails")
    assert event["logentry"]["message"] == "Mail 7 failed"
    assert event["tags"] == {"request": "r-1", "task": "send_due_mail"}


def test_a_report_has_neither_words_of_an_exception_nor_values_of_variables():
    assert PERSON not in json.dumps(event_of(record_of(PERSON)), ensure_ascii=False)


@pytest.mark.parametrize("logger", ["django.request", "huey", "urllib3"])
def test_what_others_write_into_the_log_is_not_reported(logger):
    event = event_of(record_of("x", logger, f"Internal Server Error: /search/{PERSON}/%d"))

    assert event["logentry"]["message"] == logger
    assert PERSON not in json.dumps(event, ensure_ascii=False)


def test_what_a_library_adds_to_a_report_stays_here():
    added = {
        "user": {"email": PERSON},
        "request": {"url": PERSON},
        "server_name": "web1",
        "breadcrumbs": [PERSON],
    }

    assert reduced(event_of(record_of("x")) | added).keys() <= STAYS


def test_exceptions_that_name_each_other_end():
    error = ValueError()
    error.__cause__ = KeyError()
    error.__cause__.__cause__ = error

    record = logging.makeLogRecord(
        {"name": "cpor", "levelname": "ERROR", "exc_info": (ValueError, error, None)}
    )

    assert len(event_of(record)["exception"]["values"]) == 2
