"""A command that was killed is typed again with the same file: it goes on, and each person is told once."""

import csv

import pytest
from django.core.management import call_command

from cpor_cases.intake import batches
from cpor_cases.intake import run as runs
from cpor_cases.models import ImportRun, OutgoingMail, ProgressEntry
from tests import factories

pytestmark = pytest.mark.django_db

State = ImportRun.State


class Killed(BaseException):
    """What no handler catches, as nothing does a signal 9."""


@pytest.fixture
def export(court, tmp_path):
    """A file with two entries of one case, whose person follows it."""
    factories.make_word("訴")
    factories.make_kind("judgment")
    case = factories.make_case(court, number=1)
    factories.make_access(factories.make_user("follower"), case)

    def write(*rows):
        file = tmp_path / "export.csv"
        with file.open("w", encoding="utf-8", newline="") as lines:
            writer = csv.DictWriter(lines, fieldnames=list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        return file

    write.rows = [factories.row(case) for _entry in range(4)]
    return write


@pytest.fixture
def killed_in_the_middle(monkeypatch):
    """Import a file and die when half of it is stored."""

    def run(file):
        stored = []

        def store(*arguments, real=runs.store):
            if stored:
                raise Killed
            stored.append(real(*arguments))

        with monkeypatch.context() as patch:
            patch.setattr(batches, "BATCH", 2)
            patch.setattr(runs, "store", store)
            with pytest.raises(Killed):
                call_command("import_progress", str(file), court="TPD")

    return run


def mails():
    return sorted(OutgoingMail.objects.values_list("state", flat=True))


def test_the_repeated_command_goes_on_with_the_run_and_tells_each_person_once(export, killed_in_the_middle):
    file = export(*export.rows)
    killed_in_the_middle(file)
    assert (ProgressEntry.objects.count(), mails()) == (2, ["held"])

    call_command("import_progress", str(file), court="TPD")

    run = ImportRun.objects.get()
    assert (run.state, run.tries, run.rows_read, run.rows_created) == (State.DONE, 2, 4, 4)
    assert ProgressEntry.objects.count() == 4
    assert mails() == ["waiting"]


def test_another_file_ends_it_and_people_are_told_of_what_was_stored(export, killed_in_the_middle):
    killed_in_the_middle(export(*export.rows))

    call_command("import_progress", str(export(*export.rows[:3])), court="TPD")

    assert list(ImportRun.objects.order_by("pk").values_list("state", flat=True)) == [
        State.ABORTED,
        State.DONE,
    ]
    assert mails() == ["waiting", "waiting"]


def test_the_same_file_for_another_choice_of_courts_is_another_import(export, killed_in_the_middle):
    file = export(*export.rows)
    killed_in_the_middle(file)

    call_command("import_progress", str(file))

    assert set(ImportRun.objects.values_list("state", "court__code")) == {
        (State.ABORTED, "TPD"),
        (State.DONE, None),
    }
