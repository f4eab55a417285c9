"""Who serves at the court: a manager's own court, and never above themselves."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from cpor_cases.actions import clerk_posts
from cpor_core.models import ClerkPost
from tests.factories import make_clerk, make_user

pytestmark = pytest.mark.django_db


def assign(client, person, court):
    return client.post(reverse("office_posts:add"), {"person": person, "court": court.pk})


def test_manager_assigns_a_member_of_staff(client, manager, court, clerk_elsewhere):
    client.force_login(manager)

    assign(client, clerk_elsewhere.email.upper(), court)

    assert ClerkPost.objects.filter(user=clerk_elsewhere, court=court).exists()


def test_manager_cannot_assign_to_another_court(client, manager, other_court, clerk):
    client.force_login(manager)

    answer = assign(client, clerk.username, other_court)

    assert answer.context["form"].errors
    assert not ClerkPost.objects.filter(user=clerk, court=other_court).exists()
    with pytest.raises(PermissionDenied):
        clerk_posts.assign(user=clerk, court=other_court, by=manager)


@pytest.mark.parametrize("person", ["litigant", "editor", "nobody", ""])
def test_only_who_works_in_the_office_can_be_assigned(client, manager, court, litigant, editor, person):
    client.force_login(manager)

    assert assign(client, person, court).context["form"].errors["person"]
    with pytest.raises(clerk_posts.NotStaff):
        clerk_posts.assign(user=litigant, court=court, by=manager)


def test_manager_removes_a_clerk_but_neither_a_manager_nor_themselves(client, manager, court, clerk):
    client.force_login(manager)
    fellow = make_clerk(court, group="Court managers")

    for person in (clerk, fellow, manager):
        client.post(reverse("office_posts:remove", args=[person.posts.get().pk]))

    assert not clerk.posts.exists()
    assert fellow.posts.exists()
    assert manager.posts.exists()


def test_clerk_manages_no_posts(office, court, clerk):
    assign(office, make_clerk(court).username, court)

    with pytest.raises(PermissionDenied):
        clerk_posts.assign(user=make_user(), court=court, by=clerk)


def test_who_oversees_the_service_assigns_a_courts_manager(client, court, other_court):
    overseer = make_clerk(other_court, group="Service managers")
    new_manager = make_clerk(other_court, group="Court managers")
    client.force_login(overseer)

    assign(client, new_manager.username, court)

    assert ClerkPost.objects.filter(user=new_manager, court=court).exists()


def test_what_a_manager_does_stands_in_one_menu_that_clerks_do_not_see(client, manager, clerk):
    client.force_login(manager)
    assert '"name": "court-management"' in client.get("/office/").content.decode()

    client.force_login(clerk)
    assert '"name": "court-management"' not in client.get("/office/").content.decode()
