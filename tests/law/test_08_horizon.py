"""Law of the house, 8: a clerk's horizon is the court. (The office's addresses are walked in tests/cases/backoffice.)"""

import pytest
from django.core.exceptions import PermissionDenied

from cpor_cases.actions import access, accounts, applications
from cpor_cases.case_numbers import CaseNumber
from cpor_cases.intake.run import run_rows
from cpor_cases.models import (
    Activation,
    Application,
    Case,
    CaseAccess,
    Court,
    ImportRun,
    OutgoingMail,
    ProgressEntry,
)
from tests import factories

pytestmark = pytest.mark.django_db

MODELS_OF_A_COURT = [Activation, Application, Case, CaseAccess, ImportRun, OutgoingMail, ProgressEntry]


@pytest.fixture
def rows_of_the_court(clerk, court):
    """One row of each kind at the clerk's court."""
    granted = applications.approve(application=factories.make_application(court, by=clerk), by=clerk)
    granted.account.is_active = True
    granted.account.save()
    run_rows(
        [(1, factories.row(granted.case, kind=factories.make_kind().code))],
        source="desk",
        court=court,
        by=clerk,
    )
    return granted


@pytest.mark.parametrize("model", MODELS_OF_A_COURT, ids=lambda model: model.__name__)
def test_a_clerk_sees_the_rows_of_the_own_court_and_none_of_another(
    rows_of_the_court, model, clerk, clerk_elsewhere
):
    assert model.objects.for_clerk(clerk).exists()
    assert not model.objects.for_clerk(clerk_elsewhere).exists()


@pytest.mark.parametrize("model", [*MODELS_OF_A_COURT, Court], ids=lambda model: model.__name__)
def test_litigants_and_former_staff_see_no_rows_as_a_clerk_does(rows_of_the_court, model, clerk, litigant):
    clerk.is_active = False
    clerk.save()

    assert not model.objects.for_clerk(litigant).exists()
    assert not model.objects.for_clerk(clerk).exists()


def test_every_deed_refuses_a_clerk_of_another_court(rows_of_the_court, court, clerk_elsewhere):
    application = factories.make_application(court)
    deeds = [
        lambda: applications.approve(application=application, by=clerk_elsewhere),
        lambda: applications.refuse(
            application=application, by=clerk_elsewhere, reason=factories.make_reason()
        ),
        lambda: access.revoke(access=rows_of_the_court, by=clerk_elsewhere),
        lambda: accounts.unlock(activation=rows_of_the_court.account.activation, by=clerk_elsewhere),
        lambda: applications.record(
            court=court,
            category="civil",
            number=CaseNumber(115, "訴", 999),
            applicant_name="王大明",
            role=factories.make_role(),
            email="a@example.com",
            received_on="2026-09-24",
            by=clerk_elsewhere,
        ),
    ]

    for deed in deeds:
        with pytest.raises(PermissionDenied):
            deed()


def test_rows_of_another_court_than_the_senders_are_rejected(court, other_court):
    factories.make_word("訴")
    theirs = factories.row(factories.make_case(other_court), kind=factories.make_kind().code)

    run = run_rows([(1, theirs)], source=ImportRun.Source.DESK, court=court)

    assert run.rows_rejected == 1
    assert not ProgressEntry.objects.exists()
