"""What a first visit costs, in bytes over the network, with an empty cache."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

BUDGET = 100_000  # bytes of the home page with all it brings


def bytes_of(page, path: str) -> int:
    """Return the bytes that the browser received for a page: compressed, with headers."""
    received = []
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    network.send("Network.setCacheDisabled", {"cacheDisabled": True})
    network.on("Network.loadingFinished", lambda told: received.append(told["encodedDataLength"]))
    page.goto(path, wait_until="networkidle")
    return int(sum(received))


@pytest.mark.parametrize("size", ["desktop", "phone"])
@pytest.mark.parametrize("path", ["/", "/en/"])
def test_a_first_visit_of_the_home_page_stays_within_its_budget(visit, size, path):
    page = visit(size)

    weight = bytes_of(page, path)

    assert 1_000 < weight < BUDGET, f"{path} weighs {weight} bytes"


def test_no_script_keeps_the_home_page_from_being_drawn(visit):
    page = visit()
    page.goto("/")

    expect(page.locator("script[src]:not([defer]):not([async]):not([type=module])")).to_have_count(0)
