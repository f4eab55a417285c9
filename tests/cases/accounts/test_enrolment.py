"""The first second factor of staff: set up by a link that somebody issued, never by the password alone; and its reset."""

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
from django.utils import timezone
from wagtail.models import ModelLogEntry

from cpor_cases.actions import second_factors
from cpor_cases.mail import delivery, links
from cpor_cases.models import CourtLogEntry, EnrolmentLink, OutgoingMail
from cpor_site.management.commands import serve
from tests import factories
from tests.support.factors import (
    code_now,
    confirm_by_code,
    confirm_by_password,
    log_in,
    make_passkey,
    set_up_app,
)

pytestmark = pytest.mark.django_db

ADD_APP = "/accounts/2fa/totp/activate/"
FACTORS = "/accounts/2fa/"


@pytest.fixture(autouse=True)
def _required(settings):
    settings.CPOR = settings.CPOR | {"STAFF_MFA_REQUIRED": True}


@pytest.fixture
def manager(court):
    return factories.make_clerk(court, "manager", group="Court managers")


@pytest.fixture
def operator(db):
    return get_user_model().objects.create_superuser("operator", "operator@example.com", factories.PASSWORD)


def path_for(account) -> str:
    return links.enrolment_path(second_factors.issue_link(account=account, is_mailed=False))


def add_app(client):
    client.get(ADD_APP)
    return client.post(
        ADD_APP, {"code": code_now(client.session.get("mfa.totp.secret") or "JBSWY3DPEHPK3PXP")}
    )


def has_factor(account) -> bool:
    return Authenticator.objects.filter(user=account).exists()


def text_of_command(name, *arguments) -> str:
    out = StringIO()
    call_command(name, *arguments, stdout=out)
    return out.getvalue()


@pytest.mark.parametrize("required", [True, False])
def test_the_password_alone_sets_up_no_factor_of_staff(client, clerk, settings, required):
    settings.CPOR = settings.CPOR | {"STAFF_MFA_REQUIRED": required}
    log_in(client, clerk)
    confirm_by_password(client)

    answers = [client.get(ADD_APP), add_app(client), client.get("/accounts/2fa/webauthn/add/")]
    page = client.get(FACTORS).content.decode()

    assert {answer.headers["Location"] for answer in answers} == {FACTORS}
    assert not has_factor(clerk)
    assert ADD_APP not in page
    assert "webauthn/add" not in page


def test_the_link_and_the_password_together_open_the_office(client, clerk):
    led = client.get(path_for(clerk))
    asked = client.get(led.headers["Location"])
    answer = client.post(
        asked.headers["Location"], {"login": "clerk", "password": factories.PASSWORD}, follow=True
    )
    confirm_by_password(client)

    done = add_app(client)

    assert led.headers["Location"] == FACTORS
    assert answer.redirect_chain[-1][0] == FACTORS  # no secret in the address of the log-in
    assert done.headers["Location"] == "/accounts/2fa/recovery-codes/"
    assert client.get("/office/").status_code == 200
    assert "/office/" in client.get(FACTORS).content.decode()


def test_the_link_alone_opens_nothing(client, clerk):
    client.get(path_for(clerk))

    assert "login" in add_app(client).headers["Location"]
    assert not has_factor(clerk)


def enrol(client, account, path):
    client.get(path)
    log_in(client, account)
    confirm_by_password(client)
    return add_app(client)


def test_a_link_works_once(client, clerk):
    path = path_for(clerk)
    enrol(client, clerk, path)
    Authenticator.objects.all().delete()

    assert Client().get(path).status_code == 410
    enrol(Client(), clerk, path)
    assert not has_factor(clerk)


def test_of_two_browsers_with_one_link_the_second_sets_up_nothing(client, clerk):
    path = path_for(clerk)
    slower = Client()
    for each in (slower, client):
        each.get(path)
        log_in(each, clerk)
        confirm_by_password(each)
    second_factors.use_link(account=clerk, public_id=EnrolmentLink.objects.get().public_id.hex)

    assert add_app(slower).headers["Location"] == FACTORS
    assert not has_factor(clerk)


@pytest.mark.parametrize("what", ["too old", "replaced", "forged", "signed for something else"])
def test_what_is_no_link_any_more_sets_up_nothing(client, clerk, what, settings):
    path = path_for(clerk)
    if what == "too old":
        EnrolmentLink.objects.update(expires_at=timezone.now())
    elif what == "replaced":
        path_for(clerk)
    elif what == "forged":
        path = path[:-3] + "xx/"
    else:
        token = links.unsubscribe_path(clerk.pk).rstrip("/").rpartition("/")[2]
        path = f"/accounts/2fa/enrol/{token}/"

    assert client.get(path).status_code == 410
    enrol(client, clerk, path)
    assert not has_factor(clerk)


