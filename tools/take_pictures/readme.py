"""The two pictures at the head of the README: a case on a desktop, in Chinese, and the same service on a phone, in English."""

from typing import Any

from playwright.sync_api import Browser, Page

from .demo_site import DemoSite, log_in
from .screens import ROOT, keep, settle

FOLDER = ROOT / "docs" / "pictures"
DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 860}, "color_scheme": "light"}
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "color_scheme": "light",
}


def take(site: DemoSite, browser: Browser) -> None:
    """Take both at a demo site."""
    for name, screen, prefix in (("desktop.png", DESKTOP, ""), ("phone.png", PHONE, "/en")):
        context = browser.new_context(base_url=site.url, **screen)
        page = context.new_page()
        log_in(page, "wang")
        _open_case(page, prefix)
        settle(page)
        keep(page, FOLDER / name)
        context.close()


def _open_case(page: Page, prefix: str) -> None:
    page.goto(f"{prefix}/cases/")
    page.goto(page.locator("main .case-card a[href*='/cases/']").first.get_attribute("href") or "")
