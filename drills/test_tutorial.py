"""The steps of docs/tutorial.md lead from a clone to a mail read and changed, as they stand there.

Its blocks are run in a clone; what it tells to do in a browser is done in one, and each label that it quotes is looked for on the pages. In place of
the installation, which `make drills` has done before, the clone has this environment; it has another port.
"""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.support.browsing import BROWSERS, CHROMIUM_OPTIONS, PASSWORD, log_in
from tests.support.ports import free_port
from tests.support.programs import find_program
from tests.support.running_site import PATIENCE, wait_for

from .deployment import is_up
from .environments import NOT_PASSED_ON, ROOT

DEMO_PASSWORD = "demo-only-passphrase"
expect.set_options(timeout=PATIENCE * 1000)


@dataclass
class Step:
    """A step of the page: its words, and its blocks of commands."""

    words: str
    blocks: list[str]

    @property
    def labels(self) -> set[str]:
        return set(re.findall("「(.+?)」", self.words))


def steps() -> dict[int, Step]:
    page = (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")
    found = re.findall(r"^## (\d)\. (.+?)(?=^## )", page, re.MULTILINE | re.DOTALL)
    block = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
    return {int(number): Step(block.sub("", text), block.findall(text)) for number, text in found}


@dataclass
class Developer:
    """Who follows the tutorial: two terminals, and a browser."""

    folder: Path
    port: int
    browser: Browser
    steps: dict[int, Step]
    token: str = ""
    site: subprocess.Popen | None = None
    seen: str = ""
    contexts: list = field(default_factory=list)

    @property
    def clone(self) -> Path:
        return self.folder / "cpor"

    def environment(self) -> dict[str, str]:
        own = {name: value for name, value in os.environ.items() if name not in NOT_PASSED_ON}
        return own | {"REPOSITORY": str(ROOT), "PORT": str(self.port)}

    def start(self) -> None:
        """In the first terminal: the first time clone, then `make run`."""
        before, run, _after = self.steps[1].blocks[0].partition("make run")
        if not self.clone.exists():
            assert self._bash(before).returncode == 0
            self._take_this_environment()
        self.site = subprocess.Popen(
            [run.split()[0], "run"], cwd=self.clone, env=self.environment(), start_new_session=True
        )
        assert wait_for(lambda: is_up(self.port), seconds=10 * PATIENCE)

    def _take_this_environment(self) -> None:
        (self.clone / ".venv").symlink_to(Path(sys.prefix))
        for path in self.clone.glob("*.txt"):
            os.utime(path, (0, 0))  # older than what was installed from it: make installs nothing

    def stop(self) -> None:
        """Press Ctrl-C in the first terminal."""
        if self.site and self.site.poll() is None:
            os.killpg(self.site.pid, signal.SIGINT)
            self.site.wait(timeout=PATIENCE)

    def type(self, step: int, block: int = 0, *, fails: bool = False) -> str:
        """Run a block in the second terminal and return what it prints."""
        done = self._typed(self.steps[step].blocks[block])
        assert bool(done.returncode) == fails, f"{done.args}\n{done.stdout}{done.stderr}"
        return done.stdout

    def read_mail(self, words: str) -> str:
        """Read the newest mail until one comes that has these words, and return it."""
        newest = self.steps[7].blocks[0]
        return wait_for(lambda: words in (said := self._typed(newest).stdout) and said)

    def _typed(self, block: str) -> subprocess.CompletedProcess:
        """Run a block in the second terminal, in which the function and the token are known."""
        return self._bash(self.steps[2].blocks[0] + self.steps[6].blocks[0] + block)

    def _bash(self, script: str) -> subprocess.CompletedProcess:
        script = script.replace("cpor_YOUR_TOKEN", self.token or "none")
        script = script.replace("localhost:8000", f"localhost:{self.port}")
        return subprocess.run(
            ["bash", "-euc", script],
            cwd=self.folder,
            env=self.environment(),
            capture_output=True,
            text=True,
        )

    def window(self) -> Page:
        """Open a window of the browser in which nobody is logged in."""
        context = self.browser.new_context(base_url=f"http://localhost:{self.port}", locale="zh-TW")
        context.set_default_timeout(PATIENCE * 1000)
        return context.new_page()

    def see(self, page: Page) -> None:
        """Note the words of a page, its fields' and buttons' among them."""
        page.wait_for_load_state()
        self.seen += page.content()

    def assert_saw_labels_of(self, step: int) -> None:
        assert {label for label in self.steps[step].labels if label not in self.seen} == set()


@pytest.fixture(scope="module")
def developer(tmp_path_factory) -> Iterator[Developer]:
    chromium = find_program(*BROWSERS, package="chromium-headless-shell")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_OPTIONS)
        developer = Developer(tmp_path_factory.mktemp("tutorial"), free_port(), browser, steps())
        yield developer
        developer.stop()
        browser.close()


