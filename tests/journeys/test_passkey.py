"""A passkey is made and used, in a browser with a virtual authenticator."""

import pytest
from playwright.sync_api import expect

from tests.support.browsing import PASSWORD, add_virtual_authenticator, log_in

pytestmark = pytest.mark.browser


def test_a_passkey_is_registered_and_then_opens_the_account_alone(site, visit, assert_accessible):
    site.python(f'factories.make_user("passkey-journey", password="{PASSWORD}")')
    page = visit("phone")
    add_virtual_authenticator(page)
    page.goto("/accounts/login/")
    assert_accessible(page)
    log_in(page, "passkey-journey", to="/cases/")

    page.goto("/accounts/")
    assert_accessible(page)
    page.click("main a[href='/accounts/2fa/']")
    assert_accessible(page)
    page.click("main a[href='/accounts/2fa/webauthn/add/']")
    assert_accessible(page)  # asks for the password again
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_selector("#mfa_webauthn_add")
    assert_accessible(page)
    page.fill("[name=name]", "我的手機")
    page.click("#mfa_webauthn_add")
    page.wait_for_url("**/recovery-codes/")
    expect(page.locator(".codes li")).to_have_count(10)
    assert_accessible(page)
    page.goto("/accounts/2fa/webauthn/")
    expect(page.locator("main")).to_contain_text("我的手機")
    assert_accessible(page)
    for path in ("totp/activate/", "recovery-codes/", "recovery-codes/generate/"):
        page.goto(f"/accounts/2fa/{path}")
        assert_accessible(page)
    page.goto("/accounts/sessions/")
    assert_accessible(page)

    page.goto("/accounts/logout/")
    page.click("main button[type=submit]")
    page.goto("/accounts/login/")
    page.click("#passkey_login")
    page.wait_for_url("**/cases/")

    page.goto("/accounts/logout/")
    page.click("main button[type=submit]")
    page.goto("/accounts/login/")
    log_in(page, "passkey-journey")
    page.wait_for_selector("#mfa_webauthn_authenticate")
    assert_accessible(page)
    page.click("#mfa_webauthn_authenticate")
    page.wait_for_url("**/cases/")
    assert page.errors == []
