"""What importing a file would do is said of this file alone."""

import pytest

from cpor_cases.actions.imports import import_rows
from cpor_cases.intake.dry_run import simulate
from cpor_cases.intake.reading.rows import in_blocks
from cpor_cases.models import ImportRun
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(court, litigant):
    factories.make_word("訴")
    factories.make_kind("judgment")
    case = factories.make_case(court)
    factories.make_access(litigant, case)
    return case


def try_out(*rows):
    return simulate(lambda: in_blocks(enumerate(rows, start=2)))


def test_people_told_of_an_earlier_import_are_not_counted_again(case):
    row = factories.row(case)
    import_rows([(2, row)], source=ImportRun.Source.COMMAND)

    assert try_out(row).people == 0


def test_people_of_an_earlier_dry_run_are_not_counted_again(case):
    assert try_out(factories.row(case)).people == 1

    assert try_out(factories.row(number="998")).people == 0
