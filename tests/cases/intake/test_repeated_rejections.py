"""Rows that a court's system sends again as they were rejected stay one piece of work, which is as old as the first of them."""

import datetime as dt

import pytest
from django.utils import timezone

from cpor_cases.actions import rejections
from cpor_cases.actions.imports import import_rows
from cpor_cases.models import CaseAccess, ImportRun
from cpor_cases.office.imports.columns import days_open
from tests import factories

pytestmark = pytest.mark.django_db

LAST_WEEK = timezone.now() - dt.timedelta(days=9)


def take(case, *rows, started_at=None, **over) -> ImportRun:
    run = import_rows(list(enumerate(rows, start=2)), source="upload", court=case.court, **over)
    if started_at:
        ImportRun.objects.filter(pk=run.pk).update(started_at=started_at)
    run.refresh_from_db()
    return run


def open_imports() -> list[ImportRun]:
    return list(ImportRun.objects.to_repair().order_by("pk"))


@pytest.fixture
def wrong(case):
    return [factories.row(case, kind="no such kind") for _each in "ab"]


@pytest.fixture
def first(case, wrong):
    """The import of last week that rejected two rows."""
    return take(case, *wrong, started_at=LAST_WEEK)


def test_the_same_rows_again_are_the_same_work_with_its_age(case, wrong, first):
    take(case, *wrong, factories.row(case))
    latest = take(case, *wrong, factories.row(case))

    assert open_imports() == [latest]
    assert latest.open_since == first.started_at
    assert days_open(latest) == days_open(ImportRun(started_at=LAST_WEEK, rows_rejected=1)) > 0
    first.refresh_from_db()
    assert not first.is_to_repair


def test_one_more_wrong_row_joins_them(case, wrong, first):
    latest = take(case, *wrong, factories.row(case, kind="no such kind"))

    assert open_imports() == [latest]
    assert latest.open_since == first.started_at


def test_what_did_not_come_again_stays_work_of_its_own(case, wrong, first):
    again = take(case, wrong[0])

    assert open_imports() == [first, again]


def test_rows_that_are_wrong_in_another_way_are_still_missing_once(case, wrong, first):
    latest = take(case, *(row | {"kind": "judgment", "recorded_at": "no day"} for row in wrong))

    assert open_imports() == [latest]


def test_other_rows_are_other_work(case, first):
    other = take(case, factories.row(case, kind="no such kind"))

    assert open_imports() == [first, other]
    assert other.open_since is None


def test_another_courts_rows_are_its_own(case, other_court, wrong, first):
    elsewhere = factories.make_case(other_court)

    other = take(elsewhere, *(row | {"court": other_court.code} for row in wrong))

    assert open_imports() == [first, other]


def test_once_they_come_in_corrected_nothing_is_left_open(case, wrong, first):
    take(case, *wrong)

    take(case, *(row | {"kind": "judgment"} for row in wrong))

    assert open_imports() == []


def test_their_answer_stays_theirs_as_long_as_they_are_alike(case, wrong, first, clerk):
    rejections.answer(first, code="unknown_kind", answer="test", note="測試用", by=clerk)

    again = take(case, *wrong)
    third = take(case, *wrong)

    assert open_imports() == []
    for run in (again, third):
        group = run.rejection_groups.get()
        assert (group.answer, group.note, group.answered_by) == ("test", "測試用", clerk)
        assert run.settled_at is not None


def test_an_answer_is_not_for_a_row_that_differs(case, wrong, first, clerk):
    rejections.answer(first, code="unknown_kind", answer="test", by=clerk)

    changed = take(case, wrong[0], wrong[1] | {"kind": "still no kind"})

    assert open_imports() == [changed]


def test_an_answer_taken_back_is_not_taken_over(case, wrong, first, clerk):
    rejections.answer(first, code="unknown_kind", answer="test", by=clerk)
    rejections.take_back_answer(first, code="unknown_kind", by=clerk)

    again = take(case, *wrong)

    assert open_imports() == [again]
    assert again.open_since == first.started_at


def test_the_people_of_the_case_read_when_it_was_sent_last(case, wrong, first, litigant):
    factories.make_access(litigant, case)

    latest = take(case, *wrong)

    assert (
        CaseAccess.objects.visible_to(litigant).with_missing_since().get().missing_since == latest.started_at
    )


def test_an_aborted_import_is_not_closed_by_the_rows_that_it_had_rejected(case, wrong):
    aborted = take(case, *wrong)
    ImportRun.objects.filter(pk=aborted.pk).update(state="aborted", repaired_at=None)
    aborted.rejection_groups.create(code="aborted", rows=0)

    again = take(case, *wrong)

    assert open_imports() == [aborted, again]