def test_a_link_of_another_account_sets_up_nothing(client, clerk, manager):
    path = path_for(manager)
    log_in(client, clerk)
    assert client.get(path).status_code == 403

    elsewhere = Client()
    enrol(elsewhere, clerk, path)

    assert not has_factor(clerk)
    assert EnrolmentLink.objects.get(account=manager).used_at is None


def test_a_link_lasts_a_day(clerk):
    now = timezone.now()

    link = second_factors.issue_link(account=clerk, now=now)

    assert link.is_usable(now + dt.timedelta(hours=23, minutes=59))
    assert not link.is_usable(now + dt.timedelta(hours=24))


def test_a_further_factor_needs_no_link_but_the_first(client, clerk):
    set_up_app(clerk)
    client.force_login(clerk)
    confirm_by_code(client)

    assert client.get("/accounts/2fa/webauthn/add/").status_code == 200


def test_a_litigant_needs_no_link(client, litigant):
    log_in(client, litigant)
    confirm_by_password(client)

    add_app(client)

    assert has_factor(litigant)


# The mail


def test_the_mail_holds_the_link_and_no_row_does(client, clerk, manager):
    second_factors.issue_link(account=clerk, by=manager)
    row = OutgoingMail.objects.get()
    stored = [str(row.__dict__), str(EnrolmentLink.objects.get().__dict__)]

    delivery.deliver.call_local()

    path = links.enrolment_path(EnrolmentLink.objects.get())
    assert path in mail.outbox[0].body
    assert mail.outbox[0].to == [clerk.email]
    assert not [each for each in stored if path.split("/")[-2] in each]


def test_a_link_that_was_used_meanwhile_is_not_mailed(clerk, manager):
    second_factors.issue_link(account=clerk, by=manager)
    EnrolmentLink.objects.update(used_at=timezone.now())

    delivery.deliver.call_local()

    assert mail.outbox == []


def test_who_issued_a_link_is_on_record(clerk, manager):
    second_factors.issue_link(account=clerk, by=manager)

    entry = CourtLogEntry.objects.get(action="cpor_cases.factor.invite")
    assert (entry.user, entry.court) == (manager, clerk.posts.get().court)


# Who may


def make_editor(court):

    editor = factories.make_clerk(court, "editing-clerk")
    editor.groups.add(Group.objects.get(name="Editors"))
    return editor


def serve_elsewhere_too(court):
    clerk = factories.make_clerk(court, "of-two-courts")
    clerk.posts.create(court=factories.make_court("SLD"))
    return clerk


NOT_IN_CHARGE_OF = {
    "a clerk of another court": lambda court: factories.make_clerk(factories.make_court("SLD")),
    "a clerk of two courts": serve_elsewhere_too,
    "a fellow manager": lambda court: factories.make_clerk(court, group="Court managers"),
    "a service manager": lambda court: factories.make_clerk(court, group="Service managers"),
    "a superuser": lambda court: factories.make_clerk(court, is_superuser=True),
    "an editor of the site's pages": make_editor,
    "somebody who left": lambda court: factories.make_clerk(court, is_active=False),
    "a litigant": lambda court: factories.make_user(),
}


@pytest.mark.parametrize("who", NOT_IN_CHARGE_OF)
def test_a_manager_is_in_charge_of_no_one_beyond_the_court(court, manager, who):
    account = NOT_IN_CHARGE_OF[who](court)
    set_up_app(account)

    for action in (second_factors.issue_link, second_factors.reset):
        with pytest.raises(PermissionDenied):
            action(account=account, by=manager)

    assert has_factor(account)
    assert not OutgoingMail.objects.exists()


@pytest.mark.parametrize("who", ["clerk", "service manager", "self"])
def test_whoever_is_no_manager_is_in_charge_of_no_one(court, clerk, manager, who):
    by = {
        "clerk": factories.make_clerk(court),
        "service manager": factories.make_user("all-courts"),
        "self": clerk,
    }[who]
    if who == "service manager":
        by.groups.add(Group.objects.get(name="Service managers"))

    with pytest.raises(PermissionDenied):
        second_factors.reset(account=clerk, by=by)


def test_an_operator_is_in_charge_of_managers(manager, operator):
    set_up_app(manager)

    second_factors.reset(account=manager, by=operator)

    assert not has_factor(manager)


# The reset of a factor that was lost


