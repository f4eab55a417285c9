"""Rule 8 behind the log-in: the office opens to a session that has proven a second factor, not to an account that has one."""

import pytest
from allauth.account import app_settings as account_settings
from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import include, path

from cpor_core.office.admin_views import STANDS_IN
from cpor_site import urls as site_urls
from tests.support import factors
from tests.support.factors import code_now, confirm_by_code, confirm_by_password, log_in

pytestmark = pytest.mark.django_db


class AdminElsewhere:
    """The addresses of a site that mounts the admin at two other places."""

    urlpatterns = [
        path("behind/the/scenes/", include(site_urls.wagtailadmin_urls)),
        path("cms/", include(site_urls.wagtailadmin_urls)),
        *(each for each in site_urls.urlpatterns if not str(each.pattern).startswith("office/")),
    ]


# A view of each kind that the admin serves, below its root: pages, choosers, API, reports, documents, our own screens.
OFFICE = [
    "",
    "pages/",
    "choose-page/",
    "api/main/pages/",
    "reports/site-history/",
    "documents/",
    "images/chooser/",
    "account/",
    "applications/",
    "audit/export.xlsx",
    "dismissibles/",
]


@pytest.fixture(autouse=True)
def _required(settings):
    settings.CPOR = settings.CPOR | {"STAFF_MFA_REQUIRED": True}


def opens(client, path="/office/") -> bool:
    return client.get(path).status_code == 200


def test_a_session_opened_by_password_alone_stays_out_when_the_account_gets_a_factor(client, clerk):
    log_in(client, clerk)
    factors.set_up_app(clerk)

    led = client.get("/office/applications/?status=pending")

    assert led.status_code == 302
    assert led.headers["Location"].startswith("/accounts/2fa/reauthenticate/?next=%2Foffice%2Fapplications")


def test_a_session_that_proves_the_factor_is_let_in_where_it_wanted_to_go(client, clerk):
    log_in(client, clerk)
    factors.set_up_app(clerk)

    led = client.get("/office/cases/").headers["Location"]
    answer = client.post(led, {"code": code_now()})

    assert answer.headers["Location"] == "/office/cases/"
    assert opens(client)


def test_a_log_in_in_two_steps_opens_the_office(client, clerk):
    factors.set_up_app(clerk)

    log_in(client, clerk, code=code_now())

    assert opens(client)


def test_the_proof_of_another_session_is_none(client, clerk):
    factors.set_up_app(clerk)
    log_in(Client(), clerk, code=code_now())
    client.force_login(clerk)

    assert not opens(client)


def test_recovery_codes_without_a_factor_open_nothing(client, clerk):
    codes = RecoveryCodes.activate(clerk).get_unused_codes()
    client.force_login(clerk)
    confirm_by_code(client, codes[0])

    assert not opens(client)


def test_the_proof_of_a_factor_that_is_gone_is_none(client, clerk):
    factors.make_passkey(clerk)
    app = factors.set_up_app(clerk)
    log_in(client, clerk, code=code_now())
    assert opens(client)

    app.delete()

    assert not opens(client)


@pytest.mark.parametrize("root", ["/office/", "/behind/the/scenes/", "/cms/"])
@pytest.mark.parametrize("below", OFFICE)
def test_the_second_factor_is_asked_for_wherever_the_admin_stands(client, clerk, settings, root, below):
    if root != "/office/":
        settings.ROOT_URLCONF = AdminElsewhere
    clerk.is_superuser = True
    clerk.save()
    client.force_login(clerk)
    factors.set_up_app(clerk)

    answer = client.get(root + below)

    assert answer.headers.get("Location", "").startswith("/accounts/2fa/")


OPEN_TO_ALL = {"login/", "logout/", r"^password_reset/.*$", "office_words"}


def test_every_view_that_the_site_serves_in_the_office_is_one_of_the_admin():
    """Those the site puts before the admin's own are asked the same, except the views that lead to the log-in."""
    ours = [
        each
        for resolver in site_urls.urlpatterns
        if str(resolver.pattern).startswith("office/")
        and getattr(resolver, "urlconf_name", None) is not site_urls.wagtailadmin_urls
        for each in getattr(resolver, "url_patterns", [resolver])
    ]
    unguarded = {each.name or str(each.pattern) for each in ours if not hasattr(each.callback, STANDS_IN)}

    assert unguarded == OPEN_TO_ALL


def test_a_script_of_the_office_is_refused_without_being_led_away(client, clerk):
    client.force_login(clerk)

    assert (
        client.get("/office/api/main/pages/", headers={"x-requested-with": "XMLHttpRequest"}).status_code
        == 403
    )


def test_pages_that_are_not_the_office_ask_for_nothing(client, clerk):
    client.force_login(clerk)

    for page in ("/accounts/", "/accounts/2fa/", "/cases/"):
        assert client.get(page).status_code == 200


def test_the_admin_has_its_policy_of_content_wherever_it_stands(client, settings):
    settings.CPOR = settings.CPOR | {"STAFF_MFA_REQUIRED": False}
    settings.ROOT_URLCONF = AdminElsewhere
    client.force_login(get_user_model().objects.create_superuser("operator", "operator@example.com", "x"))

    office = client.get("/cms/").headers["Content-Security-Policy"]
    page = client.get("/accounts/").headers["Content-Security-Policy"]

    assert "frame-ancestors 'self'" in office
    assert "frame-ancestors 'none'" in page


