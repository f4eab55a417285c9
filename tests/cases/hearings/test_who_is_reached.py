"""Who counts as told of a changed hearing, where mails, imports and cases cross."""

import datetime as dt

import pytest
from django.core import mail
from django.utils import timezone

from cpor_cases.actions import case_merging
from cpor_cases.actions.imports import import_rows
from cpor_cases.intake import batches
from cpor_cases.mail import delivery, links, outbox
from cpor_cases.models import HearingNotice, Litigant, OutgoingMail
from tests import factories

pytestmark = pytest.mark.django_db


def in_days(days: int) -> dt.datetime:
    return timezone.localtime().replace(hour=9, minute=30, second=0, microsecond=0) + dt.timedelta(days=days)


@pytest.fixture
def person(court):
    return factories.make_user(last_login=timezone.now())


@pytest.fixture
def make_access(court, person):
    """Access to a case with a hearing in three days and another one later."""
    factories.make_word("訴")
    for code in ("hearing_set", "hearing_changed", "hearing_cancelled", "judgment"):
        factories.make_kind(code)
    yesterday = timezone.now() - dt.timedelta(days=1)

    def make(**over):
        access = factories.make_access(person, factories.make_case(court), **over)
        for each in (3, 33):
            factories.make_entry(
                access.case,
                "hearing_set",
                hearing_at=in_days(each),
                recorded_at=yesterday,
                first_seen_at=yesterday,
            )
        return access

    return make


def calls_off(access, days: int = 3, **over) -> dict[str, str]:
    facts = {"kind": "hearing_cancelled", "recorded_at": f"{timezone.localdate()}"}
    return factories.row(access.case, **facts, hearing_at=f"{in_days(days):%Y-%m-%d %H:%M}", **over)


def take(*rows: dict[str, str]):
    return import_rows(list(enumerate(rows, start=2)), source="command")


def to_telephone() -> list[int]:
    return sorted(HearingNotice.objects.to_telephone().values_list("access", flat=True))


def test_a_mail_about_another_case_of_the_same_import_reaches_nobody(make_access):
    told, muted = make_access(), make_access(mail_preference="none")

    take(calls_off(told), calls_off(muted))
    delivery.deliver.call_local()

    assert to_telephone() == [muted.pk]


def test_i_know_is_about_the_cases_that_the_mail_told_of(make_access, client, person):
    told, muted = make_access(), make_access(mail_preference="none")
    run = take(calls_off(told), calls_off(muted))
    delivery.deliver.call_local()

    client.post(links.known_path(person.pk, run.pk))

    assert to_telephone() == [muted.pk]


@pytest.fixture
def one_row_at_a_time(monkeypatch):
    monkeypatch.setattr(batches, "BATCH", 1)


def judgment(access) -> dict[str, str]:
    return factories.row(access.case, recorded_at=f"{timezone.localdate()}")


@pytest.mark.usefixtures("one_row_at_a_time")
@pytest.mark.parametrize("preference", ["digest", "at_once"])
def test_what_was_no_hurry_leaves_at_once_when_a_later_batch_of_the_file_changes_a_hearing(
    make_access, person, preference
):
    Litigant.objects.store(person, mail_preference=preference)
    access = make_access()

    run = take(judgment(access), calls_off(access))

    assert OutgoingMail.objects.of_run(run).get().priority == outbox.URGENT
    delivery.deliver.call_local()
    [told] = mail.outbox
    assert str(access.case.full_number) in told.body
    assert not run.announcements.filter(in_digest=True).exists()


@pytest.mark.usefixtures("one_row_at_a_time")
def test_a_later_batch_of_the_file_that_changes_a_nearer_hearing_is_told_as_well(make_access, clerk):
    access = make_access()
    factories.make_entry(access.case, "hearing_set", hearing_at=in_days(1))

    run = take(calls_off(access), calls_off(access, days=1))

    assert HearingNotice.objects.get(run=run).hearing_at == in_days(1)


def test_who_must_be_called_is_still_called_when_the_two_cases_they_follow_are_merged(
    make_access, person, clerk, court
):
    """Of both accesses the earlier one stays, whichever of the cases does."""
    Litigant.objects.store(person, mail_preference="none")
    earlier = factories.make_access(person, factories.make_case(court))
    later = make_access()
    take(calls_off(later))
    assert to_telephone() == [later.pk]

    case_merging.merge(dropped=earlier.case, kept=later.case, by=clerk)

    assert HearingNotice.objects.to_telephone().one_each().get().access == earlier


def test_the_link_that_stops_mails_about_a_case_works_when_the_access_was_joined_with_another(
    make_access, person, clerk, client
):
    earlier, later = make_access(), make_access()
    url = links.unsubscribe_path(person.pk, later.pk)
    case_merging.merge(dropped=later.case, kept=earlier.case, by=clerk)

    assert client.get(url).status_code == 200
    assert client.post(url).status_code == 200

    earlier.refresh_from_db()
    assert earlier.mail_preference == "none"
