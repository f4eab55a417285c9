"""The reports: what is counted, for whom, in how many queries, and what is taken away as a file."""

import datetime as dt
import io

import openpyxl
import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import timezone

from cpor_cases.actions import access, applications, retention
from cpor_cases.models import Application, CaseAccess, CourtLogEntry, OutgoingMail, TimeToKnow
from cpor_cases.models.times_to_know import LIMITS
from cpor_cases.office.reports import counts
from cpor_cases.office.reports.figures import MONTHLY, SIDE_BY_SIDE
from cpor_cases.office.reports.scope import By, Scope
from cpor_core.models import Court
from tests.factories import (
    make_access,
    make_application,
    make_case,
    make_clerk,
    make_court,
    make_reason,
    make_run,
    make_user,
)

pytestmark = pytest.mark.django_db

SEPTEMBER, OCTOBER = dt.date(2026, 9, 1), dt.date(2026, 10, 1)


def moment(text: str) -> dt.datetime:
    return timezone.make_aware(dt.datetime.fromisoformat(text))


def scope(first=SEPTEMBER, last=OCTOBER, *, by=By.MONTH, courts=None) -> Scope:
    return Scope(Court.objects.all() if courts is None else courts, first, last, by)


@pytest.fixture
def overseer(db, court):
    overseer = make_clerk(court, group="Service managers")
    overseer.posts.all().delete()
    return overseer


def happened(application, **actions):
    """Set the record of an application to the moments at which its actions were done."""
    for action, text in actions.items():
        name = counts.RECORDED if action == "create" else f"cpor_cases.application.{action}"
        entries = CourtLogEntry.objects.filter(object_id=str(application.pk), action=name)
        assert entries.update(timestamp=moment(text)) == 1


def decided(court, clerk, *, recorded: str, approved: str = "", refused: str = "", reason=None, **over):
    application = make_application(court, by=clerk, **over)
    if approved:
        applications.approve(application=application, by=clerk, now=moment(approved))
        happened(application, create=recorded, approve=approved)
    else:
        applications.refuse(
            application=application, by=clerk, reason=reason or make_reason(), now=moment(refused)
        )
        happened(application, create=recorded, refuse=refused)
    return application


def test_applications_count_in_the_month_of_taipei_in_which_they_came_and_were_decided(court, clerk):
    decided(court, clerk, recorded="2026-09-30T23:59", approved="2026-10-01T00:00")
    decided(court, clerk, recorded="2026-10-31T23:59", refused="2026-10-31T23:59")

    found = counts.applications(scope())

    assert found == {
        SEPTEMBER: {"received": 1, "approved": 0, "refused": 0},
        OCTOBER: {"received": 1, "approved": 1, "refused": 1},
    }


@pytest.mark.parametrize(
    ("hours", "median"), [([5], 5), ([1, 9], 5), ([9, 1, 2], 2), ([30, 1, 2, 4], 3), ([7, 7, 7, 7, 1], 7)]
)
def test_median_is_the_middle_one_or_lies_between_the_two_in_the_middle(court, clerk, hours, median):
    for each in hours:
        approved = moment("2026-09-01T08:00") + dt.timedelta(hours=each)
        decided(court, clerk, recorded="2026-09-01T08:00", approved=f"{approved:%Y-%m-%dT%H:%M}")

    assert counts.hours_to_decision(scope()) == {SEPTEMBER: {"median_hours": median}}


def test_median_is_each_months_and_each_courts_own(court, clerk, other_court, clerk_elsewhere):
    decided(court, clerk, recorded="2026-09-01T08:00", approved="2026-09-01T10:00")
    decided(court, clerk, recorded="2026-10-01T08:00", refused="2026-10-01T12:00")
    decided(other_court, clerk_elsewhere, recorded="2026-09-01T08:00", approved="2026-09-02T08:00")

    by_month = counts.hours_to_decision(scope(courts=Court.objects.filter(pk=court.pk)))
    by_court = counts.hours_to_decision(scope(by=By.COURT))

    assert by_month == {SEPTEMBER: {"median_hours": 2}, OCTOBER: {"median_hours": 4}}
    assert by_court == {court.pk: {"median_hours": 3}, other_court.pk: {"median_hours": 24}}


