"""Take pictures of the service's own screens: for the guide of litigants, for the README, for the handbooks of the office.

Run `python -m tools.take_pictures` (`make pictures`; `SETS=handbooks` takes those alone) after a change to these screens, check
what it wrote and commit it. It starts a site with demo people in a folder of its own and needs Playwright and Chromium.
"""

import shutil
import sys

from playwright.sync_api import sync_playwright

from . import guide, handbooks, readme
from .demo_site import demo_site

SETS = {"readme": readme.take, "handbooks": handbooks.take, "guide": guide.take}


def take(names: list[str]) -> None:
    if unknown := set(names) - set(SETS):
        raise SystemExit(f"No such pictures: {', '.join(unknown)}. There are: {', '.join(SETS)}.")
    with demo_site() as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_chromium(), args=["--no-sandbox"])
        for name in names or SETS:
            SETS[name](site, browser)
        browser.close()


def _chromium() -> str:
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not found:
        raise SystemExit("Chromium is not installed (Debian: apt install chromium).")
    return found


if __name__ == "__main__":
    take(sys.argv[1:])