def test_a_reset_shuts_every_session_tells_the_person_and_sends_a_new_link(client, clerk, manager):
    set_up_app(clerk)
    log_in(client, clerk, code=code_now())
    OutgoingMail.objects.all().delete()
    assert client.get("/office/").status_code == 200

    second_factors.reset(account=clerk, by=manager)

    assert not has_factor(clerk)
    assert "login" in client.get("/office/").headers["Location"]
    delivery.deliver.call_local()
    assert len(mail.outbox) == 2
    assert links.enrolment_path(EnrolmentLink.objects.get()) in "".join(each.body for each in mail.outbox)
    assert CourtLogEntry.objects.get(action="cpor_cases.factor.reset").user == manager


def test_a_reset_by_command_prints_the_new_link(clerk):
    make_passkey(clerk)

    text = text_of_command("reset_second_factor", "CLERK@example.com")

    assert not has_factor(clerk)
    assert links.enrolment_path(EnrolmentLink.objects.get()) in text
    assert text_of_command("reset_second_factor", "clerk")  # may be repeated


def test_a_litigant_whose_factor_is_reset_needs_no_link(litigant):
    set_up_app(litigant)

    text_of_command("reset_second_factor", "litigant")

    assert not has_factor(litigant)
    assert [each.about for each in OutgoingMail.objects.all()] == [{"notice": "second_factor_reset"}]


def test_a_command_about_nobody_says_so():
    for name in ("reset_second_factor", "second_factor_link"):
        with pytest.raises(CommandError, match="no account"):
            call_command(name, "nobody")


def test_the_command_prints_a_link_for_staff_without_a_factor_alone(client, clerk, litigant):
    text = text_of_command("second_factor_link", "clerk")
    assert enrol(client, clerk, text.strip().removeprefix("http://testserver")).status_code == 302
    assert has_factor(clerk)

    for name in ("clerk", "litigant"):
        with pytest.raises(CommandError):
            call_command("second_factor_link", name)


def test_a_demo_machine_prints_a_link_for_each_of_its_staff_that_has_no_factor(court):
    for name in ("clerk-taipei", "manager-taipei"):
        factories.make_clerk(court, name)
    set_up_app(factories.make_clerk(court, "clerk-shilin"))

    text = serve.introduction(8000, with_demo=True)

    for link in EnrolmentLink.objects.all():
        assert f"http://localhost:8000{links.enrolment_path(link)}" in text
    assert EnrolmentLink.objects.count() == 2


def test_the_first_superusers_link_is_printed_when_the_account_is_made(monkeypatch):
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", factories.PASSWORD)

    text = text_of_command("createsuperuser", "--noinput", "--username=first", "--email=first@example.com")

    link = EnrolmentLink.objects.get(account__username="first")
    assert f"http://testserver{links.enrolment_path(link)}" in text
    assert ModelLogEntry.objects.filter(action="cpor_cases.factor.invite", user=None).exists()


# The address to which a link goes


ADDRESS = "/accounts/email/"
NEW = "elsewhere@example.com"


def ask_for_address(client):
    return client.post(ADDRESS, {"email": NEW, "action_add": ""})


@pytest.mark.parametrize("required", [True, False])
def test_staff_without_a_factor_do_not_change_the_address_by_the_password(client, clerk, settings, required):
    settings.CPOR = settings.CPOR | {"STAFF_MFA_REQUIRED": required}
    log_in(client, clerk)
    confirm_by_password(client)

    answers = [client.get(ADDRESS), ask_for_address(client)]

    assert [answer.headers.get("Location") for answer in answers] == [FACTORS, FACTORS]
    assert not clerk.emailaddress_set.filter(email=NEW).exists()


def test_staff_with_a_factor_change_the_address_after_they_have_used_it(client, clerk):
    log_in(client, clerk)
    confirm_by_password(client)
    set_up_app(clerk)  # elsewhere, meanwhile

    refused = ask_for_address(client)
    confirm_by_code(client)
    ask_for_address(client)

    assert refused.headers["Location"].startswith("/accounts/2fa/reauthenticate/")
    assert clerk.emailaddress_set.filter(email=NEW).exists()


def test_a_change_begun_before_somebody_became_staff_is_confirmed_with_the_factor_alone(client, litigant):
    log_in(client, litigant)
    confirm_by_password(client)
    ask_for_address(client)
    delivery.deliver.call_local()
    link = next(word for word in mail.outbox[-1].body.split() if "confirm-email/" in word)
    litigant.groups.set(Group.objects.filter(name="Clerks"))

    for reader in (client, Client()):
        reader.post(link)
    litigant.refresh_from_db()
    assert litigant.email != NEW

    set_up_app(litigant)
    confirm_by_code(client)
    client.post(link)
    litigant.refresh_from_db()
    assert litigant.email == NEW