def test_mails_are_read_as_the_second_step_says():
    page = steps()

    assert page[4].blocks == page[7].blocks == ["newest_mail\n"]
    assert page[9].blocks[1].endswith("newest_mail\n")


def test_the_tutorial_leads_from_the_clone_to_a_mail_read_and_changed(developer):
    developer.start()

    approve(developer)
    activation = developer.read_mail("Activate your account")
    assert "陳小明" not in activation
    assert "777" not in activation
    cases = activate(developer, re.search(r"http://\S*/accounts/activate/\S+", activation)[0])

    make_token(developer)
    assert "created 1" in developer.type(6, 1)
    news = developer.read_mail("There is news in your case")
    assert "115年度訴字第777號" in news
    assert "準備程序" not in news
    cases.reload()
    expect(cases.locator("main")).to_contain_text("Preparatory proceeding")
    assert "unchanged 1" in developer.type(6, 1)

    developer.type(8, 0)
    developer.type(8, 1, fails=True)
    developer.type(8, 2)

    developer.stop()
    developer.start()
    assert "created 1, changed 0, unchanged 1" in developer.type(9, 1)
    assert "There is news in your case" in developer.read_mail("This is my first change.")


def approve(developer: Developer) -> None:
    page = developer.window()
    log_in(page, "clerk-taipei", DEMO_PASSWORD)
    page.goto("/office/applications/new/")
    developer.see(page)
    page.check("[name=category][value=civil]")
    page.fill("[name=case_number]", "115訴777")
    page.fill("[name=applicant_name]", "陳小明")
    page.select_option("[name=role]", label="當事人")
    page.fill("[name=email]", "ming@mail.example")
    page.fill("[name=email_again]", "ming@mail.example")
    page.select_option("[name=language]", "en")
    page.fill("[name=received_on]", "115/11/30")
    page.click("button:has-text('登錄並進行審核')")
    developer.see(page)
    page.click("button:has-text('核准')")
    page.wait_for_selector("text=已核准")
    developer.assert_saw_labels_of(3)


def activate(developer: Developer, link: str) -> Page:
    page = developer.window()
    page.goto(link)
    page.fill("[name=name]", "陳小明")
    page.fill("[name=username]", "ming")
    page.fill("[name=password1]", PASSWORD)
    page.fill("[name=password2]", PASSWORD)
    page.click("main button")
    page.wait_for_url("**/cases/")
    expect(page.locator("main")).to_contain_text("115年度訴字第777號")
    expect(page.locator("body")).to_contain_text("My cases")
    return page


def make_token(developer: Developer) -> None:
    page = developer.window()
    log_in(page, "manager-taipei", DEMO_PASSWORD)
    page.goto("/office/tokens/new/")
    developer.see(page)
    page.fill("[name=label]", "Tutorial")
    page.click(".office-form button[type=submit]")
    developer.token = page.locator("#token-secret").input_value()
    developer.see(page)
    developer.assert_saw_labels_of(6)
