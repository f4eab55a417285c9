"""No moment or day on record, however it got there, takes a page, an export, the calendar or a mail down."""

import datetime as dt

import pytest
from django.core import mail
from django.db import connection
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone

from cpor_cases import query_period
from cpor_cases.accounts import data_export
from cpor_cases.actions import calendar_feeds, digests, entries, reminders, retention
from cpor_cases.models import Application, CalendarFeed, CaseAccess, ProgressEntry
from cpor_core import stored_moments
from tests import factories

pytestmark = pytest.mark.django_db

IN_PYTHON = ["9999-12-31 23:59:59.999999", "0001-01-01 00:00:00", "1115-09-24 00:00:00"]
BEYOND = {
    "postgresql": ["infinity", "-infinity", "4713-01-01 00:00:00+00 BC"],
    "sqlite": ["10000-01-01 00:00:00", "2026-13-45 99:00:00", "tomorrow"],
}

of_each_home = pytest.mark.parametrize(
    "value",
    [
        *IN_PYTHON,
        *(
            pytest.param(
                value,
                marks=pytest.mark.skipif(f"connection.vendor != '{vendor}'", reason="it cannot hold this"),
            )
            for vendor, values in BEYOND.items()
            for value in values
        ),
    ],
)
MOMENTS = {
    ProgressEntry: ["recorded_at", "hearing_at", "first_seen_at", "corrected_at"],
    CaseAccess: ["granted_at"],
    Application: ["recorded_at", "decided_at"],
}
DAYS = {Application: ["received_on"]}


def plant(value: str, columns: dict) -> None:
    """Put a value into columns past every check of ours."""
    for model, names in columns.items():
        for name in names:
            with connection.cursor() as cursor:
                cursor.execute(f"UPDATE {model._meta.db_table} SET {name} = %s", [value])  # noqa: S608


@pytest.fixture
def own(client, court, litigant, clerk):
    """A case that somebody follows, with two entries."""
    access = factories.make_access(litigant, factories.make_case(court))
    for number in range(2):
        at = timezone.now() - dt.timedelta(days=number)
        factories.make_entry(access.case, recorded_at=at, hearing_at=timezone.now() + dt.timedelta(days=3))
    return access


def all_pages(own, key: str) -> dict[str, list[str]]:
    case, entry = own.case, own.case.entries.first()
    lists = ["office_cases", "office_applications", "office_mails", "office_imports"]
    exports = ["office_applications"]
    office = [reverse(f"{name}:{view}") for name in lists for view in ("index", "index_results")]
    office += [
        f"{reverse(f'{name}:index')}?export={kind}" for name in exports for kind in ("csv", "xlsx", "ods")
    ]
    period = f"{reverse('office_cases:index')}?hearing_from=0001-01-01&hearing_to=9999-12-31&ordering=next_hearing_at"
    one = [("office_cases:inspect", case.pk), ("office_cases:correct_entry", entry.pk)]
    one += [("office_cases:withdraw_entry", entry.pk), ("office_applications:inspect", own.application.pk)]
    return {
        "litigant": [
            reverse("cpor_cases:cases"),
            *(
                reverse(f"cpor_cases:{name}", args=[case.public_id])
                for name in ("case", "sheet", "case_mails")
            ),
            reverse("cpor_cases:hearing", args=[case.public_id, entry.pk]),
            f"{reverse('cpor_cases:hearings')}?key={key}",
            reverse("cpor_cases:calendar"),
            reverse("account_home"),
        ],
        "clerk": [
            *office,
            period,
            reverse("wagtailadmin_home"),
            *(reverse(name, args=[pk]) for name, pk in one),
        ],
    }


def failing(client, urls: list[str]) -> list[tuple]:
    answers = [(url, client.get(url, follow=True)) for url in urls]
    return [(url, answer.status_code) for url, answer in answers if answer.status_code not in {200, 404}]


@of_each_home
def test_no_stored_moment_takes_a_page_down(client, own, litigant, clerk, value):
    pages = all_pages(own, calendar_feeds.make_address(account=litigant, title=CalendarFeed.Title.HEARING))
    plant(value, MOMENTS)
    plant(value[:10] if value in IN_PYTHON else value, DAYS)

    client.force_login(litigant)
    assert failing(client, pages["litigant"]) == []
    assert failing(client, [f"/en{url}" for url in pages["litigant"][:2]]) == []
    client.force_login(clerk)
    assert failing(client, pages["clerk"]) == []


@of_each_home
def test_a_bad_entry_on_record_can_be_withdrawn_and_is_told_in_the_mail(own, clerk, value, make_mails_leave):
    factories.make_word("訴")
    plant(value, {ProgressEntry: ["recorded_at", "hearing_at"]})

    withdrawn = entries.withdraw(own.case.entries.first(), by=clerk)
    make_mails_leave(lambda: entries.publish_now(withdrawn, by=clerk))

    assert own.case.entries.filter(withdrawn_at=None).count() == 1
    assert len(mail.outbox) == 1


@of_each_home
def test_no_stored_moment_stops_the_clock_or_the_download_of_ones_data(own, value):
    plant(value, MOMENTS)

    reminders.remind()
    digests.post_due()
    retention.purge_expired()
    data_export.archive_of(own.account).close()
    query_period.keep_closing_days([own.case.pk])


def test_what_stands_between_the_bounds_is_read_as_it_is_and_what_does_not_as_the_bound(own):
    last = ProgressEntry.objects.order_by("-pk").first()
    moment = dt.datetime(2026, 9, 24, 1, 30, 0, 123456, tzinfo=dt.UTC)
    ProgressEntry.objects.filter(pk=last.pk).update(recorded_at=moment)

    assert ProgressEntry.objects.get(pk=last.pk).recorded_at == moment
    plant("9999-12-31 23:59:59", {ProgressEntry: ["recorded_at"]})
    assert ProgressEntry.objects.get(pk=last.pk).recorded_at == stored_moments.LATEST
    assert ProgressEntry.objects.aggregate(last=Max("recorded_at"))["last"] == stored_moments.LATEST
