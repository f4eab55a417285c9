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


def test_who_deactivates_and_activates_staff_on_wagtails_form_is_in_the_audit(client, clerk, court):
    operator = factories.make_user("operator", is_superuser=True)
    client.force_login(operator)
    url = reverse("wagtailusers_users:edit", args=[clerk.pk])
    names = {"email": "clerk@court.example", "first_name": "美", "last_name": "陳"}
    get_user_model().objects.filter(pk=clerk.pk).update(**names)
    form = names | {
        "username": "clerk",
        "groups": [*clerk.groups.values_list("pk", flat=True)],
    }

    for its_activity in ({}, {"is_active": "on"}):
        assert client.post(url, form | its_activity).status_code == 302

    of_account = CourtLogEntry.objects.filter(action__contains=".security.account_").order_by("pk")
    assert [(each.action, each.user, each.court, each.object_id) for each in of_account] == [
        (f"cpor_cases.security.account_{what}_success", operator, court, str(clerk.pk))
        for what in ("deactivated", "activated")
    ]


@pytest.mark.parametrize("is_superuser", [True, False])
def test_who_becomes_or_no_longer_is_a_superuser_is_in_the_audit(clerk, court, is_superuser):
    get_user_model().objects.filter(pk=clerk.pk).update(is_superuser=not is_superuser)
    clerk.refresh_from_db()
    CourtLogEntry.objects.all().delete()

    clerk.is_superuser = is_superuser
    clerk.save()

    assert noted() == [("roles_changed_success", "clerk", court.pk)]


def test_activation_of_a_litigant_is_not_in_the_audit(litigant):
    for its_activity in (False, True):
        litigant.is_active = its_activity
        litigant.save()

    assert noted() == []


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
