"""Second factors, the list of log-ins, and the mails that tell of both."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings as django_settings
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client

from cpor_cases.accounts import known_browsers
from cpor_cases.mail import delivery
from tests import factories
from tests.support import factors
from tests.support.factors import code_now, log_in

pytestmark = pytest.mark.django_db

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:144.0) Gecko/20100101 Firefox/144.0"


def mails():
    delivery.deliver.call_local()
    return [message.subject for message in mail.outbox]


@pytest.fixture
def active(client, litigant):
    """A litigant who has logged in and said once more who they are."""
    log_in(client, litigant)
    factors.confirm_by_password(client)
    return litigant


def test_an_app_is_set_up_and_then_asked_for_at_log_in(client, active, make_mails_leave):
    page = client.get("/accounts/2fa/totp/activate/").content.decode()
    secret = re.search(r'class="secret">(\w+)<', page)[1]

    form = {"code": code_now(secret)}
    done = make_mails_leave(lambda: client.post("/accounts/2fa/totp/activate/", form))
    other = Client()
    asked = log_in(other, active)

    assert "data:image/svg+xml;base64," in page
    assert done.headers["Location"] == "/accounts/2fa/recovery-codes/"
    assert asked.headers["Location"] == "/accounts/2fa/authenticate/"
    assert "_auth_user_id" not in other.session
    assert len(mails()) == 1  # the codes made along with it need no message of their own


@pytest.mark.parametrize("has_app", [True, False])
def test_the_second_step_asks_for_what_the_person_has(client, litigant, has_app, monkeypatch):
    monkeypatch.setattr("allauth.mfa.webauthn.internal.auth.begin_authentication", lambda _user: {})
    Authenticator.objects.create(user=litigant, type="webauthn", data={"name": "phone", "credential": {}})
    RecoveryCodes.activate(litigant)
    if has_app:
        TOTP.activate(litigant, "JBSWY3DPEHPK3PXP")
    log_in(client, litigant)

    page = client.get("/en/accounts/2fa/authenticate/").content.decode().split("</main>")[0]

    assert ("Use my passkey" in page.split("<label")[0]) is not has_app
    assert ("authenticator app" in page) is has_app


def test_a_person_with_an_app_alone_is_offered_no_passkey(client, litigant):
    TOTP.activate(litigant, "JBSWY3DPEHPK3PXP")
    log_in(client, litigant)

    page = client.get("/en/accounts/2fa/authenticate/").content.decode()

    assert "authenticator app" in page
    assert "passkey" not in page.split("<main")[1]


def test_the_secret_of_an_app_is_stored_encrypted(litigant):
    TOTP.activate(litigant, "JBSWY3DPEHPK3PXP")

    kept = Authenticator.objects.get(user=litigant).data["secret"]

    assert "JBSWY3DPEHPK3PXP" not in kept


def test_a_replaced_secret_key_lets_no_code_in(client, litigant, settings):
    TOTP.activate(litigant, "JBSWY3DPEHPK3PXP")
    settings.SECRET_KEY = "another"

    log_in(client, litigant)
    for secret in ("JBSWY3DPEHPK3PXP", ""):
        client.post("/accounts/2fa/authenticate/", {"code": code_now(secret)})

    assert "_auth_user_id" not in client.session


def test_recovery_codes_are_shown_once_and_each_opens_once(client, active):
    factors.set_up_app(active)
    factors.confirm_by_code(client)
    client.post("/accounts/2fa/recovery-codes/generate/")

    first = client.get("/accounts/2fa/recovery-codes/").content.decode()
    again = client.get("/accounts/2fa/recovery-codes/").content.decode()
    code = re.search(r'class="secret">(\d+)<', first)[1]

    assert code not in again
    for opens in (True, False):
        browser = Client()
        log_in(browser, active)
        browser.post("/accounts/2fa/authenticate/", {"code": code})
        assert ("_auth_user_id" in browser.session) is opens


def test_a_change_of_second_factors_asks_who_it_is(client, litigant):
    client.force_login(litigant)

    for path in ("totp/activate/", "webauthn/add/", "recovery-codes/generate/"):
        assert client.get(f"/accounts/2fa/{path}").headers["Location"].startswith("/accounts/reauthenticate/")


def test_who_begins_log_ins_by_passkey_without_end_fills_no_table(client, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"passkey_challenge": "2/m/ip"}

    begun = [
        Client().get("/accounts/2fa/webauthn/login/", headers={"x-requested-with": "XMLHttpRequest"})
        for _ in range(3)
    ]

    assert [answer.status_code for answer in begun] == [200, 200, 429]
    assert Session.objects.count() == 2


@pytest.mark.parametrize("has_app", [True, False])
def test_staff_keep_their_last_second_factor(client, clerk, settings, has_app):
    settings.CPOR = settings.CPOR | {"STAFF_MFA_REQUIRED": True}
    factor = factors.set_up_app(clerk) if has_app else factors.make_passkey(clerk)
    codes = RecoveryCodes.activate(clerk).get_unused_codes()
    client.force_login(clerk)
    factors.confirm_by_code(client, codes[0])

    for path in ("totp/deactivate/", f"webauthn/keys/{factor.pk}/remove/"):
        client.post(f"/accounts/2fa/{path}")

    assert Authenticator.objects.filter(pk=factor.pk).exists()


def test_litigants_are_never_made_to(client, litigant, settings):
    settings.CPOR = settings.CPOR | {"STAFF_MFA_REQUIRED": True}
    client.force_login(litigant)

    assert client.get("/cases/").status_code == 200


def test_where_one_is_logged_in_is_listed_and_ended_elsewhere(client, litigant):
    elsewhere = Client(headers={"user-agent": FIREFOX})
    log_in(elsewhere, litigant)
    log_in(client, litigant)

    page = client.get("/accounts/sessions/").content.decode()
    asked = client.post("/accounts/sessions/").headers["Location"]
    assert elsewhere.get("/cases/").status_code == 200
    client.post(asked, {"password": factories.PASSWORD})  # goes on with what was to be done

    assert "Firefox, Windows" in page
    assert elsewhere.get("/cases/").status_code == 302
    assert client.get("/cases/").status_code == 200


def test_the_first_log_in_is_not_told_but_one_from_another_browser_is(client, litigant):
    log_in(client, litigant)
    client.post("/accounts/logout/")
    log_in(client, litigant)
    assert mails() == []

    log_in(Client(headers={"user-agent": FIREFOX}), litigant)

    assert len(mails()) == 1
    assert "Firefox, Windows" in mail.outbox[0].body


def test_a_forged_cookie_makes_no_browser_known(rf, litigant):
    request = rf.get("/")
    request.COOKIES[known_browsers.cookie_name()] = f"[{litigant.pk}]"

    assert not known_browsers.is_known(request, litigant)


@pytest.mark.parametrize(
    "path",
    [
        "/accounts/",
        "/accounts/2fa/",
        "/accounts/2fa/totp/activate/",
        "/accounts/2fa/webauthn/",
        "/accounts/2fa/webauthn/add/",
        "/accounts/sessions/",
    ],
)
def test_every_page_of_the_account_opens_to_its_owner_alone(client, active, path):
    assert client.get(path).status_code == 200
    assert client.get("/en" + path).status_code == 200
    assert Client().get(path).status_code == 302


def test_second_factors_are_asked_of_staff_in_production():
    source = (django_settings.BASE_DIR / "site/cpor_site/settings/production.py").read_text()

    assert '"STAFF_MFA_REQUIRED": base.env.bool("STAFF_MFA_REQUIRED", default=True)' in source
