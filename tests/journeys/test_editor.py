"""Editors write, preview and submit; a chief editor publishes; anonymous visitors see it at the next request."""

import datetime as dt
from contextlib import suppress
from itertools import cycle

import pytest
from django.conf import settings
from playwright.sync_api import expect

from tests.support.browsing import PASSWORD, log_in, value_of
from tests.support.running_site import wait_for

pytestmark = pytest.mark.browser

FOOTER_MENU = "footer [data-w-dropdown-target=toggle]"
FORMS = settings.BASE_DIR / "cpor_pages" / "starter" / "forms"

STAFF = """
from django.contrib.auth.models import Group
for name, group in [("editor-journey", "Editors"), ("chief-journey", "Chief editors")]:
    user = factories.make_user(name, password="{password}")
    user.groups.add(Group.objects.get(name=group))
"""
PAGE = """
from wagtail.models import Page
print(Page.objects.get(slug="{slug}", locale__language_code="zh-hant").pk)
"""


@pytest.fixture(scope="module")
def staff(site):
    site.python(STAFF.format(password=PASSWORD))


@pytest.fixture
def enter(visit, staff):
    """Log somebody in at the office."""

    def enter(name: str, size: str = "desktop"):
        page = visit(size)
        log_in(page, name, to="/office/")
        return page

    return enter


def edit_address(site, slug: str) -> str:
    return f"/office/pages/{site.python(PAGE.format(slug=slug)).split()[-1]}/edit/"


def write_beside_preview(page, field: str, words: str) -> None:
    """Type with the preview open until it shows the words: Wagtail skips a change that is typed while it renders."""
    page.click("[data-side-panel-toggle=preview]")
    heading = page.frame_locator("#w-preview-iframe").locator("h1")
    expect(heading).to_be_visible()

    # A blank at the end, which no heading shows, makes each try another change.
    tries = cycle([words, f"{words} "])

    def shown() -> bool:
        page.fill(field, next(tries))
        with suppress(AssertionError):
            expect(heading).to_have_text(words, timeout=4000)
            return True
        return False

    wait_for(shown)


def submit(page, button: str) -> None:
    """Press one of the buttons in the menu of the footer."""
    page.click(FOOTER_MENU)
    with page.expect_navigation():
        page.click(button)


def upload(page, title: str, file) -> None:
    page.goto("/office/documents/add/")
    page.set_input_files("form [name=file]", file)
    page.fill("form [name=title]", title)
    page.click("form button[type=submit]:has-text('上傳')")
    page.wait_for_url("**/office/documents/")


def choose_document(page, field: str, title: str) -> None:
    page.locator(f"#id_{field}-chooser button:visible").first.click()
    page.locator(".modal-content a", has_text=title).first.click()
    wait_for(lambda: page.input_value(f"#id_{field}"))


def test_an_answer_is_previewed_handed_in_approved_and_read(site, visit, enter):
    visitor, editor = visit("phone"), enter("editor-journey")
    address, words = edit_address(site, "dates"), "改寫後的問題"
    visitor.goto("/faq/dates/")  # cached from now on

    editor.goto(address)
    write_beside_preview(editor, "[name=title]", words)
    submit(editor, "[name=action-submit]")
    visitor.reload()
    expect(visitor.locator("h1")).not_to_have_text(words)

    chief = enter("chief-journey")
    expect(chief.locator("main")).to_contain_text(words)  # it waits for the chief editor's review
    chief.goto(address)
    submit(chief, "[data-workflow-action-name=approve]:not([data-workflow-action-modal-url])")

    visitor.reload()
    expect(visitor.locator("h1")).to_have_text(words)
    chief.goto(address.replace("edit", "history"))
    expect(chief.locator("main")).to_contain_text("editor-journey")
    assert [error for error in editor.errors if "frame" in error.lower()] == []


