"""Staff are invited by mail, set up by themselves how they log in, and end: by whoever may, and on record."""

import datetime as dt
from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cpor_cases.actions import account_activation, retention, second_factors, staff, staff_invitations
from cpor_cases.mail import delivery, links
from cpor_cases.models import CourtLogEntry, EnrolmentLink, OutgoingMail, StaffInvitation
from cpor_cases.permissions import is_staff_account, roles_given_by
from cpor_core.models import ClerkPost
from tests import factories
from tests.support.factors import Device, code_now, set_up_app

pytestmark = pytest.mark.django_db

NEW = reverse("office_staff:add")
LIST = reverse("office_staff:index")
ADDRESS = "new.clerk@court.example"


@pytest.fixture
def operator(db):
    return get_user_model().objects.create_superuser("operator", "operator@example.com", factories.PASSWORD)


@pytest.fixture
def overseer(db):
    person = factories.make_user("overseer")
    person.groups.set(Group.objects.filter(name="Service managers"))
    return person


def role(name="Clerks"):
    return Group.objects.get(name=name)


def invite(court, *, email=ADDRESS, name="Clerks", **over) -> StaffInvitation:
    facts = {"last_name": "新", "first_name": "書記", "role": role(name), "court": court}
    return staff_invitations.invite(email=email, **facts | over)


def typed(court, *, email=ADDRESS, name="Clerks") -> dict:
    court_key = court.pk if court else ""
    facts = {"email": email, "last_name": "新", "first_name": "書記"}
    return facts | {"role": role(name).pk, "court": court_key}


def path_of(account) -> str:
    return links.enrolment_path(EnrolmentLink.objects.get(account=account))


def choose_password(client, path):
    passwords = {"password1": factories.PASSWORD, "password2": factories.PASSWORD}
    return client.post(path, {"way": "app"} | passwords)


# Whom somebody may invite


def test_a_manager_invites_a_clerk_of_the_own_court_by_one_form(client, manager, court):
    client.force_login(manager)

    answer = client.post(NEW, typed(court))
    delivery.deliver.call_local()

    assert answer.headers["Location"] == LIST
    invitation = StaffInvitation.objects.get()
    assert (invitation.role.name, invitation.court, invitation.invited_by) == ("Clerks", court, manager)
    assert mail.outbox[0].to == [ADDRESS]
    assert path_of(invitation.account) in mail.outbox[0].body
    assert CourtLogEntry.objects.get(action="cpor_cases.staff.invite").user == manager


ROLES = {
    "manager": ["Clerks"],
    "overseer": ["Court managers"],
    "clerk": [],
    "litigant": [],
    "editor": [],
    "operator": ["Chief editors", "Clerks", "Court managers", "Editors", "Service managers"],
}


@pytest.mark.parametrize("who", ROLES)
def test_nobody_gives_a_role_beyond_their_charge(request, who):
    given = roles_given_by(request.getfixturevalue(who)).values_list("name", flat=True)

    assert sorted(set(given) - {"Moderators"}) == ROLES[who]


def test_a_group_that_also_edits_pages_or_users_is_not_a_managers_to_give(manager):
    mixed = Group.objects.create(name="Clerks who edit")
    mixed.permissions.set(role().permissions.all())
    assert mixed in roles_given_by(manager)

    mixed.permissions.add(*role("Service managers").permissions.filter(codename="oversee_courts"))
    assert mixed not in roles_given_by(manager)


@pytest.mark.parametrize(
    ("who", "name", "is_own"),
    [("manager", "Clerks", False), ("manager", "Court managers", True), ("overseer", "Clerks", True)],
)
def test_nobody_invites_beyond_their_horizon(request, client, court, other_court, who, name, is_own):
    by, where = request.getfixturevalue(who), court if is_own else other_court
    client.force_login(by)

    answer = client.post(NEW, typed(where, name=name))

    assert answer.context["form"].errors
    with pytest.raises(PermissionDenied):
        invite(where, name=name, by=by)
    assert not StaffInvitation.objects.exists()


def test_a_role_at_no_court_needs_none_and_a_role_at_one_needs_it(client, operator, court):
    client.force_login(operator)

    without = client.post(NEW, typed(None))
    beside = client.post(NEW, typed(court, name="Service managers"))
    client.post(NEW, typed(None, name="Service managers"))

    assert without.context["form"].errors["court"]
    assert beside.context["form"].errors["court"]
    assert StaffInvitation.objects.get().court is None


