"""A case is merged while others work on it, on the real database."""

from tests.support.at_once import run_at_once

TWO_CASES = """
import random
from cpor_cases.actions import access as accesses, case_merging, view_log
from cpor_core.case_numbers import CaseNumber
from cpor_cases.actions.imports import import_rows
from cpor_cases.models import Application, Case, CaseAccess, ImportRun, ProgressEntry

def merge(dropped, kept):
    return case_merging.merge(dropped=dropped, kept=kept, by=clerk).pk

def pair():
    return [factories.make_case(court, number=random.randint(10_000, 9_999_999)) for _each in range(2)]

factories.make_word("訴")
"""
MERGED_TWICE = """
for number in range(5):
    dropped, kept = pair()
    ends = at_once(lambda: merge(dropped, kept), lambda: merge(dropped, kept))
    assert sorted(map(str, ends)) == sorted([str(kept.pk), "DoesNotExist"]), ends
"""
MERGED_BOTH_WAYS = """
for number in range(5):
    one, other = pair()
    ends = at_once(lambda: merge(one, other), lambda: merge(other, one))
    assert ends.count("DoesNotExist") == 1, ends
    assert Case.objects.filter(pk__in=[one.pk, other.pk]).count() == 1
"""
WHILE_OTHERS_WORK = """
for number in range(5):
    dropped, kept = pair()
    person = factories.make_user(f"merge-{uuid.uuid4().hex[:8]}")
    access = factories.make_access(person, dropped)
    paper = factories.make_application(case=dropped, by=clerk, email=f"{uuid.uuid4().hex[:8]}@race.example")
    number = CaseNumber(dropped.year, dropped.word, dropped.number)
    facts = dict(court=court, category="civil", number=number, applicant_name="Li", role=factories.make_role(),
                 email="li@race.example", received_on=paper.received_on, by=clerk)
    row = factories.row(dropped, kind=factories.make_kind("judgment").code)
    ends = at_once(
        lambda: merge(dropped, kept),
        lambda: approve(paper),
        lambda: applications.record(**facts).pk,
        lambda: import_rows([(2, row)], source=ImportRun.Source.COMMAND).pk,
        lambda: view_log.log_case_views([access], by=person, opened=True),
        lambda: accesses.revoke(access=access, by=clerk),
    )
    assert not [end for end in ends if isinstance(end, str)], ends
    assert not Case.objects.filter(pk=dropped.pk).exists()
    assert CaseAccess.objects.get(application=paper).case_id == kept.pk
    assert CaseAccess.objects.get(pk=access.pk).end_reason == "revoked"
    left = Case.objects.filter(court=court, year=dropped.year, word=dropped.word, number=dropped.number)
    assert ProgressEntry.objects.filter(entry_id=row["entry_id"]).count() == 1
    assert left.count() <= 1
"""


def test_two_who_merge_the_same_cases_merge_them_once(site):
    run_at_once(site, TWO_CASES, MERGED_TWICE)


def test_two_who_merge_them_into_each_other_leave_one(site):
    run_at_once(site, TWO_CASES, MERGED_BOTH_WAYS)


def test_who_approves_records_imports_views_or_revokes_meanwhile_finds_a_case(site):
    run_at_once(site, TWO_CASES, WHILE_OTHERS_WORK)
