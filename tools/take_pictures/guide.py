"""The guide's pictures of the service's own screens, in both languages, as a phone shows them."""

import json
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from .demo_site import DEMO, DemoSite
from .screens import LANGUAGES, ROOT, keep, settle

FOLDER = ROOT / "cpor_pages" / "starter" / "pictures"
WIDTH, EDGE, SHARPNESS = 412, 12, 2
SCREEN: dict[str, Any] = {
    "viewport": {"width": WIDTH, "height": 900},
    "device_scale_factor": SHARPNESS,
    "color_scheme": "light",
}
SHOWN_ADDRESS = "https://cpor.court.example"  # in the mails: the demo site's own would teach readers nothing

# Approves the demo paper that waits in the office, and prints where its mail would lead.
ACTIVATION = """
from cpor_cases.actions import applications
from cpor_cases.mail.links import activation_path
from cpor_cases.models import Application
paper = Application.objects.get(applicant_name="林小華")
granted = applications.approve(application=paper, by=paper.recorded_by)
print(activation_path(granted.account.activation))
"""

# Opens one more case to the demo person, and prints the HTML of three mails by language and kind.
MAILS = f"""
import json
from cpor_cases import demo
from cpor_cases.actions import applications
from cpor_cases.mail import rendering
from cpor_cases.models import CaseAccess, Litigant, OutgoingMail
from cpor_core.case_numbers import CaseNumber
before = CaseAccess.objects.filter(account__username={DEMO["name"]!r}).first().application
one_more = demo._apply(before.case.court.code, CaseNumber(115, "重訴", 88), before.applicant_name, before.email, before.role)
applications.approve(application=one_more, by=one_more.recorded_by)
told = {{}}
for language in {list(LANGUAGES)!r}:
    Litigant.objects.update(language=language, mails_show_entry=True)
    for kind in ("activation", "case_added", "progress"):
        written = filter(None, map(rendering.render, OutgoingMail.objects.filter(kind=kind).order_by("-pk")))
        told.setdefault(language, {{}})[kind] = next(written).html
print(json.dumps(told))
"""


def take(site: DemoSite, browser: Browser) -> None:
    """Take all of them at a demo site."""
    link = site.printed(ACTIVATION)
    for language, prefix in LANGUAGES.items():
        context = browser.new_context(base_url=site.url, **SCREEN)
        _take_of_language(context.new_page(), FOLDER / language, prefix, link)
        context.close()
    for language, mails in json.loads(site.printed(MAILS, BASE_URL=SHOWN_ADDRESS)).items():
        _take_mails(browser.new_page(**SCREEN), FOLDER / language, mails)


def _take_of_language(page: Page, folder: Path, prefix: str, link: str) -> None:
    page.goto(prefix + link)
    _take(page, folder / "activation.png", "main h1", "main [name=username]")
    page.goto(f"{prefix}/accounts/password/reset/")
    _take(page, folder / "forgotten-password.png", "main h1", "main form button")
    page.goto(f"{prefix}/accounts/login/")
    _take(page, folder / "login.png", "main h1", "#passkey_login")
    page.fill("[name=login]", DEMO["name"])
    page.fill("[name=password]", DEMO["password"])
    page.click("main form button[type=submit]")
    page.goto(f"{prefix}/cases/")
    _take(page, folder / "cases.png", "main .case-card", "main .case-card")
    page.goto(page.locator("main .case-card a[href*='/cases/']").first.get_attribute("href") or "")
    _take(page, folder / "case.png", "main h1", "main .case-page__entries .meaning")
    page.goto(f"{prefix}/cases/settings/")
    _take(page, folder / "settings.png", "main h1", "main .mail-choice")
    page.goto(f"{prefix}/accounts/password/change/")
    _take(page, folder / "change-password.png", "main h1", "main form button")


def _take_mails(page: Page, folder: Path, mails: dict[str, str]) -> None:
    """Keep each mail from its head to its foot, which is the same in all; of the news the first entry."""
    for kind, html in mails.items():
        page.set_content(html)
        last = ".cases ol > li" if kind == "progress" else ".sheet > :nth-last-child(2)"
        _take(page, folder / f"mail-{kind.replace('_', '-')}.png", ".service", last)


def _take(page: Page, path: Path, first: str, last: str) -> None:
    """Keep what stands from one part of the page down to another."""
    settle(page)
    top = page.locator(first).first.bounding_box()["y"] - EDGE
    end = page.locator(last).first.bounding_box()
    keep(page, path, {"x": 0, "y": top, "width": WIDTH, "height": end["y"] + end["height"] + EDGE - top})
