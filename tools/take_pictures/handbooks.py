"""The pictures of the handbooks for clerks and for editors: screens of the office, in both languages."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from .demo_site import DemoSite, log_in
from .screens import LANGUAGES, ROOT, keep, settle

FOLDER = ROOT / "site" / "static" / "cpor" / "handbook"
SCREEN: dict[str, Any] = {"viewport": {"width": 1120, "height": 700}, "color_scheme": "light"}

# The office speaks to everybody in one language.
SPEAK = """
from django.contrib.auth import get_user_model
from wagtail.users.models import UserProfile
for account in get_user_model().objects.all():
    UserProfile.objects.update_or_create(user=account, defaults={{"preferred_language": {language!r}}})
print("done")
"""

# A petition as somebody filled it in, whose paper has come in.
PETITION_NUMBER = "4821093753"
PETITION = f"""
from cpor_cases.actions import petitions
from cpor_cases.models import Petition
from cpor_core.case_numbers import CaseNumber
from cpor_core.models import Court, PartyRole
made = petitions.make(
    court=Court.objects.get(code="TPD"), category="civil", number=CaseNumber(115, "訴", 456), division="孝",
    role=PartyRole.objects.filter(category="civil", is_entitled=True).first(), applicant_name="陳美玲",
    phone="0912-345-678", address="meiling@example.com", is_address_proved=True, language="zh-hant",
)
Petition.objects.filter(pk=made.pk).update(number="{PETITION_NUMBER}")
print("done")
"""

# A court's file with one row that cannot be taken: it has no such day.
EXPORT = """法院,類別,年度,字別,號,股別,案由,事項序號,日期,進行事項,說明,庭期,法庭
TPD,民事,115,訴,123,孝,返還借款,HANDBOOK-1,115/11/27,準備程序,兩造到庭,,
TPD,民事,115,訴,123,孝,返還借款,HANDBOOK-2,115/13/01,判決,,,
TPD,民事,115,簡,45,廉,給付票款,HANDBOOK-3,115/11/27,定期,,115/12/20 09:30,第 7 法庭
"""


def take(site: DemoSite, browser: Browser) -> None:
    """Take all of them at a demo site."""
    site.printed(PETITION)
    for language in LANGUAGES:
        site.printed(SPEAK.format(language=language))
        for name, screens in {"clerk-taipei": CLERKS, "editor": EDITORS}.items():
            context = browser.new_context(base_url=site.url, **SCREEN)
            page = context.new_page()
            log_in(page, name)
            for picture, show in screens.items():
                show(page)
                settle(page)
                keep(page, FOLDER / language / f"{picture}.png")
            context.close()


def _at(address: str) -> Callable[[Page], None]:
    return lambda page: page.goto(address) and None


def _show_decision(page: Page) -> None:
    page.goto("/office/applications/?q=林小華")
    page.locator("main td a", has_text="115").first.click()
    page.locator("#decision-title").wait_for()


def _show_scan(page: Page) -> None:
    """Show what a scan brings up, to be compared with the paper."""
    page.goto("/office/applications/scan/")
    page.fill("[name=number]", PETITION_NUMBER)
    page.press("[name=number]", "Enter")
    page.locator("#compare-title").wait_for()


def _show_dry_run(page: Page) -> None:
    page.goto("/office/imports/upload/")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "export.csv"
        file.write_text(EXPORT, encoding="utf-8")
        page.set_input_files("[name=file]", file)
        page.click(".office-form button[type=submit]")
        page.locator(".office-actions form:not([action]) button").wait_for()


def _show_case(page: Page) -> None:
    page.goto("/office/cases/?q=訴123")
    page.locator("main td a", has_text="123").first.click()
    page.wait_for_load_state("load")


def _show_page(page: Page) -> None:
    """Show how one of the common questions is edited."""
    page.goto("/office/")
    page.goto(page.locator("main a[href*='/office/pages/']").first.get_attribute("href") or "")
    page.locator("main td .title-wrapper a").first.click()
    page.locator("[name=title]").wait_for()


def _show_kind(page: Page) -> None:
    """Show the explanation of a kind of entry, below its names."""
    page.goto("/office/snippets/cpor_core/progresskind/?q=定期")
    page.locator("main td a").first.click()
    page.locator("[name^=meaning]").first.scroll_into_view_if_needed()
    page.evaluate("scrollBy(0, 400)")


CLERKS = {
    "office": _at("/office/"),
    "scan": _show_scan,
    "decision": _show_decision,
    "dry-run": _show_dry_run,
    "caller": _at("/office/calls/?q=王大明"),
    "case": _show_case,
}
EDITORS = {"editors-office": _at("/office/"), "page": _show_page, "kind": _show_kind}
