"""Clerks at their keyboard: every key is counted. A scanner types too, and its keys are counted apart."""

import pytest
from playwright.sync_api import expect

MOST_STEPS = 30


class Typist:
    """A person who uses the keyboard alone. Every key press is counted."""

    def __init__(self, page):
        self.page, self.keys = page, 0

    def press(self, key):
        self.keys += 1
        self.page.keyboard.press(key)

    def type(self, text):
        self.keys += len(text)
        self.page.keyboard.type(text)

    def tab_to(self, selector):
        """Press Tab until the element that `selector` names has the focus."""
        for _step in range(MOST_STEPS):
            if self.page.evaluate("selector => document.activeElement.matches(selector)", selector):
                return
            self.press("Tab")
        pytest.fail(f"the Tab key does not reach {selector}")

    def go_down_to(self, selector, choice):
        """Press the down arrow in a list until `choice` is selected."""
        for _step in range(MOST_STEPS):
            if self.page.locator(f"{selector} option:checked").text_content().strip() == choice:
                return
            self.press("ArrowDown")
        pytest.fail(f"the arrow key does not reach {choice}")

    def enter(self):
        self.keys += 1
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")


def scan(page, number) -> int:
    """Do what a scanner does: type the number and press Enter, twice as some do. Return how many keys those are."""
    page.keyboard.type(number)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator("#compare-title")).to_be_focused()
    page.keyboard.press("Enter")
    return len(number) + 2