def test_who_works_in_the_office_is_assigned_and_not_invited(client, manager, court, clerk_elsewhere):
    client.force_login(manager)

    for email in (clerk_elsewhere.email, manager.email):
        assert client.post(NEW, typed(court, email=email)).context["form"].errors["email"]

    assert not StaffInvitation.objects.exists()


# Rule 4: whether an address is a litigant's is not told to whoever invites


@pytest.fixture
def follower(court):
    account = factories.make_user("follower", email="follower@example.com")
    return factories.make_access(account, factories.make_case(court)).account


def test_the_answer_and_the_list_do_not_tell_a_litigants_address_from_a_free_one(
    client, manager, court, follower
):
    client.force_login(manager)

    answers = [client.post(NEW, typed(court, email=email)) for email in (follower.email, ADDRESS)]
    page = client.get(LIST).content.decode()

    assert {(each.status_code, each.headers["Location"]) for each in answers} == {(302, LIST)}
    rows = StaffInvitation.objects.values_list("address", flat=True)
    assert set(rows) == {follower.email, ADDRESS}
    assert follower.email in page
    assert ADDRESS in page
    assert OutgoingMail.objects.filter(kind="staff_invitation").count() == 2


def test_the_owner_of_the_address_is_told_and_gets_no_link(client, manager, court, follower):
    invitation = invite(court, email=follower.email, by=manager)

    staff_invitations.send_again(invitation=invitation, by=manager)
    delivery.deliver.call_local()

    texts = [each.body for each in mail.outbox if each.to == [follower.email]]
    assert len(texts) == 2
    assert not any("enrol" in text for text in texts)
    assert not EnrolmentLink.objects.exists()
    assert not is_staff_account(follower)


def test_whoever_began_to_follow_a_case_meanwhile_cannot_accept(client, court, clerk):
    invitation = invite(court)
    path = path_of(invitation.account)
    factories.make_access(invitation.account, factories.make_case(court))

    answer = client.post(path, {"way": "passkey"})

    assert answer.status_code == 410
    assert not is_staff_account(invitation.account)
    assert "_auth_user_id" not in client.session


def test_an_account_that_is_only_invited_has_no_rights_and_no_log_in(court):
    account = invite(court).account

    assert not account.is_active
    assert not account.has_usable_password()
    assert not account.groups.exists()
    assert not ClerkPost.objects.filter(user=account).exists()


# Setting up


def test_the_page_says_which_role_at_which_court_in_both_languages(client, court):
    account = invite(court).account

    page = client.get(path_of(account)).content.decode()

    assert "書記官" in page
    assert "臺灣臺北地方法院" in page
    assert EnrolmentLink.objects.get().used_at is None  # a link scanner that follows it uses nothing up


def test_a_password_of_ones_own_and_an_app_open_the_office(client, court, manager, settings):
    settings.CPOR = settings.CPOR | {"STAFF_MFA_REQUIRED": True}
    account = invite(court, by=manager).account
    path = path_of(account)

    chosen = choose_password(client, path)
    assert client.get("/office/").status_code == 302  # the link alone opens no office
    client.get(chosen.headers["Location"])
    client.post(chosen.headers["Location"], {"code": code_now(client.session["mfa.totp.secret"])})

    assert chosen.headers["Location"] == reverse("mfa_activate_totp")
    assert client.get("/office/").status_code == 200
    account.refresh_from_db()
    assert account.username == "new.clerk"
    assert account.get_full_name() == "新書記"
    assert [post.court for post in account.posts.all()] == [court]
    assert not StaffInvitation.objects.exists()
    assert CourtLogEntry.objects.get(action="cpor_cases.staff.join").user == account
    assert Client().get(path).status_code == 410  # single use


def test_a_passkey_alone_opens_the_office_and_needs_no_password(client, court, settings):
    settings.CPOR = settings.CPOR | {"STAFF_MFA_REQUIRED": True}
    account = invite(court).account

    answer = client.post(path_of(account), {"way": "passkey"})
    page = client.get(answer.headers["Location"])

    assert answer.headers["Location"] == reverse("mfa_add_webauthn")
    assert page.context["form"].fields["passwordless"].disabled
    account.refresh_from_db()
    assert not account.has_usable_password()
    assert account.is_active


