"""The office itself: what waits, and who sees it."""

import datetime as dt
import html
import re

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cpor_cases.actions import applications, case_merging
from cpor_cases.mail import bounces
from cpor_cases.models import (
    Activation,
    Application,
    Case,
    CaseAccess,
    CourtLogEntry,
    OutgoingMail,
    ProgressEntry,
)
from cpor_cases.office.columns import days_in_words
from cpor_cases.office.home.panels import PANELS, ComeAgainPanel
from cpor_cases.office.home.weeks import WEEKS_SHOWN, WeeksPanel
from cpor_core.office.working_days import working_days_between
from tests.factories import (
    make_access,
    make_application,
    make_case,
    make_clerk,
    make_entry,
    make_notice,
    make_run,
    make_user,
)
from tests.support.query_plans import tables_read_whole

pytestmark = pytest.mark.django_db


def counts(client):
    home = client.get(reverse("wagtailadmin_home"))
    return {panel.name: panel.count for panel in home.context["panels"] if isinstance(panel, tuple(PANELS))}


@pytest.fixture
def work(court, clerk):
    """One thing of each kind that waits at the court."""
    make_application(court, by=clerk)
    applications.approve(application=make_application(court, by=clerk), by=clerk)
    Activation.objects.update(locked_at=timezone.now(), wrong_names=5)
    OutgoingMail.objects.update(state="failed", ended_at=timezone.now(), last_answer="550 5.7.1 blocked")
    gone = make_user()
    make_access(gone, make_case(court))
    bounces.mark(gone.email, answer="550 5.1.1 no such user", hardness="hard")
    make_run(court=court, rows_read=3, rows_created=1, rows_rejected=2)
    tomorrow = timezone.localtime() + dt.timedelta(days=1)
    make_entry(make_case(court), hearing_at=tomorrow.replace(hour=9))


def test_first_page_shows_what_waits(office, work):
    assert counts(office) == {
        "pending": 1,
        "mails": 1,
        "bounces": 1,
        "activations": 1,
        "imports": 1,
        "come_again": 0,
        "unclear_hearings": 0,
        "telephone": 0,
        "hearings": 1,
    }


MANY_ROWS = [Application, Activation, Case, CaseAccess, CourtLogEntry, OutgoingMail, ProgressEntry]


def queries_of(client, address) -> list[str]:
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    return [query["sql"] for query in queries]


@pytest.mark.parametrize("screen", ["wagtailadmin_home", "office_applications:index", "office_mails:index"])
def test_no_screen_that_is_opened_all_day_reads_a_table_whole(office, work, screen):
    big = {model._meta.db_table for model in MANY_ROWS}

    found = {
        (table, statement)
        for statement in queries_of(office, reverse(screen))
        for table in tables_read_whole(statement) & big
    }

    assert found == set()


def test_first_page_asks_as_much_among_many_rows_as_among_few(office, work, court, clerk):
    home = reverse("wagtailadmin_home")
    office.get(home)
    few = len(queries_of(office, home))

    tomorrow = timezone.localtime().replace(hour=10) + dt.timedelta(days=1)
    for _each in range(12):
        make_application(court, by=clerk)
        make_run(court=court, rows_read=1, rows_rejected=1)
        make_entry(make_case(court), hearing_at=tomorrow)
    office.get(home)

    assert few <= 32
    # Where not all rows are shown they are counted: pending applications, and imports.
    assert len(queries_of(office, home)) <= few + 2


def test_a_page_that_shows_an_address_without_mail_does_not_say_that_all_mails_arrived(office, court):
    gone = make_user()
    make_access(gone, make_case(court))
    bounces.mark(gone.email, answer="550 5.1.1 no such user", hardness="hard")
    OutgoingMail.objects.create(
        kind="case_added",
        account=gone,
        court=court,
        address=gone.email,
        state="failed",
        ended_at=timezone.now(),
    )

    page = office.get(reverse("wagtailadmin_home")).content.decode()

    assert "均已送達" not in page