def test_figures_stay_when_a_refused_application_has_been_purged(court, clerk):
    decided(court, clerk, recorded="2025-09-01T08:00", refused="2025-09-01T12:00")
    year_before = scope(dt.date(2025, 9, 1), dt.date(2025, 9, 1))
    before = [figures(year_before) for figures in (counts.applications, counts.hours_to_decision)]

    retention.purge_expired()

    assert not Application.objects.exists()
    assert [figures(year_before) for figures in (counts.applications, counts.hours_to_decision)] == before
    assert before[0][dt.date(2025, 9, 1)]["refused"] == 1


def test_reasons_for_refusal_are_counted_the_most_frequent_first(court, clerk):
    make_reason("other")
    for code in ("role_not_entitled", "no_email", "no_email"):
        decided(
            court,
            clerk,
            recorded="2026-09-01T08:00",
            refused="2026-09-01T12:00",
            reason=make_reason(code),
        )

    found = counts.refusals(scope())

    assert [count for _reason, count in found] == [2, 1, 0]


def test_a_person_counts_once_as_admitted_and_as_activated(court, clerk):
    for day in ("02", "03"):
        decided(
            court, clerk, recorded="2026-09-01T08:00", approved=f"2026-09-{day}T12:00", email="a@example.com"
        )
    decided(court, clerk, recorded="2026-09-01T08:00", approved="2026-09-04T12:00", email="b@example.com")
    Application.objects.filter(email="a@example.com").first().account.activation.__class__.objects.filter(
        account__email="a@example.com"
    ).update(activated_at=timezone.now())

    assert counts.activations(scope())[SEPTEMBER] == {"people": 2, "activated": 1}


def test_mails_count_when_they_left_or_were_given_up(court, litigant):
    for state, ended in [
        ("sent", "2026-09-30T23:00"),
        ("sent", "2026-10-01T00:00"),
        ("failed", "2026-10-02"),
    ]:
        OutgoingMail.objects.create(
            kind="case_added", account=litigant, court=court, state=state, ended_at=moment(ended)
        )
    OutgoingMail.objects.create(kind="case_added", account=litigant, court=court)

    assert counts.mails(scope()) == {
        SEPTEMBER: {"sent": 1, "failed": 0},
        OCTOBER: {"sent": 1, "failed": 1},
    }


def test_imports_count_files_and_their_rows_but_not_what_was_typed(court):
    facts = {"court": court, "started_at": moment("2026-09-05T10:00")}
    make_run(**facts, rows_read=10, rows_created=8, rows_rejected=2)
    make_run(**facts, state="aborted", rows_read=5, rows_rejected=1)
    make_run(**facts, source="typed", rows_read=1, rows_created=1)
    make_run(**facts | {"court": None}, rows_read=7, rows_created=7)

    assert counts.imports(scope())[SEPTEMBER] == {
        "runs": 2,
        "aborted": 1,
        "rows_read": 15,
        "rows_rejected": 3,
    }


def test_accesses_are_counted_as_they_stood_at_the_end_of_each_month(court, clerk):
    def stand(granted, *, ended=None, closed_on=None):
        granted_access = make_access(
            make_user(), make_case(court, closed_on=closed_on), granted_at=moment(granted)
        )
        if ended:
            access.revoke(access=granted_access, by=clerk)
            CaseAccess.objects.filter(pk=granted_access.pk).update(ended_at=moment(ended))

    stand("2026-08-01")
    stand("2026-09-30T23:59")
    stand("2026-10-01T00:00")
    stand("2026-08-01", ended="2026-09-15")
    stand("2026-06-01", closed_on=dt.date(2026, 7, 31))  # may be followed up to 30 September
    stand("2026-06-01", closed_on=dt.date(2026, 8, 10))  # up to 10 October

    assert counts.accesses(scope()) == {
        SEPTEMBER: {"active": 4, "ending": 1},
        OCTOBER: {"active": 3, "ending": 1},
    }
    assert counts.accesses(scope(OCTOBER, by=By.COURT)) == {court.pk: {"active": 3, "ending": 1}}


