"""Rejected rows are work until they come in corrected, or a clerk says why they do not; that can be taken back."""

import pytest
from django.core.exceptions import PermissionDenied

from cpor_cases.actions import case_merging, rejections
from cpor_cases.actions.imports import import_rows
from cpor_cases.models import CaseAccess, CourtLogEntry, ImportRun, RejectedRow, RejectionGroup
from tests import factories

pytestmark = pytest.mark.django_db


def take(case, *rows, source="upload", **over) -> ImportRun:
    return import_rows(list(enumerate(rows, start=2)), source=source, court=case.court, **over)


@pytest.fixture
def run(case):
    """An import with two unknown kinds, a bad date, and a good row."""
    bad = [factories.row(case, kind=f"no such kind {number}") for number in (1, 2)]
    return take(case, *bad, factories.row(case, recorded_at="no day"), factories.row(case))


def is_open(run) -> bool:
    run.refresh_from_db()
    assert run.is_to_repair == ImportRun.objects.to_repair().filter(pk=run.pk).exists()
    return run.is_to_repair


def test_rejected_rows_are_counted_by_reason(run):
    counts = run.rejection_groups.values_list("code", "rows")

    assert dict(counts) == {"unknown_kind": 2, "not_a_date": 1}
    assert is_open(run)


def test_an_import_is_open_until_each_reason_has_its_answer(run, clerk):
    rejections.answer(run, code="unknown_kind", answer="typed", by=clerk)
    assert is_open(run)

    rejections.answer(run, code="not_a_date", answer="other", note="另以公文更正", by=clerk)

    assert not is_open(run)
    assert (run.settled_at is not None, run.repaired_at) == (True, None)


def test_one_answer_may_be_for_all(run, clerk):
    rejections.answer(run, code="unknown_kind", answer="typed", by=clerk)

    assert rejections.answer(run, answer="test", by=clerk) == 1

    assert not is_open(run)
    assert set(run.rejection_groups.values_list("answer", flat=True)) == {"typed", "test"}


def test_an_answer_for_some_and_the_others_corrected_close_it_together(case, run, clerk):
    rejections.answer(run, code="unknown_kind", answer="typed", by=clerk)
    bad_date = run.rejected_rows.get(code="not_a_date").row

    take(case, bad_date | {"recorded_at": "115/09/24"})

    assert not is_open(run)
    assert run.repaired_at is not None


def test_corrected_first_and_answered_then_closes_it_too(case, run, clerk):
    bad_date = run.rejected_rows.get(code="not_a_date").row
    take(case, bad_date | {"recorded_at": "115/09/24"})
    assert is_open(run)

    rejections.answer(run, code="unknown_kind", answer="typed", by=clerk)

    assert not is_open(run)


def test_an_answer_taken_back_makes_it_work_again(run, clerk):
    rejections.answer(run, answer="test", by=clerk)

    assert rejections.take_back_answer(run, code="unknown_kind", by=clerk)
    assert not rejections.take_back_answer(run, code="unknown_kind", by=clerk)

    assert is_open(run)


def test_taken_back_after_all_rows_came_in_it_stays_closed(case, run, clerk):
    rejections.answer(run, code="unknown_kind", answer="typed", by=clerk)
    take(
        case, *(row.row | {"kind": "judgment", "recorded_at": "115/09/24"} for row in run.rejected_rows.all())
    )
    assert not is_open(run)

    rejections.take_back_answer(run, code="unknown_kind", by=clerk)

    assert not is_open(run)


def test_an_aborted_import_is_closed_by_an_answer(court, clerk):
    run = factories.make_run(court=court, state="aborted", source="api")
    RejectionGroup.objects.create(run=run, code="aborted", rows=0)

    rejections.answer(run, answer="test", by=clerk)

    assert not is_open(run)


def test_of_rows_that_were_deleted_each_reason_needs_its_answer(run, clerk):
    run.rejected_rows.all().delete()

    rejections.answer(run, code="unknown_kind", answer="typed", by=clerk)
    assert is_open(run)
    rejections.answer(run, code="not_a_date", answer="typed", by=clerk)

    assert not is_open(run)


def test_answers_are_logged(run, clerk):
    rejections.answer(run, code="unknown_kind", answer="typed", by=clerk)
    rejections.take_back_answer(run, code="unknown_kind", by=clerk)

    entries = CourtLogEntry.objects.filter(action__startswith="cpor_cases.import.").exclude(
        action="cpor_cases.import.run"
    )
    assert {(entry.action.rpartition(".")[2], entry.user, entry.court) for entry in entries} == {
        ("answer", clerk, run.court),
        ("take_back_answer", clerk, run.court),
    }


def test_only_who_imports_at_the_court_may_answer(run, clerk_elsewhere, litigant):
    for person in (clerk_elsewhere, litigant):
        with pytest.raises(PermissionDenied):
            rejections.answer(run, answer="test", by=person)

    assert is_open(run)


def test_the_same_file_again_is_counted_again(case, tmp_path, run):
    again = take(case, *(row.row for row in run.rejected_rows.all()))

    assert dict(again.rejection_groups.values_list("code", "rows")) == {"unknown_kind": 2, "not_a_date": 1}


def missing_of(person) -> list:
    found = CaseAccess.objects.visible_to(person).with_missing_since()
    return [access.missing_since for access in found]


def test_the_people_of_a_case_are_told_that_a_row_of_it_was_rejected_and_nobody_else(
    case, run, litigant, other_litigant
):
    factories.make_access(litigant, case)
    factories.make_access(other_litigant, factories.make_case(case.court))

    assert missing_of(litigant) == [run.started_at]
    assert missing_of(other_litigant) == [None]


def test_they_are_told_no_more_once_their_rows_came_in_though_others_did_not(case, run, litigant):
    other = factories.make_case(case.court)
    take(other, factories.row(other, kind="no such kind"))
    factories.make_access(litigant, case)

    take(
        case, *(row.row | {"kind": "judgment", "recorded_at": "115/09/24"} for row in run.rejected_rows.all())
    )

    assert missing_of(litigant) == [None]
    assert ImportRun.objects.to_repair().count() == 1


def test_they_are_told_no_more_once_a_clerk_has_said_why_it_stays_out(case, run, litigant, clerk):
    factories.make_access(litigant, case)

    rejections.answer(run, answer="typed", by=clerk)

    assert missing_of(litigant) == [None]


@pytest.mark.parametrize(
    "row",
    [
        {"kind": "no such kind", "number": "no number"},
        {"court": "SLD"},
        {"category": "criminal", "kind": "no such kind"},
        {"year": "114", "kind": "no such kind"},
    ],
    ids=["no number", "another court", "another category", "another year"],
)
def test_a_row_that_names_no_case_on_record_is_nobodys(case, other_court, litigant, row):
    factories.make_access(litigant, case)

    run = take(case, factories.row(case, **row))

    assert run.rows_rejected == 1
    assert missing_of(litigant) == [None]


def test_a_merged_case_takes_its_rejected_rows_along(case, run, clerk):
    kept = factories.make_case(case.court)

    case_merging.merge(dropped=case, kept=kept, by=clerk)

    assert set(RejectedRow.objects.values_list("case", flat=True)) == {kept.pk}
