"""A file that is imported by its path must stay as it is while it is read, and be what was announced."""

import csv
import hashlib
import os
import subprocess
import sys

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from cpor_cases.intake.columns import HEADINGS
from cpor_cases.intake.reading import source_files
from cpor_cases.intake.reading.source_files import SourceFile
from cpor_cases.models import Case, ImportRun, ProgressEntry
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def rows(court):
    factories.make_word("訴")
    factories.make_kind("judgment")
    return [factories.row(number=str(number)) for number in range(1, 4)]


@pytest.fixture
def export(tmp_path, rows):
    path = tmp_path / "export.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(HEADINGS), restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path


@pytest.fixture(params=[(), ("--dry-run",)], ids=["import", "dry run"])
def refused(request, export):
    def refused(sentence, *options):
        with pytest.raises(CommandError, match=sentence):
            call_command("import_progress", export, *request.param, *options)
        assert not Case.objects.exists()
        assert not ProgressEntry.objects.exists()
        assert not ImportRun.objects.filter(state=ImportRun.State.DONE).exists()

    return refused


def test_a_file_that_another_program_has_open_for_writing_is_refused(export, refused):
    with export.open("a"):
        refused("still writing")


def test_a_file_that_grows_while_it_is_read_is_refused_between_rows_too(export, refused, rows, monkeypatch):
    more = export.read_text(encoding="utf-8").splitlines()[1].replace(rows[0]["entry_id"], "E-late")
    read = source_files.read_blocks

    def read_while_it_grows(path, *others):
        for block in read(path, *others):
            with path.open("a", encoding="utf-8") as file:
                file.write(f"{more}\n")
            yield block

    monkeypatch.setattr(source_files, "read_blocks", read_while_it_grows)
    refused("changed while it was read")


WRITER = """
import sys
with open(sys.argv[1], "a") as file:
    print("open", flush=True)
    sys.stdin.read()
"""


def test_a_file_that_another_process_is_writing_is_refused(export, refused):
    command = [sys.executable, "-c", WRITER, str(export)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as writer:
        writer.stdout.readline()

        refused("still writing")
    call_command("import_progress", export)

    assert ProgressEntry.objects.count() == 3


@pytest.mark.parametrize(
    "change", [os.remove, lambda path: path.write_bytes(b""), lambda path: os.utime(path, (1, 1))]
)
def test_whatever_changes_is_noticed(export, change):
    file = SourceFile(export)
    change(export)

    with pytest.raises(source_files.IncompleteFile, match="changed"):
        list(file.blocks())


def test_whoever_reads_it_stands_in_nobodys_way(export):
    with export.open("rb"):
        call_command("import_progress", export)
        call_command("import_progress", export)

    assert ProgressEntry.objects.count() == 3


def test_another_number_of_rows_than_announced_refuses_the_file(refused):
    refused("4 rows were announced, but there are 3", "--rows=4")


def test_it_does_so_too_if_the_file_was_taken_before(export):
    call_command("import_progress", export)

    with pytest.raises(CommandError, match="2 rows were announced"):
        call_command("import_progress", export, "--rows=2")


def test_another_digest_than_announced_refuses_the_file(refused):
    refused("another SHA-256", f"--sha256={'0' * 64}")


def test_what_is_as_announced_is_taken(export):
    digest = hashlib.sha256(export.read_bytes()).hexdigest().upper()

    call_command("import_progress", export, "--rows=3", f"--sha256={digest}")

    assert ProgressEntry.objects.count() == 3


@pytest.mark.parametrize("option", ["--rows=x", "--rows=-1", "--sha256=abc"])
def test_an_option_that_cannot_be_read_is_refused(export, option):
    with pytest.raises(CommandError, match="hexadecimal|number of rows"):
        call_command("import_progress", export, option)
