"""A clerk sets up the first second factor by the link that the manager sends; later it is lost, and the manager resets it."""

import re

import pytest
from playwright.sync_api import expect

from tests.support.browsing import PASSWORD, add_virtual_authenticator, log_in
from tests.support.running_site import wait_for

pytestmark = pytest.mark.browser

PEOPLE = f"""
court = factories.make_court("TPD")
factories.make_clerk(court, "enrolling-manager", group="Court managers", password="{PASSWORD}")
factories.make_clerk(court, "enrolling-clerk", password="{PASSWORD}", last_name="歐陽", first_name="書記")
"""
ADDRESS = "enrolling-clerk@example.com"


def links_in(postbox) -> list[str]:
    texts = [mail.get_body(("plain",)).get_content() for mail in postbox.to(ADDRESS)]
    return re.findall(r"http\S+/accounts/2fa/enrol/\S+", "\n".join(texts))


def confirm(page):
    with page.expect_navigation():
        page.click("main form .button[type=submit]")


def test_a_link_sets_up_the_second_factor_and_a_lost_one_is_replaced(site, visit, postbox, assert_accessible):
    site.python(PEOPLE)
    manager, clerk, old = visit(), visit("phone"), visit()
    add_virtual_authenticator(clerk)
    log_in(old, "enrolling-clerk")
    expect(old).to_have_url(re.compile("/office/$"))
    log_in(manager, "enrolling-manager")

    manager.goto("/office/staff/")
    manager.fill("main [name=q]", "歐陽")
    manager.press("main [name=q]", "Enter")
    manager.click("main a:has-text('歐陽')")
    expect(manager.locator("main")).to_contain_text("未設定")
    manager.click("main a:has-text('寄送啟用連結')")
    confirm(manager)

    clerk.goto(wait_for(lambda: links_in(postbox))[0])
    log_in(clerk, "enrolling-clerk")
    expect(clerk).to_have_url(re.compile("/accounts/2fa/$"))
    assert_accessible(clerk)
    clerk.click("main a[href='/accounts/2fa/webauthn/add/']")
    clerk.fill("[name=password]", PASSWORD)
    confirm(clerk)
    clerk.click("#mfa_webauthn_add")
    clerk.wait_for_url("**/recovery-codes/")
    clerk.click("main a:has-text('復原碼')")
    assert_accessible(clerk)
    clerk.click("main a[href='/office/']")
    expect(clerk).to_have_url(re.compile("/office/$"))

    old.goto("/office/applications/")
    expect(old).to_have_url(re.compile("/accounts/login/"))

    manager.reload()
    expect(manager.locator("main")).to_contain_text("已設定")
    expect(manager.locator("main form tbody tr")).to_have_count(1)
    manager.click("main a:has-text('重設遺失的兩步驟驗證')")
    confirm(manager)
    expect(manager.locator("main")).to_contain_text("未在任何裝置登入")

    clerk.goto("/office/applications/")
    expect(clerk).to_have_url(re.compile("/accounts/login/"))
    clerk.goto(wait_for(lambda: links_in(postbox)[1:])[0])
    log_in(clerk, "enrolling-clerk")
    expect(clerk.locator("main a[href='/accounts/2fa/totp/activate/']")).to_be_visible()
