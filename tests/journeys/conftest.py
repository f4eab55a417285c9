"""The running site, and the browsers of the people who visit it."""

import os
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect, sync_playwright

from tests.support.browsing import AXE_OPTIONS, BROWSERS, CHROMIUM_OPTIONS, SIZES
from tests.support.programs import find_program
from tests.support.running_site import PATIENCE, running_postbox, running_site

HERE = Path(__file__).parent
WAITS_FOR_THE_CLOCK = HERE / "test_worker_is_killed.py"
MUST_NOT_HAPPEN = ("Content Security", "server error")
expect.set_options(timeout=PATIENCE * 1000)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """Start with the journeys that kill workers: they mostly wait, and the other process goes on meanwhile."""
    waiting = [item for item in items if item.path == WAITS_FOR_THE_CLOCK]
    others = [item for item in items if item.path != WAITS_FOR_THE_CLOCK]
    first = next((place for place, item in enumerate(others) if item.path.parent == HERE), len(others))
    items[:] = [*others[:first], *waiting, *others[first:]]


@pytest.fixture(scope="session")
def postbox():
    with running_postbox() as box:
        yield box


@pytest.fixture(scope="session")
def site(tmp_path_factory, postbox):
    """A site of this process, set up and running, with starter content and no people."""
    own = tmp_path_factory.mktemp("site")
    shared = own.parent.parent if "PYTEST_XDIST_WORKER" in os.environ else own.parent
    with running_site(shared, own, postbox) as here:
        yield here


@pytest.fixture(scope="module", autouse=True)
def _record_agrees_after_the_journeys(request):
    """The self-check of the site finds nothing at the end of a file of journeys, whatever was killed, cut or done at once."""
    own = [item for item in request.session.items if item.path == request.path]
    if not any("site" in item.fixturenames for item in own):
        yield
        return
    here = request.getfixturevalue("site")
    yield
    found = here.self_check()
    assert found == "" or getattr(request.module, "PLANTS_ROWS_OF_NO_ACTION", False), found


@pytest.fixture(scope="session")
def browser():
    chromium = find_program(*BROWSERS, package="chromium-headless-shell")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_OPTIONS)
        yield started
        started.close()


@pytest.fixture
def visit(browser, site):
    """Open a new browser for one person: `visit()` on a desktop, `visit("phone")` on a phone.

    No journey may meet a server error, or anything that the policy of a page forbids.
    """
    contexts, pages = [], []

    def visit(size: str = "desktop") -> Page:
        context = browser.new_context(base_url=site.url, viewport=SIZES[size], locale="zh-TW")
        context.set_default_timeout(PATIENCE * 1000)
        contexts.append(context)
        page = context.new_page()
        pages.append(page)
        page.errors = []
        page.on("pageerror", lambda error: page.errors.append(str(error)))
        page.on(
            "console", lambda said: page.errors.append(said.text) if "Content Security" in said.text else None
        )
        page.on(
            "response",
            lambda answer: (
                page.errors.append(f"server error at {answer.url}") if answer.status >= 500 else None
            ),
        )
        return page

    yield visit
    for context in contexts:
        context.close()
    errors = [error for page in pages for error in page.errors]
    assert [error for error in errors if any(words in error for words in MUST_NOT_HAPPEN)] == []


@pytest.fixture(scope="session")
def assert_accessible():
    """Check a page with axe: no violation of WCAG 2.2 A and AA or of its best practices, and no wide scrolling."""
    axe = Axe()

    def check(page: Page) -> None:
        page.wait_for_load_state()
        found = axe.run(page, options=AXE_OPTIONS)
        assert found.violations_count == 0, f"{page.url}\n{found.generate_report()}"
        width = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert width <= 0, f"{page.url} scrolls sideways by {width}px"
        assert page.errors == [], f"{page.url}: {page.errors}"

    return check
