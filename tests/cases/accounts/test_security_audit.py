"""Of staff the audit has log-ins, failed ones, refusals and names before and after; nobody names themselves."""

import pytest
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cpor_cases.actions import staff
from cpor_cases.models import CourtLogEntry
from tests import factories

pytestmark = pytest.mark.django_db

LOGIN = "/accounts/login/"


@pytest.fixture
def manager(court):
    return factories.make_clerk(court, "manager", group="Court managers")


def noted():
    entries = CourtLogEntry.objects.filter(action__startswith="cpor_cases.security.").order_by("pk")
    return [
        (entry.action.removeprefix("cpor_cases.security."), entry.label, entry.court_id) for entry in entries
    ]


def log_in(client, name, password=factories.PASSWORD):
    return client.post(LOGIN, {"login": name, "password": password})


def test_log_in_and_failed_log_in_of_staff_are_in_the_audit_of_their_court(client, clerk, court, manager):
    CourtLogEntry.objects.all().delete()
    log_in(client, "clerk", "wrong")
    log_in(client, "clerk")

    assert noted() == [("login_failure", "clerk", court.pk), ("login_success", "clerk", court.pk)]
    client.force_login(manager)
    page = client.get(reverse("office_audit:index")).content.decode()
    assert "登入失敗" in page
    assert "未登入" in page  # who tried is nobody, the account meant is named


def test_log_in_of_a_litigant_is_not_in_the_audit(client, litigant):
    log_in(client, "litigant")

    assert noted() == []


def test_failed_log_in_writes_the_same_whosever_account_was_meant(client, clerk, litigant):
    writes = []
    for name in ("clerk", "litigant", "nobody-here"):
        with CaptureQueriesContext(connection) as queries:
            log_in(client, name, "wrong")
        writes.append(
            [query["sql"].split()[0] for query in queries if "courtlogentry" in query["sql"].lower()]
        )

    assert writes[0] == writes[1] == writes[2] == ["INSERT"]


def test_refusal_of_staff_is_in_the_audit_of_their_court(client, clerk, court, other_court):
    client.force_login(clerk)
    CourtLogEntry.objects.all().delete()

    client.get(reverse("office_cases:inspect", args=[factories.make_case(other_court).pk]))

    assert noted() == [("refusal_failure", "clerk", court.pk)]


def test_manager_names_a_clerk_and_the_audit_has_both_names(client, clerk, court, manager):
    get_user_model().objects.filter(pk=clerk.pk).update(last_name="陳", first_name="美")
    client.force_login(manager)

    answer = client.post(
        reverse("office_staff:rename", args=[clerk.pk]), {"last_name": "陳", "first_name": "美玲"}
    )

    assert answer.status_code == 302
    entry = CourtLogEntry.objects.get(action="cpor_cases.security.account_renamed_success")
    assert (entry.user, entry.court, entry.data) == (
        manager,
        court,
        {"before": "clerk 陳美", "after": "clerk 陳美玲"},
    )
    assert "clerk 陳美 → clerk 陳美玲" in client.get(reverse("office_audit:index")).content.decode()


def test_manager_of_another_court_names_nobody_here(client, clerk, other_court):
    elsewhere = factories.make_clerk(other_court, group="Court managers")
    client.force_login(elsewhere)

    assert client.get(reverse("office_staff:rename", args=[clerk.pk])).status_code == 404
    with pytest.raises(PermissionDenied):
        staff.rename(account=clerk, last_name="x", first_name="", by=elsewhere)


def test_nobody_changes_their_own_name_on_wagtails_account_page(client, clerk):
    client.force_login(clerk)
    url = reverse("wagtailadmin_account")

    page = client.get(url).content.decode()
    client.post(
        url, {"name_email-first_name": "長", "name_email-last_name": "院", "locale-preferred_language": ""}
    )

    clerk.refresh_from_db()
    assert clerk.get_full_name() == ""
    assert "name_email" not in page
    assert "preferred_language" in page
