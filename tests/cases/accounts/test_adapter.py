"""Log-in, changed and forgotten passwords, and allauth's mail through the one lane."""

from pathlib import Path

import allauth
import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import get_user_model
from django.core import mail
from django.test import Client
from django.urls import reverse

from cpor_cases.accounts.adapter import (
    NEVER_POSTED,
    NOTICES,
    POSTED_BY_OUR_VIEWS,
    AccountAdapter,
    UnknownMail,
)
from cpor_cases.actions import password_resets
from cpor_cases.mail import delivery
from cpor_cases.models import OutgoingMail, PasswordResetRequest
from tests import factories

pytestmark = pytest.mark.django_db

LOGIN = "/accounts/login/"
NEW = "a new long passphrase"


def log_in(client, login, password=factories.PASSWORD):
    return client.post(LOGIN, {"login": login, "password": password})


@pytest.mark.parametrize("login", ["litigant", "LITIGANT", "litigant@example.com", "Litigant@Example.com"])
def test_a_person_logs_in_by_account_name_or_address_and_comes_to_the_cases(client, litigant, login):
    assert log_in(client, login).headers["Location"] == "/cases/"


def test_a_clerk_comes_to_the_office(client, clerk):
    assert log_in(client, "clerk").headers["Location"] == "/office/"


def test_a_wrong_password_and_an_unknown_account_are_answered_alike(client, litigant):
    wrong = log_in(client, "litigant", "not the password").content.decode()
    unknown = log_in(client, "nobody-at-all", "not the password").content.decode()

    assert (
        wrong.replace("litigant", "").split("<main")[1].split("csrf")[0]
        == unknown.replace("nobody-at-all", "").split("<main")[1].split("csrf")[0]
    )


def test_after_five_wrong_passwords_the_right_one_waits_too_and_an_unknown_account_is_told_the_same(
    client, litigant
):
    for login in ("litigant", "nobody-at-all"):
        for _ in range(5):
            log_in(client, login, "not the password")

    pages = [log_in(client, login).content.decode() for login in ("litigant", "nobody-at-all")]

    assert "_auth_user_id" not in client.session
    for page in pages:
        assert "15 分鐘" in page


def test_nobody_locks_another_out_from_elsewhere(client, litigant):
    """The other side of a lawsuit knows one's e-mail address."""
    elsewhere = Client(REMOTE_ADDR="203.0.113.7")
    for _ in range(6):
        log_in(elsewhere, "litigant@example.com", "not the password")

    assert log_in(client, "litigant@example.com").headers["Location"] == "/cases/"


def test_wrong_passwords_from_everywhere_together_have_a_limit(client, litigant):
    for number in range(50):
        log_in(Client(REMOTE_ADDR=f"203.0.113.{number}"), "litigant", "not the password")

    log_in(client, "litigant")

    assert "_auth_user_id" not in client.session


def test_right_passwords_count_towards_no_limit(client, litigant):
    for _ in range(7):
        assert log_in(client, "litigant").headers["Location"] == "/cases/"
        client.logout()


def test_an_inactive_account_cannot_log_in(client):
    factories.make_user("inactive", is_active=False)

    log_in(client, "inactive")

    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize(
    "path",
    [
        "/accounts/signup/",
        "/accounts/signup/passkey/",
        "/accounts/2fa/webauthn/signup/",
        "/accounts/social/signup/",
        "/accounts/confirm-email/",
        "/_allauth/browser/v1/auth/signup",
        "/_allauth/app/v1/auth/signup",
    ],
)
def test_there_is_no_open_sign_up(client, prefix, path):
    form = {"username": "newcomer", "email": "x@example.com", "password1": NEW, "password2": NEW}

    pages = [client.get(prefix + path), client.post(prefix + path, form)]

    assert not get_user_model().objects.exists()
    assert "_auth_user_id" not in client.session
    for page in pages:
        assert page.status_code != 200 or "signup_closed" in page.templates[0].name


@pytest.mark.parametrize(
    "path", ["/office/login/", "/office/password_reset/", "/office/password_reset/confirm/1/x/"]
)
def test_the_office_has_no_log_in_of_its_own(client, path):
    assert client.get(path).headers["Location"].startswith("/accounts/")


def test_a_password_is_changed_with_the_old_one_and_one_logs_in_again_with_the_new(client, litigant):
    client.force_login(litigant)
    form = {"oldpassword": factories.PASSWORD, "password1": NEW, "password2": NEW}

    client.post(reverse("account_change_password"), form)
    delivery.deliver.call_local()

    assert "_auth_user_id" not in client.session
    assert log_in(client, "litigant", NEW).headers["Location"] == "/cases/"
    assert ["密碼" in message.subject for message in mail.outbox] == [True]


@pytest.mark.parametrize("typed", ["litigant", "litigant@example.com", "LITIGANT@example.com"])
def test_a_forgotten_password_is_renewed_by_a_mailed_link_that_works_once(client, litigant, typed):
    client.post(reverse("account_reset_password"), {"email": typed})
    password_resets.answer.call_local()
    delivery.deliver.call_local()
    link = next(word for word in mail.outbox[0].body.split() if "/password/reset/key/" in word)
    path = link.removeprefix("http://testserver")

    form = client.get(path, follow=True)
    client.post(form.request["PATH_INFO"], {"password1": NEW, "password2": NEW})

    assert log_in(client, "litigant", NEW).headers["Location"] == "/cases/"
    client.logout()
    again = client.get(path, follow=True).content.decode()
    assert 'name="password1"' not in again


