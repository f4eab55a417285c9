"""The self-check finds nothing where all is well, and each contradiction that somebody plants."""

import datetime as dt

import pytest
from allauth.account.models import EmailAddress
from django.db import connection, transaction
from django.utils import timezone

from cpor_cases.actions import applications, imports
from cpor_cases.actions.clarity import vote_on_entry
from cpor_cases.mail import delivery
from cpor_cases.models import (
    AccountAddress,
    Activation,
    Announcement,
    Application,
    CalendarFeed,
    Case,
    CaseAccess,
    ClarityCounter,
    CourtLogEntry,
    ImportRun,
    IncomingFile,
    Litigant,
    Occasion,
    OutgoingMail,
    ProgressEntry,
    RejectedRow,
)
from cpor_cases.models.clarity_counters import Question, Vote
from cpor_cases.self_check import run
from tests import factories

pytestmark = pytest.mark.django_db

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
State = OutgoingMail.State


def ago(**time) -> dt.datetime:
    return timezone.now() - dt.timedelta(**time)


def found() -> set[str]:
    return {fault.code for fault in run.verify()}


class World:
    """A court whose system sent entries of a case, which two people follow, one of them by a daily email."""

    def __init__(self, court, clerk):
        self.court, self.clerk = court, clerk
        self.case = factories.make_case(court)
        factories.make_word("訴")
        for code, facts in {
            "judgment": {},
            "hearing_set": {"hearing_effect": "sets"},
            "hearing_moved": {"hearing_effect": "moves"},
            "archived": {"ends_query": True},
        }.items():
            factories.make_kind(code, **facts)
        self.person = factories.make_user("follower")
        self.other = factories.make_user("daily", mail_preference="digest")
        self.access = self.approve(self.person)
        self.daily = self.approve(self.other)
        self.newcomer = self.approve_address("new@example.com")
        CaseAccess.objects.update(granted_at=ago(days=3))
        self.run = self.send(
            self.row(entry_id="E1"),
            self.row(entry_id="E2", kind="hearing_set", hearing_at=self.moment(20)),
            self.row(entry_id="E3", kind="hearing_set", hearing_at=self.moment(30)),
            self.row(entry_id="E4", kind="hearing_moved", hearing_at=self.moment(40)),
            self.row(entry_id="E5", kind="nonsense"),
        )
        self.entry = ProgressEntry.objects.get(entry_id="E1")
        vote_on_entry(self.person, self.entry, question=Question.HAPPENED, vote=Vote.YES)
        delivery.deliver.call_local()

    def approve(self, account):
        return self.approve_address(account.email)

    def approve_address(self, email):
        application = factories.make_application(case=self.case, by=self.clerk, email=email)
        return applications.approve(application=application, by=self.clerk, same_person=True)

    def row(self, **facts):
        return factories.row(self.case, recorded_at=timezone.localdate().isoformat(), **facts)

    def send(self, *rows):
        numbered = list(enumerate(rows, start=2))
        return imports.import_rows(numbered, source=ImportRun.Source.COMMAND, court=self.court)

    @staticmethod
    def moment(days: int) -> str:
        return f"{timezone.localdate() + dt.timedelta(days=days)}T09:30"


@pytest.fixture
def world(court, clerk):
    return World(court, clerk)


def test_nothing_is_found_where_all_is_well(world):
    assert found() == set()


PLANTED = {}


def plants(code: str):
    """Note what plants a contradiction, under the code of the check that must find it."""

    def note(plant):
        PLANTED[code] = plant
        return plant

    return note


@plants("entry_untold")
def _(world):
    Announcement.objects.filter(access=world.access).delete()


@plants("announcement_without_mail")
def _(world):
    OutgoingMail.objects.filter(kind="progress").delete()


@plants("announcement_without_digest")
def _(world):
    Announcement.objects.filter(access=world.daily).update(announced_at=ago(days=2))
    ImportRun.objects.filter(pk=world.run.pk).update(ended_at=ago(days=2))


@plants("mail_held")
def _(world):
    OutgoingMail.objects.filter(kind="progress").update(state=State.HELD, ended_at=None)


@plants("mail_never_tried")
def _(world):
    past = {"next_attempt_at": ago(days=2), "not_before": ago(days=2)}
    OutgoingMail.objects.filter(kind="progress").update(
        state=State.WAITING, ended_at=None, attempts=0, **past
    )


@plants("mail_never_given_up")
def _(world):
    past = {"next_attempt_at": ago(days=1), "not_before": ago(days=9)}
    OutgoingMail.objects.filter(kind="progress").update(
        state=State.WAITING, ended_at=None, attempts=30, **past
    )


@plants("mail_put_off")
def _(world):
    late = {"next_attempt_at": timezone.now() + 9 * DAY}
    OutgoingMail.objects.filter(kind="progress").update(state=State.WAITING, ended_at=None, **late)


@plants("mail_leased")
def _(world):
    late = {"leased_until": timezone.now() + 9 * DAY}
    OutgoingMail.objects.filter(kind="progress").update(state=State.WAITING, ended_at=None, **late)


@plants("mail_stopped")
def _(world):
    OutgoingMail.objects.filter(kind="progress").update(state=State.STOPPED, ended_at=None)


