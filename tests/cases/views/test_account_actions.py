"""A change to an account and the mail about it are one transaction: both are done, or neither (rule 7)."""

import pytest
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.test import Client
from django.urls import reverse

from cpor_cases.mail import outbox
from cpor_cases.models import OutgoingMail
from tests import factories
from tests.support import factors

pytestmark = pytest.mark.django_db

NEW_PASSWORD = "quite another passphrase"


class PowerCut(Exception):
    pass


@pytest.fixture
def browser(client, litigant):
    """The person, logged in a moment ago, with a proven address."""
    EmailAddress.objects.create(user=litigant, email=litigant.email, verified=True, primary=True)
    log_in(client, litigant)
    OutgoingMail.objects.all().delete()
    return client


def log_in(client, person):
    client.post(reverse("account_login"), {"login": person.username, "password": factories.PASSWORD})
    client.post(reverse("account_reauthenticate"), {"password": factories.PASSWORD})


def change_password(browser, _person):
    form = {"oldpassword": factories.PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    return browser.post(reverse("account_change_password"), form)


def add_app(browser, _person):
    browser.get(reverse("mfa_activate_totp"))
    secret = browser.session[totp.SECRET_SESSION_KEY]
    code = totp.format_hotp_value(totp.hotp_value(secret, next(totp.yield_hotp_counters_from_time())))
    return browser.post(reverse("mfa_activate_totp"), {"code": code})


def remove_app(browser, person):
    factors.set_up_app(person)
    factors.confirm_by_code(browser)
    return browser.post(reverse("mfa_deactivate_totp"))


def make_recovery_codes(browser, person):
    factors.set_up_app(person)
    factors.confirm_by_code(browser)
    return browser.post(reverse("mfa_generate_recovery_codes"))


def confirm_address(browser, person):
    new = EmailAddress.objects.create(user=person, email="new@example.com")
    return browser.post(reverse("account_confirm_email", args=[EmailConfirmationHMAC(new).key]))


def state_of(person) -> tuple:
    """All of an account that these actions change."""
    person.refresh_from_db()
    factors = Authenticator.objects.filter(user=person).order_by("pk").values_list("pk", "type")
    return person.password, person.email, list(factors)


ACTIONS = {
    "password_changed": change_password,
    "second_factor_added": add_app,
    "second_factor_removed": remove_app,
    "recovery_codes_made": make_recovery_codes,
    "email_changed": confirm_address,
}


@pytest.mark.parametrize("kind", ACTIONS)
def test_the_action_writes_its_mail_once(browser, litigant, kind, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as callbacks:
        answer = ACTIONS[kind](browser, litigant)
    for callback in callbacks:
        callback()

    assert answer.status_code == 302
    assert [mail.about.get("notice", mail.kind) for mail in OutgoingMail.objects.all()] == [kind]


@pytest.mark.parametrize("kind", ACTIONS)
def test_a_machine_that_dies_before_the_mail_is_written_has_changed_nothing(
    browser, litigant, kind, monkeypatch
):
    action = ACTIONS[kind]
    if action is remove_app or action is make_recovery_codes:
        factors.set_up_app(litigant)
        monkeypatch.setattr(factors, "set_up_app", lambda *_: None)
    before = state_of(litigant)

    def die(*_args, **_kwargs):
        raise PowerCut

    monkeypatch.setattr(outbox, "post", die)
    with pytest.raises(PowerCut):
        action(browser, litigant)

    assert state_of(litigant) == before
    assert not OutgoingMail.objects.exists()


def test_a_log_in_from_a_new_browser_and_its_mail_are_one(litigant, monkeypatch):
    log_in(Client(), litigant)
    litigant.refresh_from_db()
    last = litigant.last_login
    monkeypatch.setattr(outbox, "post", lambda *_args, **_kwargs: (_ for _ in ()).throw(PowerCut()))

    with pytest.raises(PowerCut):
        log_in(Client(), litigant)

    litigant.refresh_from_db()
    assert litigant.last_login == last


def test_a_passkey_removed_and_its_mail_are_one(browser, litigant, monkeypatch):
    passkey = factors.make_passkey(litigant)
    codes = RecoveryCodes.activate(litigant)
    factors.confirm_by_code(browser, codes.get_unused_codes()[0])
    path = reverse("mfa_remove_webauthn", args=[passkey.pk])
    with monkeypatch.context() as power:
        power.setattr(outbox, "post", lambda *_args, **_kwargs: (_ for _ in ()).throw(PowerCut()))
        with pytest.raises(PowerCut):
            browser.post(path)
    assert Authenticator.objects.count() == 2

    browser.post(path)

    assert Authenticator.objects.count() == 0
    assert [mail.about["notice"] for mail in OutgoingMail.objects.all()] == ["second_factor_removed"]