def knew(court, month=OCTOBER, *, kind="progress", **within):
    """Store that people knew within so many seconds, as `s_0_1=3`; `never=1` of who has not been told."""
    seconds = {name.removeprefix("s_").replace("_", "."): count for name, count in within.items()}
    groups = [seconds.get(str(limit), 0) for limit in (*LIMITS, "never")]
    TimeToKnow.objects.create(month=month, kind=kind, court=court, counts=groups)


def test_time_to_know_counts_all_kinds_of_mail_of_the_courts_in_the_scope(court, other_court):
    knew(court, s_0_1=98, s_10=1)
    knew(court, kind="case_added", s_60=1)
    knew(court, SEPTEMBER, s_0_1=1)
    knew(other_court, s_60=1)
    knew(None, kind="password_reset", s_0_1=1)
    own = Court.objects.filter(pk=court.pk)

    by_month = counts.times_to_know(scope(courts=own))
    by_court = counts.times_to_know(scope(OCTOBER, by=By.COURT))

    assert by_month[OCTOBER] == {
        "to_tell": 100,
        "within_1": 98,
        "within_10": 99,
        "within_60": 100,
        "half_by": 0.1,
        "nearly_all_by": 10,
    }
    assert by_month[SEPTEMBER]["to_tell"] == 1
    assert {key: found["within_10"] for key, found in by_court.items()} == {court.pk: 99, other_court.pk: 0}


def test_who_was_never_told_is_a_word_on_the_screen_and_no_number_in_a_file(client, manager, court):
    knew(court, timezone.localdate().replace(day=1), s_0_1=9, never=1)
    client.force_login(manager)
    report = next(each for each in MONTHLY if each.name == "time-to-know")

    page = client.get(url(report)).content.decode()
    text = client.get(url(report), {"export": "csv"}).content.decode()

    assert "未達" in page
    assert text.splitlines()[-1].endswith(",10,90.0,90.0,90.0,0.1,")


ALL = [*MONTHLY, SIDE_BY_SIDE]


def url(report) -> str:
    return reverse(f"office_reports:{report.name}")


def rows_of(client, report, **query):
    return client.get(url(report), query).context["object_list"]


def test_manager_reads_figures_of_the_own_court_alone(client, manager, court, other_court, clerk_elsewhere):
    make_application(other_court, by=clerk_elsewhere)
    client.force_login(manager)

    assert sum(row.counts.get("received", 0) for row in rows_of(client, MONTHLY[0])) == 0
    asked = client.get(url(MONTHLY[0]), {"court": other_court.pk}).context["object_list"]
    assert sum(row.counts.get("received", 0) for row in asked) == 0


def test_who_serves_at_two_courts_chooses_between_them_and_no_other(
    client, manager, court, other_court, clerk, clerk_elsewhere
):
    manager.posts.create(court=other_court)
    make_application(court, by=clerk)
    make_application(other_court, by=clerk_elsewhere)
    client.force_login(manager)

    both = rows_of(client, MONTHLY[0])
    one = rows_of(client, MONTHLY[0], court=court.pk)
    page = client.get(url(MONTHLY[0]), {"court": make_court("PCD").pk})

    assert sum(row.counts.get("received", 0) for row in both) == 2
    assert sum(row.counts.get("received", 0) for row in one) == 1
    assert page.context["form"].errors["court"]


@pytest.mark.parametrize("report", ALL, ids=lambda report: report.name)
def test_clerks_read_no_reports(office, report):
    assert office.get(url(report)).status_code == 302