@plants("mail_about_another_person")
def _(world):
    OutgoingMail.objects.filter(account=world.person, kind="case_added").update(access=world.daily)


@plants("occasion_of_another_person")
def _(world):
    theirs = OutgoingMail.objects.filter(account=world.other).first()
    Occasion.objects.filter(access=world.access).update(mail=theirs)


@plants("digest_of_another_person")
def _(world):
    theirs = OutgoingMail.objects.filter(account=world.person).first()
    Announcement.objects.filter(access=world.daily).update(digest=theirs)


@plants("approved_without_access")
def _(world):
    Application.objects.filter(pk=world.access.application_id).update(account=world.clerk)
    CaseAccess.objects.filter(pk=world.access.pk).update(ended_at=timezone.now(), end_reason="revoked")


@plants("approved_without_mail")
def _(world):
    Occasion.objects.filter(access=world.access).delete()


@plants("access_without_application")
def _(world):
    other = factories.make_application(world.court, by=world.clerk)
    CaseAccess.objects.filter(pk=world.access.pk).update(application=other)


@plants("access_of_staff")
def _(world):
    type(world.person).objects.filter(pk=world.person.pk).update(is_superuser=True)


@plants("access_of_closed_account")
def _(world):
    Litigant.objects.store(world.newcomer.account, closed_at=timezone.now())


@plants("access_without_activation")
def _(world):
    Activation.objects.filter(account=world.newcomer.account).delete()


@plants("address_not_registered")
def _(world):
    AccountAddress.objects.filter(account=world.person).delete()


@plants("primary_address_differs")
def _(world):
    EmailAddress.objects.create(user=world.person, email=world.person.email, verified=True, primary=True)
    EmailAddress.objects.update(email="former@example.com")
    AccountAddress.objects.create(account=world.person, address="former@example.com")


@plants("calendar_of_inactive_account")
def _(world):
    CalendarFeed.objects.create(account=world.newcomer.account)


@plants("closing_day")
def _(world):
    Case.objects.filter(pk=world.case.pk).update(closed_on=timezone.localdate())


@plants("unclear_hearing")
def _(world):
    Case.objects.filter(pk=world.case.pk).update(unclear_until=None)


@plants("search_text_of_case")
def _(world):
    Case.objects.filter(pk=world.case.pk).update(search_text="損害賠償")


@plants("search_text_of_application")
def _(world):
    Application.objects.filter(pk=world.access.application_id).update(search_text="陳小美")


@plants("search_text_of_log")
def _(world):
    CourtLogEntry.objects.filter(action="cpor_cases.application.approve").update(search_text="x")


@plants("application_of_another_court")
def _(world):
    Application.objects.filter(pk=world.access.application_id).update(court=factories.make_court("SLD"))


@plants("entry_of_another_court")
def _(world):
    ProgressEntry.objects.filter(pk=world.entry.pk).update(court=factories.make_court("SLD"))


@plants("entry_on_hold")
def _(world):
    ProgressEntry.objects.filter(pk=world.entry.pk).update(held_until=ago(hours=2))


@plants("entry_out_of_order")
def _(world):
    ProgressEntry.objects.filter(pk=world.entry.pk).update(corrected_at=ago(days=2))


@plants("reminder_missing")
def _(world):
    soon = timezone.now() + 5 * DAY
    known = {"hearing_at": soon, "first_seen_at": ago(days=9)}
    ProgressEntry.objects.filter(entry_id="E3").update(**known)
    ProgressEntry.objects.filter(entry_id="E4").delete()
    Case.objects.update(unclear_until=None)
    CaseAccess.objects.update(granted_at=ago(days=8))


@plants("import_rejected_rows")
def _(world):
    RejectedRow.objects.all().delete()


@plants("import_entries")
def _(world):
    ImportRun.objects.filter(pk=world.run.pk).update(rows_created=1, rows_unchanged=3)


@plants("import_without_file")
def _(world):
    ImportRun.objects.create(court=world.court, source=ImportRun.Source.API, state=ImportRun.State.WAITING)


@plants("import_without_heartbeat")
def _(world):
    ImportRun.objects.create(court=world.court, source=ImportRun.Source.API, heartbeat_at=ago(hours=9))


@plants("file_after_import")
def _(world):
    ImportRun.objects.filter(pk=world.run.pk).update(ended_at=ago(hours=2))
    file = {"court": world.court, "clerk": world.clerk, "state": IncomingFile.State.IMPORTING}
    IncomingFile.objects.create(**file, run=world.run)


@plants("vote_not_counted")
def _(world):
    ClarityCounter.objects.update(yes=0)


@plants("reference_broken")
def _(world):
    table, key = ProgressEntry._meta.db_table, world.entry.pk
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"UPDATE {table} SET kind_id = 999999 WHERE id = {key}")  # noqa: S608 (names of ours)
        else:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")


@pytest.mark.parametrize("code", PLANTED)
def test_what_was_planted_is_found_and_nothing_else(world, code):
    with transaction.atomic():
        PLANTED[code](world)

        assert found() == {code}

        transaction.set_rollback(True)  # the end of the test would refuse a broken reference


def test_every_check_has_been_planted():
    assert set(PLANTED) == set(run.BY_CODE)
