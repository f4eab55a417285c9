"""What the database itself refuses, whatever the code above it does."""

import pytest
from django.db import connection
from django.utils import timezone

from cpor_cases.models import Application, Case, CaseAccess, ImportRun, OutgoingMail, ProgressEntry
from tests import factories
from tests.support.constraints import is_refused

pytestmark = pytest.mark.django_db


def test_a_case_stands_once_however_it_comes(court):
    case = factories.make_case(court, number=123)

    assert is_refused(lambda: factories.make_case(court, number=123))
    assert not is_refused(lambda: factories.make_case(court, number=123, category="criminal"))
    assert is_refused(lambda: Case.objects.filter(pk=case.pk).update(year=0))


def test_an_entry_number_stands_once_in_a_court(court, other_court):
    case = factories.make_case(court)
    factories.make_entry(case, entry_id="E1")

    assert is_refused(lambda: factories.make_entry(factories.make_case(court), entry_id="E1"))
    assert not is_refused(lambda: factories.make_entry(factories.make_case(other_court), entry_id="E1"))
    assert ProgressEntry.objects.count() == 2


def test_an_entry_is_of_its_cases_court(court, other_court):
    entry = ProgressEntry.objects.filter(pk=factories.make_entry(factories.make_case(court)).pk)

    def move(**over):
        entry.update(**over)
        connection.check_constraints()

    assert is_refused(lambda: move(court=0))
    assert is_refused(lambda: move(case=0))
    # SQLite knows the two foreign keys apart, not as one.
    assert is_refused(lambda: move(court=other_court)) == (connection.vendor == "postgresql")
    assert not is_refused(lambda: move(court=other_court, case=factories.make_case(other_court)))


def test_a_decision_has_a_time_and_a_person_or_neither(clerk, court):
    application = factories.make_application(court, by=clerk)
    row = Application.objects.filter(pk=application.pk)
    reason = factories.make_reason()

    assert is_refused(lambda: row.update(decided_at=timezone.now()))
    assert is_refused(lambda: row.update(status="refused", refusal_reason=reason, decided_at=timezone.now()))
    assert is_refused(lambda: row.update(status="refused", decided_at=timezone.now(), decided_by=clerk))
    assert is_refused(lambda: row.update(status="approved", decided_at=timezone.now(), decided_by=clerk))
    decided = {"decided_at": timezone.now(), "decided_by": clerk, "refusal_reason": reason}
    assert not is_refused(lambda: row.update(status="refused", **decided))


def test_an_access_ends_with_a_reason(litigant):
    right = factories.make_access(litigant)

    assert is_refused(lambda: CaseAccess.objects.filter(pk=right.pk).update(ended_at=timezone.now()))


def test_a_mail_is_of_a_person_and_an_import_once_and_ends_when_it_is_sent(litigant):
    run = factories.make_run()
    facts = {"kind": "progress", "account": litigant, "address": litigant.email, "run": run}
    mail = OutgoingMail.objects.create(**facts)

    assert is_refused(lambda: OutgoingMail.objects.create(**facts))
    assert is_refused(lambda: OutgoingMail.objects.filter(pk=mail.pk).update(state="sent"))


def test_an_import_that_is_done_accounts_for_every_row():
    run = factories.make_run()

    assert is_refused(lambda: ImportRun.objects.filter(pk=run.pk).update(rows_read=2, rows_created=1))
    assert not is_refused(lambda: ImportRun.objects.filter(pk=run.pk).update(rows_read=1, rows_created=1))