# Changes of factors


@pytest.fixture
def person(litigant):
    EmailAddress.objects.create(user=litigant, email=litigant.email, verified=True, primary=True)
    return litigant


def add_app(client, _person):
    client.get("/accounts/2fa/totp/activate/")
    return client.post("/accounts/2fa/totp/activate/", {"code": code_now(client.session["mfa.totp.secret"])})


def remove_app(client, person):
    factors.make_passkey(person)
    return client.post("/accounts/2fa/totp/deactivate/")


def remove_passkey(client, person):
    return client.post(f"/accounts/2fa/webauthn/keys/{factors.make_passkey(person).pk}/remove/")


def make_codes(client, _person):
    return client.post("/accounts/2fa/recovery-codes/generate/")


CHANGES = [remove_app, remove_passkey, make_codes]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_every_change_of_a_factor_ends_the_other_sessions(client, person, change):
    factors.set_up_app(person)
    elsewhere = Client()
    elsewhere.force_login(person)
    assert opens(elsewhere, "/cases/")
    client.force_login(person)
    confirm_by_code(client)

    change(client, person)

    assert not opens(elsewhere, "/cases/")
    assert opens(client, "/cases/")


def test_setting_up_the_first_factor_ends_the_other_sessions(client, person):
    elsewhere = Client()
    elsewhere.force_login(person)
    assert opens(elsewhere, "/cases/")
    client.force_login(person)
    confirm_by_password(client)

    add_app(client, person)

    assert Authenticator.objects.filter(user=person, type="totp").exists()
    assert not opens(elsewhere, "/cases/")
    assert opens(client, "/cases/")


def test_whoever_has_set_up_a_factor_has_proven_it_and_sees_the_recovery_codes(client, person):
    client.force_login(person)
    confirm_by_password(client)

    answer = add_app(client, person)

    assert answer.headers["Location"] == "/accounts/2fa/recovery-codes/"
    assert 'class="secret"' in client.get("/accounts/2fa/recovery-codes/").content.decode()


FACTOR_PAGES = [
    "totp/deactivate/",
    "webauthn/add/",
    "webauthn/keys/{app}/edit/",
    "recovery-codes/generate/",
    "recovery-codes/",
    "recovery-codes/download/",
]


@pytest.mark.parametrize("page", FACTOR_PAGES)
@pytest.mark.parametrize("confirmed", [True, False], ids=["password typed again", "logged in only"])
def test_a_password_alone_changes_no_factor_of_an_account_that_has_one(client, person, page, confirmed):
    client.force_login(person)
    if confirmed:
        confirm_by_password(client)
    app = factors.set_up_app(person)
    RecoveryCodes.activate(person)
    before = list(Authenticator.objects.order_by("pk").values())
    if confirmed:
        confirm_by_password(client)

    for method in (client.get, client.post):
        answer = method(f"/accounts/2fa/{page.format(app=app.pk)}")
        assert answer.headers["Location"].startswith("/accounts/2fa/reauthenticate/")

    assert list(Authenticator.objects.order_by("pk").values()) == before


def test_who_has_a_factor_cannot_confirm_by_password(client, person):
    client.force_login(person)
    factors.set_up_app(person)

    page = client.get("/accounts/2fa/reauthenticate/").content.decode()
    confirm_by_password(client)

    assert "使用密碼" not in page
    assert not [
        each
        for each in client.session.get("account_authentication_methods", [])
        if each["method"] == "password"
    ]


def test_who_has_but_a_passkey_is_asked_for_it_first(rf, person):
    factors.make_passkey(person)
    RecoveryCodes.activate(person)

    methods = get_adapter().get_reauthentication_methods(person)

    assert [each["id"] for each in methods] == ["mfa_reauthenticate:webauthn", "mfa_reauthenticate"]


# A passkey alone


@pytest.mark.parametrize("verified", [True, False])
@pytest.mark.parametrize("begun_for_it", [True, False], ids=["its own challenge", "that of a second step"])
def test_a_passkey_opens_an_account_alone_only_if_the_device_knew_its_owner(
    client, clerk, litigant, begun_for_it, verified
):
    """A key that was found or stolen answers any challenge, also one that was begun with another account's password."""
    device = factors.Device()
    device.register(clerk)
    if begun_for_it:
        headers = {"x-requested-with": "XMLHttpRequest"}
        client.get("/accounts/2fa/webauthn/login/", headers=headers)
    else:
        factors.Device().register(litigant)
        log_in(client, litigant)
        client.get("/accounts/2fa/authenticate/")
        session = client.session
        # Given up; the challenge stays.
        session["account_login"]["initiated_at"] -= account_settings.LOGIN_TIMEOUT + 1
        session.save()
    challenge = client.session["mfa.webauthn.state"]["challenge"]

    credential = device.answer(challenge, clerk, verified=verified)
    client.post("/accounts/2fa/webauthn/login/", {"credential": credential}, secure=True)

    assert ("_auth_user_id" in client.session) is verified
    assert opens(client) is verified
