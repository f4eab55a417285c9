"""A manager invites a clerk; the clerk sets up a passkey by the mailed link, without any password, and is in the office."""

import pytest
from playwright.sync_api import expect

from tests.support.browsing import PASSWORD, add_virtual_authenticator, log_in

pytestmark = pytest.mark.browser

ADDRESS = "chen.yiru@court.example"
MANAGER = f"""
court = factories.make_court("TPD")
factories.make_clerk(court, "manager-invites", group="Court managers", password="{PASSWORD}")
"""
LINK = f"""
from cpor_cases.mail.links import enrolment_path
from cpor_cases.models import EnrolmentLink
print(enrolment_path(EnrolmentLink.objects.get(account__email="{ADDRESS}")))
"""


def test_an_invited_clerk_sets_up_a_passkey_and_works(site, visit, assert_accessible):
    site.python(MANAGER)
    office = visit("desktop")
    log_in(office, "manager-invites")
    office.goto("/office/staff/")
    assert_accessible(office)
    office.click("a[href$='/office/staff/new/']")
    assert_accessible(office)
    for name, text in {"last_name": "陳", "first_name": "怡如", "email": ADDRESS}.items():
        office.fill(f"[name={name}]", text)
    office.click(".office-form button[type=submit]")
    expect(office.locator("main")).to_contain_text(ADDRESS)
    office.goto("/office/staff/")  # without the message, which fades in
    assert_accessible(office)

    phone = visit("phone")
    add_virtual_authenticator(phone)
    phone.goto(site.python(LINK).strip().splitlines()[-1])
    assert_accessible(phone)
    phone.click("button[value=passkey]")
    phone.wait_for_url("**/2fa/webauthn/add/")
    assert_accessible(phone)
    phone.click("#mfa_webauthn_add")
    phone.wait_for_url("**/recovery-codes/")
    phone.goto("/office/applications/")
    expect(phone.locator("main")).to_contain_text("登錄聲請")

    phone.goto("/accounts/logout/")
    phone.click("main button[type=submit]")
    phone.goto("/accounts/login/")
    phone.click("#passkey_login")
    phone.wait_for_url("**/office/**")
    office.reload()
    expect(office.locator("table.listing").last).to_contain_text("陳怡如")
