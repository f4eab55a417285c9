"""The database is away, or a disk is full: a calm page within seconds, and the process stays alive."""

import errno
import sqlite3

import psycopg
import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.core.files.base import ContentFile
from django.db import DatabaseError, InterfaceError, OperationalError, connections
from django.test import Client

from cpor_cases.accounts.middleware import sessions
from cpor_cases.api import reference
from cpor_cases.views.cases import CasesView
from cpor_core.unavailability import is_unavailability
from tests import factories

DATABASE_IS_AWAY = OperationalError("the connection is closed")


def caused_by(error, cause):
    error.__cause__ = cause
    return error


def of_sqlite(code, kind=sqlite3.OperationalError):
    cause = kind("…")
    cause.sqlite_errorcode = code
    return caused_by(DatabaseError("…"), cause)


def of_postgresql(state):
    return caused_by(DatabaseError("…"), psycopg.errors.lookup(state)("…"))


AWAY = [
    OperationalError("connection failed"),
    InterfaceError("connection already closed"),
    caused_by(OperationalError("…"), psycopg.OperationalError("server closed the connection unexpectedly")),
    *(of_postgresql(state) for state in ("57P01", "57014", "55P03", "53100", "53300", "25006", "40P01")),
    *(of_sqlite(code) for code in (5, 6, 8, 10, 13, 14, 261, 1032)),
    of_sqlite(11, sqlite3.DatabaseError),
    of_sqlite(26, sqlite3.DatabaseError),
    OSError(errno.ENOSPC, "No space left on device"),
    OSError(errno.EROFS, "Read-only file system"),
    caused_by(ValueError("a consequence"), OSError(errno.EDQUOT, "Quota exceeded")),
]
FAULTS = [
    DatabaseError("…"),
    ValueError("…"),
    FileNotFoundError(errno.ENOENT, "No such file"),
    of_sqlite(1),  # no such table
    of_sqlite(19, sqlite3.IntegrityError),
    of_postgresql("42P01"),
    of_postgresql("23505"),
]


@pytest.mark.parametrize("error", AWAY, ids=repr)
def test_what_passes_by_itself_is_no_fault(error):
    assert is_unavailability(error)


@pytest.mark.parametrize("error", FAULTS, ids=repr)
def test_a_fault_of_ours_stays_one(error):
    assert not is_unavailability(error)


@pytest.fixture
def visitor():
    return Client(raise_request_exception=False)


@pytest.fixture
def reader(visitor, litigant):
    visitor.force_login(litigant)
    visitor.get("/cases/")
    return visitor


@pytest.fixture
def break_database(monkeypatch):
    """Let every statement fail from now on; return how often one was tried."""

    def broken(error=DATABASE_IS_AWAY):
        tried = []

        def fail(*arguments, **options):
            tried.append(arguments)
            raise error

        monkeypatch.setattr(type(connections["default"]), "cursor", fail)
        return tried

    yield broken
    monkeypatch.undo()


def is_calm(answer):
    page = answer.content.decode()
    chinese, _mark, english = page.partition('lang="en"')
    assert "請於幾分鐘後再試一次" in chinese
    assert "try again in a few minutes" in english
    assert "css/site.css" in page
    assert answer.headers["Retry-After"] == "60"
    assert "no-store" in answer.headers["Cache-Control"]
    return answer.status_code == 503


@pytest.mark.parametrize("path", ["/", "/en/faq/", "/cases/", "/accounts/login/", "/office/"])
@pytest.mark.django_db
def test_every_page_is_calm_and_asks_once(reader, break_database, path):
    tried = break_database()

    assert is_calm(reader.get(path))
    assert len(tried) == 1


@pytest.mark.parametrize("error", [of_sqlite(8), of_sqlite(13), of_postgresql("53100")], ids=repr)
@pytest.mark.django_db
def test_a_form_is_answered_with_a_sentence(visitor, break_database, error):
    break_database(error)

    assert is_calm(visitor.post("/accounts/login/", {"login": "somebody", "password": "secret"}))


@pytest.mark.django_db
def test_a_full_disk_is_told_where_a_file_is_handed_in(visitor, clerk, monkeypatch):
    visitor.force_login(clerk)

    def full(*_arguments, **_options):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("django.core.files.uploadhandler.TemporaryUploadedFile", full)
    monkeypatch.setattr("django.core.files.uploadhandler.MemoryFileUploadHandler.receive_data_chunk", full)

    assert is_calm(visitor.post("/office/imports/upload/", {"file": ContentFile(b"x", name="x.csv")}))


@pytest.mark.django_db
def test_a_session_that_cannot_be_written_leads_to_no_circle(reader, monkeypatch):
    def full(*_arguments, **_options):
        raise of_sqlite(13)

    monkeypatch.setattr(SessionStore().get_model_class(), "save", full)
    monkeypatch.setattr(sessions, "current_minute", lambda: 1)  # one in which nothing was read yet

    assert is_calm(reader.get("/cases/"))


@pytest.mark.django_db
def test_a_court_s_system_is_told_as_a_problem(visitor, court, break_database):
    headers = {"Authorization": f"Bearer {factories.make_token(court)[1]}"}
    break_database()

    answer = visitor.post("/api/v1/progress", "[]", content_type="application/json", headers=headers)

    assert (answer.status_code, answer.headers["Content-Type"]) == (503, "application/problem+json")
    assert answer.json()["status"] == 503
    assert answer.headers["Retry-After"] == "60"


@pytest.mark.django_db
def test_a_call_that_fails_unexpectedly_is_answered_with_a_problem_that_tells_no_secret(
    visitor, court, monkeypatch, caplog
):
    def fail():
        raise ValueError("row of 王大明")

    monkeypatch.setattr(reference, "read", fail)
    headers = {"Authorization": f"Bearer {factories.make_token(court)[1]}", "Accept-Language": "en"}

    answer = visitor.get("/api/v1/reference", headers=headers | {"X-Request-ID": "nightly-17"})

    assert (answer.status_code, answer.headers["Content-Type"]) == (500, "application/problem+json")
    told = answer.json()
    assert told["type"].endswith("#internal-error")
    assert (told["status"], told["request_id"]) == (500, "nightly-17")
    assert "The service failed" in told["detail"]
    assert "王大明" not in answer.content.decode()
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("path", ["/api/", "/api/v2/progress", "/api/v1", "/api/v1/nothing"])
@pytest.mark.django_db
def test_no_address_of_machines_has_a_page(visitor, path):
    answer = visitor.get(path)

    assert (answer.status_code, answer.headers["Content-Type"]) == (404, "application/problem+json")


@pytest.mark.django_db
def test_a_fault_of_a_page_is_an_error_as_ever(reader, monkeypatch):
    monkeypatch.setattr(CasesView, "get", lambda *_: 1 / 0)

    assert reader.get("/cases/").status_code == 500


@pytest.mark.django_db
def test_a_process_is_alive_without_the_database_with_a_session_too(reader, break_database):
    tried = break_database()

    assert reader.get("/healthz").status_code == 200
    assert tried == []


@pytest.mark.django_db
def test_it_says_that_it_can_do_nothing(reader, break_database):
    break_database()

    answer = reader.get("/readyz")

    assert answer.status_code == 503
    assert "Database: UNAVAILABLE" in answer.content.decode()