def test_a_form_s_new_version_is_on_offer_at_the_very_next_request(enter, visit):
    visitor, chief = visit("phone"), enter("chief-journey")
    visitor.goto("/forms/?category=family")  # cached from now on
    day = dt.date.today() + dt.timedelta(days=1)
    for kind in ("odt", "pdf"):
        upload(chief, f"民事判決開庭通知書 {kind}", FORMS / f"civil-petition.{kind}")

    chief.goto("/office/snippets/cpor_pages/courtform/?category=family")
    chief.locator("main a[href*='courtform/edit/']", has_text="家事聲請狀").click()
    chief.click("#id_versions-ADD")
    chief.fill("[name=versions-1-version_date]", day.isoformat())
    for kind in ("odt", "pdf"):
        choose_document(chief, f"versions-1-{kind}", f"民事判決開庭通知書 {kind}")
    submit(chief, "[name=action-publish]")

    visitor.reload()
    form = visitor.locator("#family-petition")
    expect(form).to_contain_text(day.isoformat())
    expect(form.locator(".downloads a")).to_have_count(2)
    expect(form.locator("details a")).to_have_count(2)  # the older version stays
    form.locator("img").scroll_into_view_if_needed()
    assert wait_for(lambda: form.locator("img").evaluate("picture => picture.naturalWidth > 0"))

    def found() -> bool:
        visitor.goto("/search/?q=開庭通知書")
        return visitor.locator("a[href$='#family-petition']").count() == 1

    assert wait_for(found)  # by the title of its file, once the worker has indexed it


def test_a_case_word_closes_on_a_date_and_a_list_comes_in_by_csv(enter, visit, tmp_path):
    editor, visitor = enter("editor-journey"), visit()
    editor.goto("/office/snippets/cpor_core/caseword/?q=訴")
    editor.locator("main a[href*='caseword/edit/']").first.click()
    word = value_of(editor, "[name=word]")
    editor.fill("[name=open_until]", (dt.date.today() - dt.timedelta(days=1)).isoformat())
    with editor.expect_navigation():
        editor.click("footer button:has-text('儲存')")
    visitor.goto("/case-words/history/")
    expect(visitor.locator("main")).to_contain_text(word)
    editor.goto(f"/office/reports/word_changes/?word={word}")
    expect(editor.locator("table tbody tr").first).to_contain_text("editor-journey")

    listed = editor.request.get("/office/case-words/export.csv").body().decode("utf-8-sig")
    head, first = listed.splitlines()[:2]
    file = tmp_path / "words.csv"
    file.write_text("\n".join([head, first, first.replace(first.split(",")[0], "nothing", 1)]), "utf-8")
    editor.goto("/office/case-words/import/")
    editor.set_input_files("[name=file]", file)
    editor.click("main form button[type=submit]")

    expect(editor.locator("main")).to_contain_text("nothing")  # the row that cannot be taken, with its reason
    expect(editor.locator("main table tbody tr")).to_have_count(1)


def test_an_editor_opens_the_reports_and_sees_nothing_of_cases(enter, assert_accessible):
    editor = enter("editor-journey")
    for name in ("downloads", "votes", "misses", "word_changes", "broken-links", "page-reviews"):
        assert editor.goto(f"/office/reports/{name}/").status == 200
        assert_accessible(editor)

    for path in ("applications/", "applications/new/", "cases/"):
        answer = editor.request.get(f"/office/{path}", max_redirects=0)
        assert answer.status in (302, 403, 404), path
    editor.goto("/office/")
    expect(editor.locator("a[href*='/office/applications/'], a[href*='/office/cases/']")).to_have_count(0)


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_the_screens_of_forms_are_accessible(enter, assert_accessible, size):
    editor = enter("editor-journey", size)
    for path in ("courtform/", "courtform/add/", "rolegroup/", "rolegroup/add/"):
        editor.goto(f"/office/snippets/cpor_pages/{path}")
        assert_accessible(editor)
