"""A clerk's day: papers recorded and decided by the keyboard alone, petitions scanned, an import corrected, a call answered, a
typing error corrected."""

import csv
import io
import logging
import re
import time

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.support.browsing import AXE_OPTIONS, PASSWORD, log_in
from tests.support.export_files import HEADER
from tests.support.people import make_clerk
from tests.support.typist import Typist, scan

pytestmark = pytest.mark.browser

log = logging.getLogger(__name__)

PAPERS = [(9200 + n, f"陳大{name}", f"day-{n}@mail.example") for n, name in enumerate("甲乙丙丁戊己庚辛壬癸")]
# Papers that were filled in on the site.
PETITIONS = [(9250, "周大聲", "scanned-1@mail.example"), (9251, "周小聲", "scanned-2@mail.example")]
PETITION = """
from cpor_core.case_numbers import CaseNumber
from cpor_core.models import Court
from tests.support.made_petitions import make_petition
petition = make_petition(
    Court.objects.get(code="TPD"), number=CaseNumber(115, "訴", {}), applicant_name="{}", address="{}"
)
print("petition " + petition.number)
"""
MOST_KEYS_OF_A_SCAN = 12
# Violations in Wagtail's own screens, each with the reason.
WAGTAILS_OWN = {"color-contrast": "its green message while it fades in"}
LABELS_IN_NAMES = AXE_OPTIONS | {"rules": {"label-content-name-mismatch": {"enabled": True}}}


def record(typist, number, name, address):
    """Type one paper in. The first field has the focus when the form opens."""
    expect(typist.page.locator("[name=category][value=civil]")).to_be_focused()
    typist.press("Space")
    typist.tab_to("[name=case_number]")
    typist.type(f"115訴{number}")
    typist.tab_to("[name=applicant_name]")
    typist.type(name)
    typist.tab_to("[name=role]")
    typist.go_down_to("[name=role]", "當事人")
    for field in ("email", "email_again"):
        typist.tab_to(f"[name={field}]")
        typist.type(address)
    typist.enter()


@pytest.fixture(scope="module")
def clerk(site):
    return make_clerk(site, "clerk-of-the-day")


@pytest.fixture
def office(visit, clerk):
    page = visit()
    log_in(page, clerk)
    return page


@pytest.fixture
def assert_ours_is_accessible():
    axe = Axe()

    def check(page):
        page.wait_for_load_state()
        found = [
            (violation["id"], node["target"])
            for violation in axe.run(page, options=LABELS_IN_NAMES).response["violations"]
            for node in violation["nodes"]
            if violation["id"] not in WAGTAILS_OWN or "office-" in node["html"]
        ]
        assert not found, f"{page.url}: {found}"
        assert page.errors == [], f"{page.url}: {page.errors}"

    return check


def test_ten_papers_are_recorded_and_decided_by_the_keyboard(office, postbox, assert_ours_is_accessible):
    typist, keys, seconds = Typist(office), [], []
    for number, name, address in PAPERS:
        office.goto("/office/applications/new/")
        start, typist.keys = time.monotonic(), 0
        record(typist, number, name, address)
        keys.append(typist.keys)
        seconds.append(time.monotonic() - start)
        expect(office.locator("#decision-title")).to_be_focused()
        typist.press("Tab")
        expect(office.locator("form[action$='/approve/'] button")).to_be_focused()
        typist.tab_to("form[action$='/approve/'] button")
        typist.enter()
        expect(office.locator("main")).to_contain_text("已核准")
    log.info("one paper: %d keys, %.1f s of the machine", max(keys), sum(seconds) / len(seconds))

    assert max(keys) <= 65  # of which 8 + 3 + 2 × 18 are the text of the paper
    for _number, _name, address in PAPERS:
        postbox.wait_for(address)
    office.goto("/office/applications/?status=pending")
    for _number, name, _address in PAPERS:
        expect(office.locator("main")).not_to_contain_text(name)
    for page in ("/office/", "/office/applications/", "/office/applications/new/"):
        office.goto(page)
        assert_ours_is_accessible(office)