def test_manager_of_a_court_does_not_see_all_side_by_side(client, manager):
    client.force_login(manager)

    assert client.get(url(SIDE_BY_SIDE)).status_code == 302
    assert url(SIDE_BY_SIDE) not in client.get(url(MONTHLY[0])).content.decode()


def test_service_manager_sees_all_courts_side_by_side_and_sorts_them(
    client, overseer, court, other_court, clerk, clerk_elsewhere
):
    make_application(court, by=clerk)
    make_court("PCD")
    for _each in range(2):
        make_application(other_court, by=clerk_elsewhere)
    client.force_login(overseer)

    rows = rows_of(client, SIDE_BY_SIDE, ordering="-received")
    chart = client.get(url(SIDE_BY_SIDE)).context["chart"]

    assert [label for label, _value in chart.series[0].points][:2] == [other_court.name, court.name]
    assert len(rows) == Court.objects.count() == 3
    assert [(row.label, row.counts["received"]) for row in rows[:2]] == [
        (other_court.name, 2),
        (court.name, 1),
    ]


@pytest.mark.parametrize("report", ALL, ids=lambda report: report.name)
def test_every_figure_of_the_table_is_exported(client, overseer, court, clerk, report):
    make_application(court, by=clerk)
    client.force_login(overseer)
    page = BeautifulSoup(client.get(url(report)).content, "html.parser")
    table = page.select_one(".office-report__table table")
    shown = [[cell.get_text(strip=True) for cell in row.select("th, td")] for row in table.select("tbody tr")]

    text = client.get(url(report), {"export": "csv"}).content.decode("utf-8")
    book = openpyxl.load_workbook(io.BytesIO(client.get(url(report), {"export": "xlsx"}).content))
    ods = client.get(url(report), {"export": "ods"})

    assert text.startswith("\ufeff")
    lines = text.removeprefix("\ufeff").splitlines()
    assert len(lines) == len(shown) + 1
    assert [row[0] for row in shown] == [cell.value for cell in book.active["A"]][1:]
    assert all(isinstance(cell.value, int | float | None) for cell in book.active["B"][1:])
    assert ods["Content-Type"] == "application/vnd.oasis.opendocument.spreadsheet"


@pytest.mark.parametrize(
    "query", [{"first": "2026-13"}, {"last": "x"}, {"first": "2026-11", "last": "2026-09"}, {"court": "x"}]
)
@pytest.mark.parametrize("kind", [None, "csv"])
def test_impossible_period_gets_a_sentence_and_no_figures(client, overseer, other_court, query, kind):
    client.force_login(overseer)

    answer = client.get(url(MONTHLY[0]), query | ({"export": kind} if kind else {}))

    assert answer.status_code == (400 if kind else 200)  # no file that looks like one without figures
    assert answer.context["form"].errors
    assert not answer.context["object_list"]


@pytest.mark.parametrize("report", ALL, ids=lambda report: report.name)
def test_report_takes_a_constant_number_of_queries(
    client, overseer, court, clerk, other_court, clerk_elsewhere, report, django_assert_max_num_queries
):
    client.force_login(overseer)
    decided(court, clerk, recorded="2026-10-01T08:00", approved="2026-10-01T10:00")
    client.get(url(report))
    with django_assert_max_num_queries(100) as few:
        client.get(url(report))
    for number in range(6):
        decided(
            (court, other_court)[number % 2],
            (clerk, clerk_elsewhere)[number % 2],
            recorded=f"2026-0{number + 3}-01T08:00",
            approved=f"2026-0{number + 3}-01T10:00",
            email=f"p{number}@example.com",
        )

    with django_assert_max_num_queries(len(few)):
        client.get(url(report))


def test_reports_stand_in_the_menu_of_those_who_may_read_them(client, manager, clerk, overseer):
    for person, is_shown in ((manager, True), (overseer, True), (clerk, False)):
        client.force_login(person)
        assert (url(MONTHLY[0]) in client.get("/office/").content.decode()) is is_shown