@pytest.mark.parametrize("required", [True, False])
def test_the_link_alone_opens_no_office_even_where_a_password_would(client, court, settings, required):
    settings.CPOR = settings.CPOR | {"STAFF_MFA_REQUIRED": required}
    account = invite(court).account

    client.post(path_of(account), {"way": "passkey"})

    assert client.get("/office/").headers["Location"] == reverse("mfa_index")


def test_an_app_is_not_set_up_without_a_password(client, court):
    account = invite(court).account
    client.post(path_of(account), {"way": "passkey"})

    assert client.get(reverse("mfa_activate_totp")).headers["Location"] == reverse("account_reset_password")


def test_a_weak_password_is_refused_and_nothing_begins(client, court):
    account = invite(court).account

    answer = client.post(path_of(account), {"way": "app", "password1": "short", "password2": "short"})

    assert answer.context["form"].errors["password1"]
    assert StaffInvitation.objects.exists()


def test_whoever_stops_half_way_goes_on_by_the_same_link(client, court):
    account = invite(court).account
    path = path_of(account)
    client.post(path, {"way": "passkey"})

    again = Client().post(path, {"way": "passkey"})

    assert again.headers["Location"] == reverse("mfa_add_webauthn")


def test_a_link_lasts_a_day_and_a_newer_one_voids_it(client, court, manager):
    invitation = invite(court, by=manager)
    former = path_of(invitation.account)

    staff_invitations.send_again(invitation=invitation, by=manager)
    assert client.get(former).status_code == 410
    assert client.get(path_of(invitation.account)).status_code == 200

    EnrolmentLink.objects.update(expires_at=timezone.now())
    assert client.get(path_of(invitation.account)).status_code == 410


def test_the_invitation_of_a_manager_who_has_left_is_void(client, court, manager):
    account = invite(court, by=manager).account
    staff.end(account=manager)

    answer = choose_password(client, path_of(account))

    account.refresh_from_db()
    assert answer.status_code in {302, 410}
    assert not account.is_active
    assert not is_staff_account(account)


def test_a_person_without_password_whose_passkey_was_lost_sets_up_a_new_one(client, court, manager):
    account = invite(court).account
    Client().post(path_of(account), {"way": "passkey"})
    account.refresh_from_db()
    Device().register(account)
    EnrolmentLink.objects.update(used_at=timezone.now())

    second_factors.reset(account=account, by=manager)
    delivery.deliver.call_local()

    assert any(path_of(account) in each.body for each in mail.outbox)
    assert client.post(path_of(account), {"way": "passkey"}).status_code == 302
    assert Authenticator.objects.count() == 0


# The list of open invitations


def test_open_invitations_are_listed_sent_again_and_withdrawn(client, manager, court):
    invitation = invite(court, by=manager)
    account = invitation.account
    client.force_login(manager)

    assert ADDRESS in client.get(LIST).content.decode()
    client.post(reverse("office_staff:again", args=[invitation.pk]))
    assert OutgoingMail.objects.filter(kind="staff_invitation").count() == 2
    client.post(reverse("office_staff:withdraw", args=[invitation.pk]))

    assert not StaffInvitation.objects.exists()
    assert not get_user_model().objects.filter(pk=account.pk).exists()
    assert CourtLogEntry.objects.filter(action="cpor_cases.staff.withdraw", user=manager).exists()


def test_withdrawing_leaves_the_account_of_a_litigant_alone(court, follower, manager):
    staff_invitations.withdraw(invitation=invite(court, email=follower.email), by=manager)

    assert get_user_model().objects.filter(pk=follower.pk).exists()


@pytest.mark.parametrize("name", ["again", "withdraw"])
def test_an_invitation_elsewhere_is_not_seen_and_not_touched(client, manager, other_court, name):
    invitation = invite(other_court)
    client.force_login(manager)

    assert ADDRESS not in client.get(LIST).content.decode()
    assert client.post(reverse(f"office_staff:{name}", args=[invitation.pk])).status_code == 404
    action = getattr(staff_invitations, {"again": "send_again", "withdraw": "withdraw"}[name])
    with pytest.raises(PermissionDenied):
        action(invitation=invitation, by=manager)


def test_an_invitation_that_nobody_accepts_is_purged_with_its_account(court):
    invitation = invite(court)
    later = invitation.expires_at + dt.timedelta(days=31)

    retention.purge_expired(now=later)

    assert not StaffInvitation.objects.exists()
    assert not get_user_model().objects.filter(email=ADDRESS).exists()


