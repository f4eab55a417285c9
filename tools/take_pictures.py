"""Take the guide's pictures of the service's own screens, in both languages, as a phone shows them.

Run `python -m tools.take_pictures` (`make pictures`) after a change to those screens, check what it
wrote and commit it. It starts a site with demo people in a folder of its own and needs Playwright and Chromium.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Page, sync_playwright

FOLDER = Path(__file__).parents[1] / "cpor_pages" / "starter" / "pictures"
LANGUAGES = {"zh-hant": "", "en": "/en"}
WIDTH, EDGE, SHARPNESS = 412, 12, 2
SCREEN: dict[str, Any] = {
    "viewport": {"width": WIDTH, "height": 900},
    "device_scale_factor": SHARPNESS,
    "color_scheme": "light",
}
COLOURS = 64  # a screen has few: a quarter of the size, and no difference to be seen
SHOWN_ADDRESS = "https://cpor.court.example"  # in the mails: the demo site's own would teach readers nothing
PATIENCE = 120_000  # milliseconds: a busy machine takes a picture slowly
DEMO = {"name": "wang", "password": "demo-only-passphrase"}

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


def take_all() -> None:
    with demo_site() as (url, environment), sync_playwright() as playwright:
        link = _printed(environment, ACTIVATION)
        browser = playwright.chromium.launch(executable_path=_chromium(), args=["--no-sandbox"])
        for language, prefix in LANGUAGES.items():
            context = browser.new_context(base_url=url, **SCREEN)
            _take_of_language(context.new_page(), FOLDER / language, prefix, link)
            context.close()
        for language, mails in json.loads(_printed(environment | {"BASE_URL": SHOWN_ADDRESS}, MAILS)).items():
            _take_mails(browser.new_page(**SCREEN), FOLDER / language, mails)
        browser.close()


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
    page.set_default_timeout(PATIENCE)
    page.wait_for_load_state("load")
    page.evaluate("document.fonts.ready")
    top = page.locator(first).first.bounding_box()["y"] - EDGE
    end = page.locator(last).first.bounding_box()
    clip = {"x": 0, "y": top, "width": WIDTH, "height": end["y"] + end["height"] + EDGE - top}
    path.parent.mkdir(exist_ok=True)
    page.screenshot(path=path, clip=clip, full_page=True)
    Image.open(path).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
    sys.stdout.write(f"{path.relative_to(FOLDER)}: {path.stat().st_size // 1024} kB\n")


@contextmanager
def demo_site():
    """Run a new site with demo people; yield its address and its environment."""
    folder, port = tempfile.mkdtemp(), _free_port()
    url = f"http://localhost:{port}"
    own = {"DJANGO_SETTINGS_MODULE": "cpor_site.settings.base", "VAR_DIR": folder, "BASE_URL": url}
    kept = {key: value for key, value in os.environ.items() if key not in {"DATABASE_URL", "REDIS_URL"}}
    environment = kept | own
    command = [sys.executable, "manage.py", "serve", "--port", str(port)]
    site = subprocess.Popen(command, env=environment)  # noqa: S603 (our own words)
    try:
        _wait_for(f"{url}/healthz", site)
        yield url, environment
    finally:
        site.terminate()
        site.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _manage(environment: dict[str, str], *arguments: str) -> str:
    command = [sys.executable, "manage.py", *arguments]
    done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)  # noqa: S603 (our own words)
    return done.stdout


def _printed(environment: dict[str, str], program: str) -> str:
    """Run a program in the site's shell and return the last line it prints."""
    return _manage(environment, "shell", "--no-imports", "-c", program).strip().splitlines()[-1]


def _wait_for(url: str, site: subprocess.Popen) -> None:
    while site.poll() is None:
        try:
            if urllib.request.urlopen(url, timeout=5).status == 200:  # noqa: S310 (our own site)
                return
        except OSError:
            time.sleep(0.5)
    raise SystemExit("The demo site did not start.")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _chromium() -> str:
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not found:
        raise SystemExit("Chromium is not installed (Debian: apt install chromium).")
    return found


if __name__ == "__main__":
    take_all()
