"""What somebody reads at the command line when a command cannot do its work."""

import errno
import sqlite3

import pytest
from django.core import management
from django.db import IntegrityError, OperationalError
from django.utils import translation

import manage


def full_disk() -> OperationalError:
    cause = sqlite3.OperationalError("database or disk is full")
    cause.sqlite_errorcode = sqlite3.SQLITE_FULL
    error = OperationalError("database or disk is full")
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (full_disk(), "database or disk is full"),
        (OperationalError("connection failed\nIs the server running?"), "connection failed"),
        (OSError(errno.ENOSPC, "No space left on device"), "No space left on device"),
    ],
)
def test_what_is_away_is_told_in_a_sentence(monkeypatch, error, said):
    monkeypatch.setattr(management, "execute_from_command_line", lambda _arguments: _raise(error))

    with translation.override("en"), pytest.raises(SystemExit) as end:
        manage.main()

    assert end.value.code.startswith("Not done: the database or a disk is not available (")
    assert said in end.value.code
    assert "\n" not in end.value.code


def test_a_fault_of_ours_keeps_its_traceback(monkeypatch):
    monkeypatch.setattr(
        management, "execute_from_command_line", lambda _arguments: _raise(IntegrityError("x"))
    )

    with pytest.raises(IntegrityError):
        manage.main()


def _raise(error):
    raise error