def test_figures_above_the_lists_say_all_that_waits_and_lead_there(office, work):
    answer = office.get(reverse("wagtailadmin_home"))

    page = html.unescape(answer.content.decode())
    figures = re.findall(
        r'href="([^"]+)">\s*<span class="office-figures__count">(\d+)</span>\s*<span>([^<]+)</span>', page
    )
    panels = [panel for panel in answer.context["panels"] if isinstance(panel, tuple(PANELS))]
    assert figures == [
        (panel.get_list_url(), str(panel.count), panel.heading)
        for panel in panels
        if not panel.is_silent  # nothing is said of what never happens
    ]


def keys_of(panel):
    rows = panel.get_rows()
    if panel.name == "hearings":
        return {case for case, _hearing in rows}
    return {row.case_id if panel.name == "unclear_hearings" else row.pk for row in rows}


def test_each_panel_leads_to_the_list_of_just_what_it_counts(office, work, court, clerk):
    make_application(court, by=clerk)
    applications.approve(application=make_application(court, by=clerk, email="fresh@example.com"), by=clerk)
    make_run(court=court)
    make_case(court)
    make_entry(make_case(court), hearing_at=timezone.localtime() + dt.timedelta(days=3))

    panels = office.get(reverse("wagtailadmin_home")).context["panels"]

    for panel in panels:
        # Addresses have no list, their mails have.
        if not isinstance(panel, tuple(PANELS)) or panel.name == "bounces":
            continue
        listed = office.get(panel.get_list_url()).context["object_list"]
        assert {row.pk for row in listed} == keys_of(panel), panel.name


def test_number_merged_away_that_came_again_leads_to_a_list_of_its_own(office, court, clerk):
    kept, slip = make_case(court, number=123), make_case(court, number=132)
    case_merging.merge(dropped=slip, kept=kept, by=clerk)
    again = make_case(court, number=132)

    panel = ComeAgainPanel(clerk)

    assert list(office.get(panel.get_list_url()).context["object_list"]) == list(panel.get_rows()) == [again]


def test_hearing_that_was_called_off_is_not_on_the_first_page(office, court):
    tomorrow = timezone.localtime().replace(hour=9) + dt.timedelta(days=1)
    case = make_case(court)
    make_entry(case, hearing_at=tomorrow, recorded_at=timezone.now() - dt.timedelta(days=5))
    assert counts(office)["hearings"] == 1

    make_entry(case, "hearing_cancelled")

    assert counts(office)["hearings"] == 0


def test_tomorrows_list_names_a_hearing_once_with_the_parties_not_reached(office, court):
    tomorrow = timezone.localtime().replace(hour=9, minute=0) + dt.timedelta(days=1)
    access = make_access(make_user(), make_case(court))
    make_entry(
        access.case, "hearing_set", hearing_at=tomorrow, recorded_at=timezone.now() - dt.timedelta(days=5)
    )
    make_entry(access.case, "oral_argument", hearing_at=tomorrow, courtroom="第三法庭")
    make_notice(access)

    answer = office.get(reverse("wagtailadmin_home"))

    assert counts(office)["hearings"] == 1
    page = BeautifulSoup(answer.content, "html.parser")
    (row,) = page.select('[aria-labelledby="office-hearings"] li')
    said = " ".join(row.get_text().split())
    assert "09:00" in said
    assert "第三法庭" in said
    assert "尚未告知：王大明" in said.replace(" ", "")


def test_who_serves_at_two_courts_reads_the_court_of_each_row(office, work, clerk, court, other_court):
    assert court.name not in office.get(reverse("wagtailadmin_home")).content.decode()

    clerk.posts.create(court=other_court)

    page = office.get(reverse("wagtailadmin_home")).content.decode()
    assert page.count(court.name) == 3  # the paper, the import, the hearing


def test_clerk_of_another_court_sees_none_of_it(client, work, clerk_elsewhere):
    client.force_login(clerk_elsewhere)

    assert set(counts(client).values()) == {0}
    assert "王大明" not in client.get(reverse("wagtailadmin_home")).content.decode()


def test_editors_have_no_lists_of_the_office(client, work, editor):
    client.force_login(editor)

    assert counts(client) == {}


def test_empty_first_page_says_what_to_do(office):
    page = office.get(reverse("wagtailadmin_home")).content.decode()

    assert reverse("office_applications:add") in page


