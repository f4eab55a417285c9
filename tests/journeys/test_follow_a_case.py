"""From paper to mail: a clerk approves, a litigant activates, an import brings news, a mail announces it."""

import re

import pytest
from playwright.sync_api import expect

from tests.support.browsing import PASSWORD, log_in
from tests.support.export_files import HEADER
from tests.support.people import make_clerk
from tests.support.running_site import wait_for

pytestmark = pytest.mark.browser

ENTRIES = [
    "TPD,民事,115,訴,{number},孝,返還借款,J{number}-1,115/09/01,收案,,,,,",
    "TPD,民事,115,訴,{number},孝,返還借款,J{number}-2,115/09/02,分案,,,,,",
    "TPD,民事,115,訴,{number},孝,返還借款,J{number}-3,1150924,準備程序,兩造到庭,,,,",
    "TPD,民事,115,訴,{number},孝,返還借款,J{number}-4,民國115年9月30日,定期,,115/12/01 09:30,第 12 法庭,,",
]


def link_in(mail, path):
    return re.search(rf"http://\S*{path}\S*", mail.get_body(("plain",)).get_content())[0]


def record_and_approve(page, number, *, name="王大明", email="wang@mail.example"):
    page.goto("/office/applications/new/")
    page.check("[name=category][value=civil]")
    page.fill("[name=case_number]", f"115年度訴字第{number}號")
    page.fill("[name=applicant_name]", name)
    page.select_option("[name=role]", label="當事人")
    page.fill("[name=email]", email)
    page.fill("[name=email_again]", email)
    page.fill("[name=received_on]", "115/11/20")
    page.click("button:has-text('登錄並進行審核')")
    page.click("button:has-text('核准')")
    page.wait_for_selector("text=已核准")


def import_file(site, tmp_path, number, rows=slice(None), encoding="utf-8"):
    file = tmp_path / "export.csv"
    file.write_text(
        "\n".join([HEADER, *(row.format(number=number) for row in ENTRIES[rows])]), encoding=encoding
    )
    return site.manage("import_progress", str(file), "--court", "TPD")


@pytest.fixture(scope="module")
def clerk(site):
    return make_clerk(site, "clerk-journey")


def test_from_the_clerks_form_to_three_entries(site, visit, postbox, clerk, assert_accessible, tmp_path):
    office = visit()
    log_in(office, clerk)
    record_and_approve(office, 8101)
    activation = link_in(postbox.wait_for("wang@mail.example"), "/accounts/activate/")

    litigant = visit("phone")
    litigant.goto(activation)
    assert_accessible(litigant)
    litigant.fill("[name=name]", "李小華")
    litigant.fill("[name=username]", "wang-journey")
    for field in ("password1", "password2"):
        litigant.fill(f"[name={field}]", PASSWORD)
    litigant.click("main button")
    assert_accessible(litigant)  # the page that says the name is wrong
    litigant.fill("[name=name]", "王大明")
    for field in ("password1", "password2"):
        litigant.fill(f"[name={field}]", PASSWORD)
    litigant.click("main button")
    litigant.wait_for_url("**/cases/")
    expect(litigant.locator("main")).to_contain_text("115年度訴字第8101號")
    assert_accessible(litigant)  # a case without an entry

    welcome = postbox.wait_for("wang@mail.example", count=2)
    assert "如何辨識假冒的信件" in welcome.get_body(("plain",)).get_content()

    said = import_file(site, tmp_path, 8101, encoding="cp950")
    assert "created: 4" in said
    news = postbox.wait_for("wang@mail.example", count=3)
    assert "115年度訴字第8101號" in news.get_body(("plain",)).get_content()
    assert "準備程序" not in news.get_body(("html",)).get_content()

    litigant.reload()
    newest_first = [re.compile(rf"^\s*{kind}(\s|$)") for kind in ("定期", "準備程序", "分案")]
    expect(litigant.locator(".timeline :is(h3, h4)")).to_have_text(newest_first)
    expect(litigant.locator("main")).to_contain_text("民國 115 年 9 月 24 日（2026-09-24）")
    assert_accessible(litigant)
    litigant.click(".case-card h2 a")
    expect(litigant.locator("main")).to_contain_text("孝股")
    assert_accessible(litigant)

    again = import_file(site, tmp_path, 8101)
    assert "unchanged: 4" in again
    record_and_approve(office, 8102, email="Wang@Mail.Example")
    added = postbox.wait_for("wang@mail.example", count=4)
    assert "115年度訴字第8102號" in added.get_body(("plain",)).get_content()
    litigant.goto("/cases/")
    expect(litigant.locator(".case-card")).to_have_count(2)


def test_a_refusal_sends_nothing(visit, postbox, clerk):
    office = visit()
    log_in(office, clerk)
    office.goto("/office/applications/new/")
    office.check("[name=category][value=criminal]")
    office.fill("[name=case_number]", "115訴8103")
    office.fill("[name=applicant_name]", "吳小姐")
    office.select_option("[name=role]", label="檢察官")
    office.fill("[name=received_on]", "2026-11-20")
    office.click("button:has-text('登錄並進行審核')")
    expect(office.locator("main")).to_contain_text("未填寫電子郵件信箱")

    office.select_option("[name=reason]", index=1)
    office.click("button:has-text('不予受理')")

    expect(office.locator("button:has-text('不予受理')")).to_have_count(0)
    expect(office.locator("main")).to_contain_text("不予受理")
    assert not [mail for mail in postbox.mails if "吳" in str(mail)]


def test_a_forgotten_password_is_renewed_by_a_mailed_link(site, visit, postbox, assert_accessible):
    site.python(
        "person = factories.make_user('forgetful', email='forgetful@mail.example')\n"
        "person.emailaddress_set.create(email=person.email, verified=True, primary=True)"
    )
    page = visit("phone")
    page.goto("/accounts/login/")
    assert_accessible(page)
    page.goto("/accounts/password/reset/")
    assert_accessible(page)
    page.fill("[name=email]", "forgetful")
    page.click("main button[type=submit]")
    assert_accessible(page)

    page.goto(link_in(postbox.wait_for("forgetful@mail.example"), "/password/reset/key/"))
    assert_accessible(page)
    for field in ("password1", "password2"):
        page.fill(f"[name={field}]", "quite another passphrase")
    page.click("main button[type=submit]")
    wait_for(lambda: len(postbox.to("forgetful@mail.example")) >= 2)

    log_in(page, "forgetful", "quite another passphrase")
    page.wait_for_url("**/cases/")
    assert_accessible(page)  # no case yet
    page.goto("/accounts/password/change/")
    assert_accessible(page)
    page.goto("/cases/settings/")
    assert_accessible(page)