def test_petitions_are_scanned_and_approved_in_a_row_and_their_person_sees_the_case(
    office, site, visit, postbox, assert_ours_is_accessible
):
    """What the scanner types is counted apart: it is no key of the clerk's."""
    said = [site.python(PETITION.format(*facts)) for facts in PETITIONS]
    numbers = [re.search(r"petition (\d+)", each)[1] for each in said]
    office.goto("/office/applications/scan/")
    assert_ours_is_accessible(office)
    typist, keys = Typist(office), []
    for number, (_case, name, _address) in zip(numbers, PETITIONS, strict=True):
        expect(office.locator("[name=number]")).to_be_focused()
        scanned, typist.keys = scan(office, number), 0
        expect(office.locator("[name=applicant_name]")).to_have_value(name)
        assert_ours_is_accessible(office)
        typist.tab_to("[name=received_on]")
        typist.press("Control+a")
        typist.type("1151127")
        typist.enter()
        expect(office.locator("main")).to_contain_text("已登錄並核准")
        keys.append(typist.keys)
    log.info("one petition: %d keys of the clerk, %d of the scanner", max(keys), scanned)
    assert max(keys) <= MOST_KEYS_OF_A_SCAN
    scan_of_nothing(office, numbers[0])
    assert_ours_is_accessible(office)

    number, name, address = PETITIONS[0]
    mail = postbox.wait_for(address).get_body(("plain",)).get_content()
    person = visit("phone")
    person.goto(re.search(r"http://\S*/accounts/activate/\S*", mail)[0])
    person.fill("[name=name]", name)
    person.fill("[name=username]", "scanned-1")
    for field in ("password1", "password2"):
        person.fill(f"[name={field}]", PASSWORD)
    person.click("main button")
    person.wait_for_url("**/cases/")
    expect(person.locator("main")).to_contain_text(f"115年度訴字第{number}號")


def scan_of_nothing(page, number):
    """Scan a paper that has been recorded already: the field says so, and is empty and focused for the next one."""
    page.fill("[name=number]", number)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("已經登錄過")
    expect(page.locator("[name=number]")).to_be_focused()
    expect(page.locator("[name=number]")).to_have_value("")


def test_rejected_rows_are_corrected_and_uploaded_again(office, site, tmp_path, assert_ours_is_accessible):
    right = "TPD,民事,115,訴,9301,孝,返還借款,DAY-1,115/09/01,收案,,,,,"
    wrong = "TPD,民事,115,訴,9301,孝,返還借款,DAY-2,115/13/01,分案,,,,,"

    def upload(text):
        file = tmp_path / "export.csv"
        file.write_text(text, encoding="utf-8")
        office.goto("/office/imports/upload/")
        office.set_input_files("[name=file]", file)
        office.click(".office-form button[type=submit]")
        taking = office.locator(".office-actions form:not([action]) button")
        expect(taking).to_be_visible()  # the worker has read the file
        assert_ours_is_accessible(office)
        taking.click()
        expect(office).to_have_url(re.compile(r"/office/imports/\d+/$"))
        expect(office.locator("main dl dt", has_text="結束")).to_be_visible()  # and has taken it
        assert_ours_is_accessible(office)

    upload("\n".join([HEADER, right, wrong]))
    rejected = office.request.get(office.url.rstrip("/") + "/rejected.csv").text().lstrip("\ufeff")
    [row] = csv.DictReader(io.StringIO(rejected))
    assert row["事項序號"] == "DAY-2"
    upload(rejected.replace("115/13/01", "115/09/02"))

    said = site.python(
        "from cpor_cases.models import ProgressEntry as E\n"
        "print(sorted(E.objects.filter(entry_id__startswith='DAY-').values_list('entry_id', flat=True)))"
    )
    assert "['DAY-1', 'DAY-2']" in said


def test_call_is_answered_on_one_page(office, site, assert_ours_is_accessible):
    name, address = "陳來電", "day-caller@mail.example"
    site.python(
        "from cpor_core.models import Court\n"
        "court = Court.objects.get(code='TPD')\n"
        f"factories.make_application(court, applicant_name={name!r}, email={address!r})"
    )
    office.goto("/office/")
    office.fill("#office-find", name)
    office.press("#office-find", "Enter")

    answer = office.locator(".office-answer")
    expect(answer).to_contain_text(address)
    expect(answer.locator(".office-tell li")).not_to_have_count(0)
    assert_ours_is_accessible(office)