def test_an_application_of_an_invited_address_goes_its_own_way(court, clerk):
    account = invite(court).account
    found, made = account_activation.find_or_make_inactive(email=ADDRESS, language="en")

    assert (found, made) == (account, False)
    assert not is_staff_account(account)


# The end


def test_the_end_takes_posts_log_ins_and_the_account(client, manager, clerk, court):
    browser = Client()
    browser.force_login(clerk)
    browser.get("/office/")
    client.force_login(manager)
    address = reverse("office_staff:leave", args=[clerk.pk])

    assert client.get(address).status_code == 200
    client.post(address)

    clerk.refresh_from_db()
    assert not clerk.is_active
    assert not ClerkPost.objects.filter(user=clerk).exists()
    assert browser.get("/office/").status_code == 302
    entry = CourtLogEntry.objects.get(action="cpor_cases.staff.end")
    assert (entry.user, entry.court) == (manager, court)


@pytest.mark.parametrize("who", ["manager", "clerk_elsewhere", "overseer", "operator", "litigant"])
def test_a_manager_ends_nobody_beyond_the_charge(request, manager, who):
    account = request.getfixturevalue(who)

    with pytest.raises(PermissionDenied):
        staff.end(account=account, by=manager)

    account.refresh_from_db()
    assert account.is_active


def test_a_service_manager_ends_a_courts_manager_but_no_clerk(overseer, manager, clerk):
    staff.end(account=manager, by=overseer)

    with pytest.raises(PermissionDenied):
        staff.end(account=clerk, by=overseer)
    manager.refresh_from_db()
    assert not manager.is_active


def test_an_operator_still_sees_who_has_left(client, operator, clerk):
    staff.end(account=clerk, by=operator)
    client.force_login(operator)

    page = client.get(LIST).content.decode()
    inspected = client.get(reverse("office_staff:inspect", args=[clerk.pk])).content.decode()

    assert clerk.username in page
    assert reverse("office_staff:leave", args=[clerk.pk]) not in inspected
    assert client.post(reverse("office_staff:reset", args=[clerk.pk])).status_code == 404


def test_who_left_as_operator_comes_back_with_the_invited_role_alone(client, operator, court, manager):
    former = get_user_model().objects.create_superuser("former", "former@example.com", factories.PASSWORD)
    set_up_app(former)
    staff.end(account=former, by=operator)

    invite(court, email=former.email, by=manager)
    client.post(path_of(former), {"way": "passkey"})

    former.refresh_from_db()
    assert (former.is_active, former.is_superuser, former.has_usable_password()) == (True, False, False)
    assert [group.name for group in former.groups.all()] == ["Clerks"]
    assert not Authenticator.objects.filter(user=former).exists()


# By command


def command(*arguments) -> str:
    out = StringIO()
    call_command("staff", *arguments, stdout=out)
    return out.getvalue()


def test_the_command_invites_lists_and_ends(court, clerk):
    said = command("invite", ADDRESS, "--name", "新,書記", "--role", "Clerks", "--court", "TPD")
    again = command("again", ADDRESS, "--print-link")
    listed = command("list")

    assert ADDRESS in said
    assert path_of(get_user_model().objects.get(email=ADDRESS)) in again
    assert "clerk\tclerk@example.com\tClerks\tTPD\tnever\tno second factor\tworks here" in listed
    assert f"-\t{ADDRESS}\tClerks\tTPD\tinvited" in listed

    command("end", "clerk")
    assert "ended" in command("list")


@pytest.mark.parametrize(
    "arguments",
    [
        ("invite", ADDRESS, "--name", "新", "--role", "Kings"),
        ("invite", ADDRESS, "--name", "新", "--role", "Clerks"),
        ("invite", ADDRESS, "--name", "新", "--role", "Clerks", "--court", "XXX"),
        ("again", ADDRESS),
        ("end", "litigant"),
        ("end", "nobody"),
    ],
)
def test_the_command_says_what_is_wrong(court, litigant, arguments):
    with pytest.raises(CommandError):
        command(*arguments)


# Wagtail's own screens


def test_wagtails_screen_of_users_types_nobodys_password_and_adds_nobody(client, operator, clerk):
    client.force_login(operator)

    page = client.get(reverse("wagtailusers_users:edit", args=[clerk.pk])).content.decode()

    assert "password" not in page
    assert "書記官" in page
    assert client.get("/office/users/add/").status_code == 404
    assert "書記官" in client.get(reverse("wagtailusers_groups:index")).content.decode()