def test_link_unused_for_five_days_is_shown(office, court, clerk):
    applications.approve(application=make_application(court, by=clerk), by=clerk)
    assert counts(office)["activations"] == 0

    Activation.objects.update(link_expires_at=timezone.now() + dt.timedelta(days=2))

    assert counts(office)["activations"] == 1


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        ("2026-11-20", "2026-11-20", 0),  # Friday
        ("2026-11-20", "2026-11-22", 0),
        ("2026-11-20", "2026-11-23", 1),
        ("2026-11-16", "2026-11-20", 4),
        ("2026-11-02", "2026-11-23", 15),
        ("2026-11-21", "2026-11-28", 5),
        ("2026-11-24", "2026-11-20", 0),
        # National Day falls on a Saturday: the Friday before is given for it.
        ("2026-10-08", "2026-10-12", 1),
        ("2026-02-13", "2026-02-23", 1),  # the New Year by the moon, Friday to the Monday after
        ("2026-12-24", "2027-01-04", 5),  # over two years, with a holiday in each
    ],
)
def test_working_days_leave_weekends_and_holidays_out(start, end, days):
    assert working_days_between(dt.date.fromisoformat(start), dt.date.fromisoformat(end)) == days


@pytest.mark.parametrize(
    ("today", "day"),
    [
        ("2026-11-20", "2026-11-20"),  # Friday
        ("2026-11-22", "2026-11-20"),  # Sunday
        ("2026-11-23", "2026-11-23"),
        ("2026-10-11", "2026-10-08"),  # the Friday before National Day is given for its Saturday
        ("2026-02-22", "2026-02-13"),  # the New Year by the moon
        ("2027-01-01", "2026-12-31"),
    ],
)
def test_paper_that_is_recorded_on_a_day_off_came_in_on_the_last_working_day(office, monkeypatch, today, day):
    monkeypatch.setattr(timezone, "localdate", lambda *_args: dt.date.fromisoformat(today))

    form = office.get(reverse("office_applications:add")).context["form"]

    assert form.fields["received_on"].initial == dt.date.fromisoformat(day)


def test_weeks_count_what_came_and_was_decided_at_ones_own_court(court, clerk, other_court, clerk_elsewhere):
    make_application(court, by=clerk, received_on=timezone.localdate() - dt.timedelta(weeks=3))
    applications.approve(application=make_application(court, by=clerk), by=clerk)
    make_application(other_court, by=clerk_elsewhere)
    long_ago = timezone.localdate() - dt.timedelta(weeks=WEEKS_SHOWN + 1)
    make_application(court, by=clerk, received_on=long_ago)

    received, decided = WeeksPanel(clerk).applications().series

    assert received.values == [0] * (WEEKS_SHOWN - 4) + [1, 0, 0, 1]
    assert decided.values == [0] * (WEEKS_SHOWN - 1) + [1]


def test_weeks_begin_on_monday_in_taipei(court, clerk):
    today = timezone.localdate()
    monday = today - dt.timedelta(days=today.weekday())
    sunday_late = timezone.make_aware(dt.datetime.combine(monday, dt.time())) - dt.timedelta(minutes=1)
    applications.approve(application=make_application(court, by=clerk), by=clerk)
    OutgoingMail.objects.update(state="sent", ended_at=sunday_late)

    sent, failed = WeeksPanel(clerk).mails().series

    assert sent.values[-2:] == [1, 0]
    assert failed.total == 0


def test_weeks_are_on_the_first_page(office, work):
    page = office.get(reverse("wagtailadmin_home")).content.decode()

    assert page.count('<figure class="office-chart">') == 2


def test_who_watches_over_the_service_finds_figures_of_all_courts_and_no_rows(client, work, court):
    overseer = make_clerk(court, group="Service managers")
    overseer.posts.all().delete()
    client.force_login(overseer)

    page = client.get(reverse("wagtailadmin_home")).content.decode()

    way = re.escape(f"{reverse('office_reports:courts')}?ordering=-received")
    assert re.search(rf'href="{way}"[^>]*>\s*<span class="office-figures__count">3<', page)
    assert reverse("office_applications:add") not in page
    assert "王大明" not in page


def test_paper_of_saturday_did_not_come_today():
    assert (
        days_in_words(working_days_between(dt.date(2026, 11, 28), dt.date(2026, 11, 29))) == "未滿 1 個工作日"
    )
    assert days_in_words(1) == "1 個工作日"
