"""Imports with rejected rows leave the list of what waits once a later import has taken these rows."""

import pytest
from django.urls import reverse

from cpor_cases.actions.imports import import_rows
from cpor_cases.models import ImportRun, ProgressEntry
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(court):
    factories.make_word("訴")
    factories.make_kind("judgment")
    return factories.make_case(court)


def take(case, *rows, source="upload", **over):
    return import_rows(list(enumerate(rows, start=2)), source=source, court=case.court, **over)


def to_repair():
    return list(ImportRun.objects.to_repair().order_by("pk"))


def test_rejected_row_is_repaired_by_the_import_that_takes_it(case):
    wrong, other = (factories.row(case, kind="no such kind") for _each in "ab")
    first = take(case, wrong, other)
    assert to_repair() == [first]

    take(case, wrong | {"kind": "judgment"})
    assert to_repair() == [first]
    take(case, other | {"kind": "judgment"})

    assert to_repair() == []
    first.refresh_from_db()
    assert first.rows_rejected == 2


def test_correction_that_was_rejected_is_not_repaired_by_what_was_taken_before(case):
    row = factories.row(case)
    take(case, row)
    rejected = take(case, row | {"recorded_at": "no day"})

    take(case, factories.row(case))
    assert to_repair() == [rejected]
    take(case, row | {"detail": "更正"})

    assert to_repair() == []


def test_row_of_which_a_later_line_counts_leaves_nothing_to_repair(case):
    row = factories.row(case)

    run = take(case, row, row | {"detail": "後者為準"})

    assert run.rows_rejected == 1
    assert to_repair() == []


def test_import_of_another_court_repairs_nothing(case, other_court):
    row = factories.row(case, kind="no such kind")
    rejected = take(case, row)
    elsewhere = factories.make_case(other_court)

    take(elsewhere, factories.row(elsewhere) | {"entry_id": row["entry_id"]})

    assert ProgressEntry.objects.count() == 1
    assert to_repair() == [rejected]


@pytest.mark.parametrize(("file_name", "is_repaired"), [("daily.csv", True), ("other.csv", False)])
def test_aborted_import_is_repaired_by_the_same_file_taken_to_its_end(case, file_name, is_repaired):
    aborted = factories.make_run(court=case.court, state="aborted", file_name="daily.csv", source="upload")

    take(case, factories.row(case), file_name=file_name)

    assert to_repair() == ([] if is_repaired else [aborted])


def test_first_page_lists_only_what_is_still_missing(client, clerk, case):
    client.force_login(clerk)
    rows = [factories.row(case, kind="no such kind") for _each in "ab"]
    for row in rows:
        take(case, row)
    take(case, rows[0] | {"kind": "judgment"})

    page = client.get(reverse("wagtailadmin_home"))

    (panel,) = (panel for panel in page.context["panels"] if panel.name == "imports")
    assert panel.count == 1
    listed = client.get(panel.get_list_url()).context["object_list"]
    assert [run.pk for run in listed] == [run.pk for run in panel.get_rows()]
