"""The audit: who did what and viewed what, for the court's manager alone."""

import csv
import datetime as dt
import io

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone
from wagtail.log_actions import log

from cpor_cases.actions import applications
from cpor_cases.models import CourtLogEntry
from cpor_cases.models.log_facts import VIEWS
from cpor_cases.office.audit import views as audit_views
from tests.factories import make_application, make_case, make_user

pytestmark = pytest.mark.django_db

URL = "office_audit:index"


@pytest.fixture
def logged(court, other_court, clerk, clerk_elsewhere, litigant):
    applications.approve(application=make_application(court, by=clerk), by=clerk)
    make_application(other_court, by=clerk_elsewhere)
    log(instance=make_case(court, number=4321), action="cpor_cases.case.view", user=litigant)


def found(client, **query):
    return [entry.action for entry in client.get(reverse(URL), query, follow=True).context["object_list"]]


def test_manager_sees_the_actions_of_the_court_alone(client, manager, logged, court):
    client.force_login(manager)

    entries = client.get(reverse(URL)).context["object_list"]

    assert {entry.court for entry in entries} == {court}
    assert len(entries) == 4


def test_who_serves_at_two_courts_filters_by_court(client, manager, logged, other_court):
    manager.posts.create(court=other_court)
    client.force_login(manager)

    entries = client.get(reverse(URL), {"court": other_court.pk}).context["object_list"]

    assert {entry.court for entry in entries} == {other_court}


def test_clerk_does_not_read_the_audit(office, logged):
    assert office.get(reverse(URL)).status_code in {302, 403}


@pytest.mark.parametrize(
    ("query", "actions"),
    [
        ({"q": "115訴4321"}, ["cpor_cases.case.view"]),
        ({"q": "litigant"}, ["cpor_cases.case.view"]),
        ({"actor_kind": "litigant"}, ["cpor_cases.case.view"]),
        ({"action": "cpor_cases.application.approve"}, ["cpor_cases.application.approve"]),
        ({"timestamp_to": "100/01/01"}, []),
        ({"timestamp_from": "100/01/01", "q": "LITIGANT"}, ["cpor_cases.case.view"]),
    ],
)
def test_audit_is_filtered_by_case_person_action_and_period(client, manager, logged, query, actions):
    client.force_login(manager)

    assert found(client, **query) == actions


def test_audit_shows_actions_or_views_apart(client, manager, logged):
    client.force_login(manager)

    assert found(client, sort="views") == ["cpor_cases.case.view"]
    # That the audit was read is on record, too.
    assert found(client, sort="views") == ["cpor_cases.rows.view", "cpor_cases.case.view"]
    assert set(found(client, sort="actions")) == set(found(client)) - set(VIEWS)


def test_audit_is_downloaded_as_it_is_filtered(client, manager, logged):
    client.force_login(manager)

    url = reverse("office_audit:export", args=["csv"])
    text = client.get(url, {"actor_kind": "litigant"}).content.decode("utf-8-sig")

    assert len(text.splitlines()) == 2
    assert "115年度訴字第4321號" in text


def test_audit_is_downloaded_as_xlsx_with_the_time_of_taipei_and_no_formula(client, manager, court, litigant):
    log(instance=make_case(court), action="cpor_cases.case.view", user=litigant, title='=HYPERLINK("x")')
    half_past_nine = timezone.make_aware(dt.datetime(2026, 9, 24, 9, 30))
    CourtLogEntry.objects.update(timestamp=half_past_nine)
    client.force_login(manager)

    answer = client.get(reverse("office_audit:export", args=["xlsx"]))

    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert sheet["A2"].value == dt.datetime(2026, 9, 24, 9, 30)
    assert (sheet["D2"].value, sheet["D2"].data_type) == ('\'=HYPERLINK("x")', "s")


def test_audit_is_exported_in_no_other_format(client, manager):
    client.force_login(manager)

    assert client.get("/office/audit/export.exe").status_code == 404


def test_nobody_changes_the_audit(client, manager, logged):
    superuser = make_user(is_superuser=True)
    before = list(CourtLogEntry.objects.values_list("pk", "timestamp", "user", "data"))
    paths = [reverse(URL), reverse("office_audit:export", args=["csv"])]
    paths += [
        f"/office/{place}/cpor_cases/courtlogentry/{page}/"
        for place in ("bulk", "snippets")
        for page in ("delete", f"delete/{before[0][0]}", f"edit/{before[0][0]}", "add")
    ]

    for person, refused in ((manager, {404, 405}), (superuser, {302, 404, 405})):
        client.force_login(person)
        for path in paths:
            for method in (client.post, client.put, client.patch, client.delete):
                is_search = path == reverse(URL) and method == client.post
                assert method(path, {"id": before[0][0]}).status_code in ({302} if is_search else refused)
    kept = CourtLogEntry.objects.filter(pk__in=[entry[0] for entry in before])  # the refusals came on top
    assert list(kept.values_list("pk", "timestamp", "user", "data")) == before


def test_audit_takes_a_constant_number_of_queries(
    client, manager, court, clerk, logged, django_assert_max_num_queries
):
    client.force_login(manager)
    client.get(reverse(URL))
    with django_assert_max_num_queries(100) as few:
        client.get(reverse(URL))
    for _each in range(10):
        make_application(court, by=clerk)

    with django_assert_max_num_queries(len(few)):
        client.get(reverse(URL))


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_file_that_does_not_hold_everything_says_so(client, manager, logged, monkeypatch, kind):
    client.force_login(manager)
    url = reverse("office_audit:export", args=[kind])

    whole = rows_of(client.get(url), kind)
    monkeypatch.setattr(audit_views, "MOST_EXPORTED", 2)
    cut = rows_of(client.get(url), kind)

    assert len(whole) == 1 + 4
    assert len(cut) == 1 + 2 + 1
    assert "3" in cut[-1][0]  # two logged, and that the first file was taken away


def rows_of(answer, kind):
    if kind == "csv":
        return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    return [list(row) for row in openpyxl.load_workbook(io.BytesIO(answer.content)).active.values]