@pytest.mark.parametrize("login", ["litigant", "litigant@example.com"])
def test_a_new_password_lets_in_at_once_whom_wrong_ones_kept_out(client, litigant, login):
    EmailAddress.objects.create(user=litigant, email=litigant.email, verified=True, primary=True)
    for _ in range(6):
        log_in(client, login, "not the password")
    client.post(reverse("account_reset_password"), {"email": login})
    password_resets.answer.call_local()
    delivery.deliver.call_local()
    link = next(word for word in mail.outbox[0].body.split() if "/password/reset/key/" in word)

    form = client.get(link.removeprefix("http://testserver"), follow=True)
    client.post(form.request["PATH_INFO"], {"password1": NEW, "password2": NEW})

    assert log_in(client, login, NEW).headers["Location"] == "/cases/"


def test_the_mail_about_a_forgotten_password_names_the_account_too(client, litigant):
    client.post(reverse("account_reset_password"), {"email": "litigant@example.com"})
    password_resets.answer.call_local()
    delivery.deliver.call_local()

    assert "litigant" in mail.outbox[0].body.replace("litigant@example.com", "")
    assert (
        "帳號"
        in client.get(reverse("account_reset_password")).content.decode().split("<h1>")[1].split("</h1>")[0]
    )


@pytest.mark.parametrize("typed", ["nobody-at-all", "nobody@example.com", "inactive"])
def test_a_reset_for_an_account_that_is_not_there_answers_the_same_and_sends_nothing(client, litigant, typed):
    factories.make_user("inactive", is_active=False)
    known = client.post(reverse("account_reset_password"), {"email": "litigant"})
    PasswordResetRequest.objects.all().delete()

    unknown = client.post(reverse("account_reset_password"), {"email": typed})
    password_resets.answer.call_local()

    assert (unknown.status_code, unknown.headers["Location"]) == (
        known.status_code,
        known.headers["Location"],
    )
    assert not OutgoingMail.objects.exists()


def test_every_mail_allauth_can_send_here_is_known_or_switched_off(settings):
    """A new release with a new mail must be reviewed: it may hold a secret."""
    folder = Path(allauth.__file__).parent / "templates"
    mails = {
        f"{app}/email/{file.name.removesuffix('_message.txt')}"
        for app in ("account", "mfa")
        for file in (folder / app / "email").glob("*_message.txt")
    }
    posted_as_rows = {"account/email/email_confirmation"}
    handled = {*NOTICES, *POSTED_BY_OUR_VIEWS, *NEVER_POSTED, *posted_as_rows}
    off = {
        "account/email/base",  # what the others extend
        "account/email/base_notification",
        "account/email/account_already_exists",  # no sign-up
        "account/email/email_confirmation_signup",
        "account/email/login_code",  # not enabled
        "account/email/password_reset_code",
        "account/email/password_reset_key",  # the worker finds out whether there is an account, and posts ours
        "account/email/unknown_account",  # ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS
    }

    assert mails <= handled | off
    assert not settings.ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS
    with pytest.raises(UnknownMail):
        AccountAdapter().send_mail("account/email/login_code", "a@example.com", {})


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example/", "/\\\\evil.example", "javascript:alert(1)"]
)
def test_a_log_in_leads_to_no_other_site(client, litigant, elsewhere):
    form = {"login": litigant.username, "password": factories.PASSWORD, "next": elsewhere}

    answer = client.post("/accounts/login/", form)

    assert answer.headers["Location"] == "/cases/"


def test_after_a_changed_password_one_logs_in_with_the_new_one(client, litigant):
    log_in(client, "litigant")
    form = {"oldpassword": factories.PASSWORD, "password1": NEW, "password2": NEW}

    done = client.post(reverse("account_change_password"), form, follow=True)
    cases = log_in(client, "litigant", NEW)

    assert done.redirect_chain == [(LOGIN, 302)]
    assert "請以新密碼重新登入" in done.content.decode()
    assert cases.headers["Location"] == "/cases/"


def test_a_wrong_current_password_is_called_wrong_and_not_missing(client, litigant):
    log_in(client, "litigant")
    form = {"password1": NEW, "password2": NEW}

    wrong = client.post(reverse("account_change_password"), form | {"oldpassword": "not the password"})
    missing = client.post(reverse("account_change_password"), form)

    assert wrong.context["form"].errors["oldpassword"] == ["目前的密碼不正確。"]
    assert missing.context["form"].errors["oldpassword"] == ["這個欄位必須填寫。"]


def test_what_was_typed_at_the_log_in_is_carried_to_the_forgotten_password(client, litigant):
    page = client.get(LOGIN).content.decode()
    typed = {"login": "litigant@example.com", "password": "half a passw"}

    asked = client.post(reverse("account_reset_password"), typed)

    assert f'formaction="{reverse("account_reset_password")}"' in page
    assert page.index("formaction=") > page.index('<button class="button" type="submit">')
    assert asked.status_code == 200
    assert asked.context["form"]["email"].value() == "litigant@example.com"
    assert asked.context["form"].errors == {}
    assert "half a passw" not in asked.content.decode()
    assert not PasswordResetRequest.objects.exists()


@pytest.mark.parametrize("path", ["account_change_password", "account_login"])
def test_one_way_leads_to_the_forgotten_password(client, litigant, path):
    if path == "account_change_password":
        client.force_login(litigant)

    page = client.get(reverse(path)).content.decode()

    assert page.count(f'"{reverse("account_reset_password")}"') == 1


def test_who_may_use_a_passkey_is_said_to_everybody_alike(client):
    page = client.get(f"/en{LOGIN}").content.decode()

    assert "Only if you have added a passkey" in page