def test_typing_error_is_corrected_before_anybody_is_notified(
    office, site, postbox, assert_ours_is_accessible
):
    site.python(
        "from cpor_core.models import Court\n"
        "case = factories.make_case(Court.objects.get(code='TPD'), number=9400)\n"
        "person = factories.make_user('day-reader', email='day-reader@mail.example')\n"
        "factories.make_access(person, case, mails_show_entry=True)"
    )
    office.goto("/office/cases/?q=115訴9400")
    with office.expect_navigation():
        office.click(".listing a.office-case-number")
    case = office.url
    office.goto(case.rstrip("/") + "/entries/new/")
    office.fill("[name=kind]", "定宣判期日")
    expect(office.locator("[data-office-reads]")).to_contain_text("無須到庭")
    office.fill("[name=detail]", "主文：原告勝訴（誤）")
    office.click(".office-form button[type=submit]")
    office.wait_for_selector(".office-hold")
    expect(office.locator("[data-office-countdown]")).not_to_be_empty()
    assert_ours_is_accessible(office)

    office.click(".office-hold a[href$='/correct/']")
    office.fill("[name=detail]", "主文：原告之訴駁回")
    office.click(".office-form button[type=submit]")
    office.wait_for_selector(".office-hold")
    assert not postbox.to("day-reader@mail.example")
    office.click(".office-hold form button")

    text = postbox.wait_for("day-reader@mail.example").get_body(("plain",)).get_content()
    assert "原告之訴駁回" in text
    assert "誤" not in text
    office.goto(case)
    expect(office.locator(".office-hold")).to_have_count(0)
    for action in ("transfer/", "merge/"):
        office.goto(case.rstrip("/") + "/" + action)
        assert_ours_is_accessible(office)
    assert len(postbox.to("day-reader@mail.example")) == 1


EVERY_KIND = """
from cpor_cases.actions import applications
from cpor_cases.models import OutgoingMail
from cpor_core.models import Court
from wagtail.users.models import UserProfile
court = Court.objects.get(code="TPD")
manager = factories.make_clerk(court, "manager-{language}", group="Court managers", password="{password}")
UserProfile.objects.update_or_create(user=manager, defaults={{"preferred_language": "{language}"}})
clerk = factories.make_clerk(court)
paper = factories.make_application(court, by=clerk, email="kind@gmial.com")
granted = applications.approve(application=factories.make_application(court, by=clerk), by=clerk)
entry = factories.make_entry(granted.case, changed_in=factories.make_run(court=court, rows_read=1, rows_created=1))
run = factories.make_run(court=court, rows_read=1, rows_rejected=1)
run.rejected_rows.create(line=2, reason="…", row={{"kind": "無此種類", "detail": "很長" * 40}})
mail = OutgoingMail.objects.filter(account=granted.account).first()
OutgoingMail.objects.filter(account=granted.account).update(state="dropped", ended_at=granted.granted_at)
print(
    f"/office/applications/{{paper.pk}}/",
    f"/office/applications/{{granted.application_id}}/readdress/",
    f"/office/applications/bulk/?id={{paper.pk}}",
    f"/office/cases/{{granted.case_id}}/",
    f"/office/cases/{{paper.case_id}}/merge/{{granted.case_id}}/",
    f"/office/cases/entries/{{entry.pk}}/withdraw/",
    f"/office/cases/accesses/{{granted.pk}}/revoke/",
    f"/office/activations/{{granted.account.activation.pk}}/",
    f"/office/mails/{{mail.pk}}/",
    f"/office/mails/{{mail.pk}}/send-again/",
    f"/office/mails/bulk/?id={{mail.pk}}",
    f"/office/imports/{{run.pk}}/",
    *(f"/office/staff/{{clerk.pk}}/{{action}}" for action in ("", "end/", "invite/", "reset/", "name/")),
    f"/office/posts/{{clerk.posts.get().pk}}/remove/",
    f"/office/courts/{{court.pk}}/",
)
"""
LISTS = [
    "",
    "calls/",
    "applications/",
    "cases/",
    "activations/",
    "mails/",
    "imports/",
    "imports/upload/",
    "posts/",
    "posts/new/",
    "staff/",
    "courts/",
    "tokens/",
    "tokens/new/",
    "audit/",
    *(f"court-reports/{name}/" for name in ("applications", "mails", "imports", "accesses", "courts")),
]


@pytest.mark.parametrize(
    ("size", "colours", "language"), [("phone", "dark", "zh-hant"), ("desktop", "light", "en")]
)
def test_every_kind_of_page_is_accessible_in_either_language_and_fits(
    site, visit, assert_ours_is_accessible, size, colours, language
):
    addresses = site.python(EVERY_KIND.format(password=PASSWORD, language=language)).split()
    page = visit(size)
    page.emulate_media(color_scheme=colours)
    log_in(page, f"manager-{language}")

    for address in [*(f"/office/{name}" for name in LISTS), *addresses]:
        assert page.goto(address).ok, address
        assert page.locator("html").get_attribute("lang").lower() == language
        assert_ours_is_accessible(page)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{address} scrolls sideways by {wide}px"
