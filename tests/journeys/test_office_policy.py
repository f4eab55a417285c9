"""The screens of the office work under a policy without inline script and `eval`. The fixture `visit` fails on a violation."""

import pytest
from django.conf import settings
from playwright.sync_api import expect

from tests.support.browsing import PASSWORD, log_in

pytestmark = pytest.mark.browser

PICTURE = settings.BASE_DIR / "cpor_pages" / "starter" / "pictures" / "en" / "login.png"
SUPERUSER = f"""
factories.make_user("policy-journey", password="{PASSWORD}", is_superuser=True)
"""
KEYS = """
from wagtail.images import get_image_model
from wagtail.models import Page
print(Page.objects.get(slug="about", locale__language_code="zh-hant").pk, get_image_model().objects.first().pk)
"""
SCREENS = [
    *("reports/site-history/", "reports/workflow/", "documents/multiple/add/", "images/", "locales/"),
    *("settings/cpor_pages/servicesettings/", "sites/new/", "staff/new/", "groups/new/", "collections/add/"),
    *("snippets/cpor_core/court/", "posts/new/", "account/"),
]


@pytest.fixture(scope="module")
def keys(site):
    site.python(SUPERUSER)
    return site.python(KEYS).split()[-2:]


@pytest.fixture
def office(visit, keys):
    page = visit()
    log_in(page, "policy-journey")
    return page


def choose(office, chooser: str, choice: str) -> None:
    """Choose the first thing that a chooser offers."""
    office.locator(f"{chooser} .unchosen button:visible").last.click()
    office.locator(f".modal-content {choice}:visible").first.click()
    expect(office.locator(".modal-content")).to_have_count(0)


def test_a_page_is_edited_with_everything_the_editor_offers(office, keys):
    office.goto(f"/office/pages/{keys[0]}/edit/")
    body = "[data-contentpath=body]"

    office.locator(f"{body} [role=textbox]").first.click()
    office.keyboard.press("Control+Home")
    office.keyboard.type("新的一句")
    office.locator(f"{body} .c-sf-add-button").last.click()
    office.locator("[role=option]", has_text="圖片").click()
    choose(office, f"{body} .image-chooser", "a.image-choice, .modal-content [data-chooser-modal-choice]")
    office.click("[data-side-panel-toggle=preview]")
    expect(office.frame_locator("#w-preview-iframe").locator("h1")).to_be_visible()
    office.click("[data-side-panel-toggle=checks]")
    office.click("[data-side-panel-toggle=status]")
    office.click("[data-a11y-dialog-show=schedule-publishing-dialog]")
    office.click("#schedule-publishing-dialog [name=go_live_at]")

    expect(office.locator(".xdsoft_datetimepicker:visible")).to_have_count(1)
    assert office.errors == []


def test_files_choosers_and_panels_work(office, keys):
    office.goto("/office/images/multiple/add/")
    office.set_input_files("input[type=file]", PICTURE)
    expect(office.locator("ul.upload-list form")).to_be_visible()
    office.goto(f"/office/images/{keys[1]}/")
    expect(office.locator(".jcrop-holder")).to_be_visible()

    office.goto("/office/redirects/add/")
    choose(office, "#id_redirect_page-chooser", "a.choose-page")
    office.goto("/office/workflows/add/")
    office.click("[id$=-ADD]")
    office.locator(".task-chooser .unchosen button:visible").last.click()
    office.locator(".modal-content [role=tab]").last.click()
    office.locator(".modal-content a.task-choice").first.click()
    expect(office.locator(".modal-content")).to_have_count(0)

    office.goto("/office/snippets/cpor_core/caseword/add/")
    office.click("[name=open_from]")
    expect(office.locator(".xdsoft_datetimepicker:visible")).to_have_count(1)
    assert office.errors == []


def test_the_other_screens_open(office):
    for screen in SCREENS:
        answer = office.goto(f"/office/{screen}")
        assert (screen, answer.status, office.errors) == (screen, 200, [])
