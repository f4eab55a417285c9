"""Rule 4: an account that does not carry the applicant's name is asked about, and staff accounts receive no case."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.urls import reverse

from cpor_cases.accounts.staff_guard import FollowsCases
from cpor_cases.actions import access, application_addresses, applications, entitlement
from cpor_cases.models import CaseAccess
from cpor_cases.permissions import staff_accounts
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def application(court, clerk):
    return factories.make_application(court, by=clerk, applicant_name="王大明", email="taken@example.com")


@pytest.fixture
def nameless(db):
    """An account that owns the address and has no name on record."""
    return factories.make_user("nameless", email="taken@example.com")


def make_staff(kind: str, court):
    facts = {"email": "taken@example.com"}
    if kind == "superuser":
        return factories.make_user("staff", is_superuser=True, **facts)
    if kind == "by own permission":
        account = factories.make_user("staff", **facts)
        account.user_permissions.add(Permission.objects.get(codename="access_admin"))
        return account
    account = factories.make_clerk(court, "staff", group=kind, **facts)
    if kind in {"Editors", "Service managers"}:
        account.posts.all().delete()
    return account


STAFF = ["Clerks", "Court managers", "Service managers", "superuser", "by own permission"]


def test_an_account_without_a_name_on_record_must_be_confirmed(clerk, application, nameless):
    with pytest.raises(applications.OtherName):
        applications.approve(application=application, by=clerk)

    granted = applications.approve(application=application, by=clerk, same_person=True)

    assert granted.account == nameless


def test_the_decision_page_asks_before_the_approval(client, clerk, application, nameless):
    client.force_login(clerk)

    page = client.get(reverse("office_applications:inspect", args=[application.pk]))
    client.post(reverse("office_applications:approve", args=[application.pk]))

    assert "same_person" in page.context["approval_form"].fields
    application.refresh_from_db()
    assert application.is_pending


def test_the_first_approval_of_a_new_address_asks_nothing(clerk, application):
    assert applications.approve(application=application, by=clerk).account.email == "taken@example.com"


def test_a_correction_of_the_address_asks_as_well(client, clerk, court, nameless):
    granted = applications.approve(
        application=factories.make_application(court, by=clerk, email="wrong@example.com"), by=clerk
    )
    client.force_login(clerk)
    url = reverse("office_applications:readdress", args=[granted.application.pk])
    typed = {"email": nameless.email, "email_again": nameless.email}

    with pytest.raises(applications.OtherName):
        application_addresses.correct(application=granted.application, email=nameless.email, by=clerk)
    assert client.post(url, typed).context["form"].errors["same_person"]

    client.post(url, typed | {"same_person": "on"})
    granted.refresh_from_db()
    assert granted.account == nameless


@pytest.mark.parametrize("is_active", [True, False])
@pytest.mark.parametrize("kind", STAFF)
def test_a_staff_account_receives_no_case(client, clerk, court, application, kind, is_active):
    account = make_staff(kind, court)
    account.is_active = is_active
    account.save()
    client.force_login(clerk)

    with pytest.raises(applications.Forbidden) as forbidden:
        applications.approve(application=application, by=clerk, same_person=True)
    page = client.get(reverse("office_applications:inspect", args=[application.pk]))
    client.post(reverse("office_applications:approve", args=[application.pk]), {"same_person": "on"})

    assert forbidden.value.obstacles == [entitlement.Obstacle.STAFF_ACCOUNT]
    assert entitlement.Obstacle.STAFF_ACCOUNT.sentence in page.context["check_results"].obstacles
    assert not CaseAccess.objects.filter(account=account).exists()


def test_several_at_once_leave_the_one_of_a_staff_account(client, clerk, court, application):
    make_staff("Clerks", court)
    client.force_login(clerk)

    client.post(reverse("office_applications:bulk"), {"id": application.pk, "action": "approve"})

    application.refresh_from_db()
    assert application.is_pending


def test_no_access_is_moved_or_granted_to_a_staff_account(client, clerk, court):
    account = make_staff("Clerks", court)
    granted = applications.approve(
        application=factories.make_application(court, by=clerk, email="wrong@example.com"), by=clerk
    )
    client.force_login(clerk)
    url = reverse("office_applications:readdress", args=[granted.application.pk])
    typed = {"email": account.email, "email_again": account.email, "same_person": "on"}

    with pytest.raises(access.StaffAccount):
        application_addresses.correct(
            application=granted.application, email=account.email, by=clerk, same_person=True
        )
    with pytest.raises(access.StaffAccount):
        access.grant(application=granted.application, account=account)
    assert client.post(url, typed).context["form"].errors["email"]
    assert not CaseAccess.objects.filter(account=account).exists()


@pytest.fixture
def follower(court):
    return factories.make_access(factories.make_user("follower"), factories.make_case(court)).account


MADE_STAFF = {
    "a group is given to the account": lambda account, group: account.groups.add(group),
    "the account is added to a group": lambda account, group: group.user_set.add(account),
    "a permission is given to the account": lambda account, group: account.user_permissions.add(
        group.permissions.get(codename="access_admin")
    ),
    "the account is made superuser": lambda account, group: make_superuser(account),
    "its group is let in": lambda account, group: let_in(account),
}


def make_superuser(account):
    account.is_superuser = True
    account.save()


def let_in(account):
    group = Group.objects.create(name="Readers")
    account.groups.add(group)
    group.permissions.add(Permission.objects.get(codename="access_admin"))


@pytest.mark.parametrize("way", MADE_STAFF)
def test_whoever_follows_a_case_is_not_made_staff(follower, way):
    with pytest.raises(FollowsCases), transaction.atomic():
        MADE_STAFF[way](follower, Group.objects.get(name="Clerks"))

    assert not staff_accounts().filter(pk=follower.pk).exists()


def test_whoever_follows_no_case_any_more_may_be_made_staff(follower, clerk):
    access.revoke(access=follower.accesses.get(), by=clerk)

    follower.groups.add(Group.objects.get(name="Clerks"))

    assert staff_accounts().filter(pk=follower.pk).exists()


@pytest.fixture
def operator(client):
    operator = factories.make_user("operator", is_superuser=True)
    client.force_login(operator)
    return operator


def test_an_operator_manages_accounts_of_staff_and_sees_no_litigant_among_users(
    client, operator, clerk, follower
):
    text = client.get(reverse("wagtailusers_users:index")).content.decode()

    assert clerk.username in text
    assert follower.username not in text
    assert client.get(reverse("wagtailusers_users:edit", args=[clerk.pk])).status_code == 200
    for name in ("edit", "history", "history_results"):
        assert client.get(reverse(f"wagtailusers_users:{name}", args=[follower.pk])).status_code == 404


def test_an_operator_adds_nobody_among_users_where_a_password_would_be_typed(client, operator):
    index = reverse("wagtailusers_users:index")

    assert "users/add" not in client.get(index).content.decode()
    assert client.get(f"{index}add/").status_code == 404


@pytest.mark.parametrize("action", ["assign_role", "delete", "set_active_state"])
def test_users_are_not_changed_in_bulk(client, operator, follower, action):
    url = reverse("wagtail_bulk_action", args=["cpor_site", "user", action])

    assert client.get(f"{url}?id={follower.pk}").status_code == 404
    assert client.post(f"{url}?id=all", {"role": 1, "mark_as_active": "False"}).status_code == 404
