"""A court falls silent, another sends half, a third says that it holds something else: everybody sees what concerns them,
until the court sends again."""

import csv
import json
import subprocess
import sys
from dataclasses import dataclass

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from tests.support.browsing import PASSWORD, log_in
from tests.support.running_site import PATIENCE, wait_for

pytestmark = pytest.mark.browser

# The worker asks each minute whether data has come, and the sentence on it is cached for half a minute.
A_TICK_AND_A_CACHE = 90
KEYS = (
    "court",
    "category",
    "year",
    "word",
    "number",
    "entry_id",
    "recorded_at",
    "kind",
    "detail",
    "withdrawn",
)
PEOPLE = """
from cpor_core.models import Court
court = Court.objects.get(code="{code}")
factories.make_clerk(court, "manager-{code}", group="Court managers", email="manager-{code}@mail.example".lower(),
    password="{password}")
person = factories.make_user("person-{code}", email="person-{code}@mail.example".lower(), password="{password}")
person.emailaddress_set.create(email=person.email, verified=True, primary=True)
access = factories.make_access(person, factories.make_case(court, number=501))
token, secret = factories.make_token(court)
print("MADE", access.case.public_id, secret)
"""
OPERATOR = f"""
factories.make_user("operator-of-data", email="operator@mail.example", password="{PASSWORD}", is_superuser=True)
"""
WATCH = """
import datetime as dt
from django.utils import timezone
from cpor_cases.actions import delays
from cpor_cases.models import CourtRhythm
from cpor_core.models import Court
from cpor_core.office.working_days import is_working_day

court = Court.objects.get(code="{code}")
CourtRhythm.objects.create(court=court, set_times=[7 * 60], speaks_from=timezone.now() - dt.timedelta(days=60))
day = timezone.localdate() - dt.timedelta(days=1)
while not is_working_day(day):
    day -= dt.timedelta(days=1)
delays.watch(timezone.make_aware(dt.datetime.combine(day, dt.time(10))))  # whatever time it is for the test
"""
LATE = """
from cpor_site.metrics.figures import Figures
late = [sample for family in Figures().collect() if family.name == "cpor_court_late" for sample in family.samples]
print("LATE", *(sample.labels["court"] for sample in late if sample.value))
"""


@dataclass
class Someone:
    """A court on the running site, with its system, its manager and a person who follows one of its cases."""

    code: str
    case: str
    secret: str

    @property
    def manager(self) -> str:
        return f"manager-{self.code}"

    @property
    def person(self) -> str:
        return f"person-{self.code}"

    def row(self, entry_id: str, number: int = 501, **over) -> dict:
        row = {"court": self.code, "category": "civil", "year": "115", "word": "訴", "number": number}
        row |= {"entry_id": f"{self.code}-{entry_id}", "recorded_at": "2026-09-24", "kind": "judgment"}
        return dict.fromkeys(KEYS, "") | row | over


@pytest.fixture(scope="module")
def make_court(site):
    site.python(OPERATOR)

    def make(code: str) -> Someone:
        said = site.python(PEOPLE.format(code=code, password=PASSWORD))
        made = next(line for line in said.splitlines() if line.startswith("MADE"))
        return Someone(code, *made.split()[1:])

    return make


@pytest.fixture
def run(site, tmp_path):
    """Call a program of `examples/` as a court's system does, with rows as its export."""

    def run(program: str, court: Someone, rows: list[dict], *options: str) -> subprocess.CompletedProcess:
        file = tmp_path / "export.csv"
        with file.open("w", encoding="utf-8", newline="") as text:
            writer = csv.DictWriter(text, KEYS)
            writer.writeheader()
            writer.writerows(rows)
        return subprocess.run(
            [sys.executable, settings.BASE_DIR / "examples" / program, *options, site.url, str(file)],
            env={"CPOR_TOKEN": court.secret},
            capture_output=True,
            text=True,
            timeout=120,
        )

    return run


def address_of(name: str) -> str:
    return f"{name}@mail.example".lower()


def shown(page: Page, path: str, text: str) -> bool:
    """Whether a page says something; what is the same for everybody is known half a minute late."""
    page.goto(path)
    return text in page.inner_text("main")


def wait_until(page: Page, path: str, text: str, *, is_shown: bool = True) -> None:
    wait_for(lambda: shown(page, path, text) is is_shown, seconds=A_TICK_AND_A_CACHE + PATIENCE)


def panel(page: Page, name: str):
    return page.locator(f"section[aria-labelledby=office-{name}]")


def test_a_court_that_falls_silent(site, visit, postbox, make_court, run, assert_accessible):
    court = make_court("ILD")
    site.python(WATCH.format(code=court.code))
    name = "臺灣宜蘭地方法院"

    # the manager is told, and finds it on the first page; so is the operator, whose monitoring sees it
    for address in (address_of(court.manager), "operator@mail.example"):
        assert name in postbox.wait_for(address).get_body(("plain",)).get_content()
    assert f"LATE {court.code}" in site.python(LATE)
    manager, operator = visit(), visit()
    for page, who in ((manager, court.manager), (operator, "operator-of-data")):
        log_in(page, who)
        page.goto("/office/")
        expect(panel(page, "delays")).to_contain_text(name)
    # the person in a case reads that nothing new does not mean nothing is new; the public which court is late
    person, public = visit("phone"), visit("phone")
    log_in(person, court.person)
    wait_until(person, f"/cases/{court.case}/", "尚未送達")
    assert_accessible(person)
    wait_until(public, "/record/", "尚未送達")
    expect(public.locator("main")).to_contain_text(name)
    assert_accessible(public)

    sent = run("send_progress.py", court, [court.row("1")])

    assert sent.returncode == 0, sent.stdout + sent.stderr
    wait_until(person, f"/cases/{court.case}/", "尚未送達", is_shown=False)
    wait_for(lambda: court.code not in site.python(LATE))
    wait_until(public, "/record/", "尚未送達", is_shown=False)
    for page in (manager, operator):
        page.goto("/office/")
        expect(panel(page, "delays")).to_have_count(0)


def test_a_court_that_sends_half(site, visit, postbox, make_court, run, tmp_path, assert_accessible):
    court = make_court("KLD")
    wrong = court.row("1", kind="no such kind")

    for _day in range(2):
        assert run("send_progress.py", court, [wrong, court.row("2", 502)]).returncode == 3
    cut = tmp_path / "cut.ndjson"
    lines = [json.dumps(court.row("3", 503)), json.dumps(court.row("4", 504))[:-9]]
    cut.write_text("\n".join(lines))
    site.manage("import_progress", str(cut), "--court", court.code, codes=(1,))

    # whose row it is reads it on the case; whoever has a case at the court reads that a file was not taken in
    person = visit("phone")
    log_in(person, court.person)
    wait_until(person, f"/cases/{court.case}/", "未能完整")
    expect(person.locator(".notice--warning")).to_contain_text("內容可能有缺漏")
    assert_accessible(person)
    # the manager has one task for the row that came twice, and one for the aborted file
    manager = visit()
    log_in(manager, court.manager)
    manager.goto("/office/")
    expect(panel(manager, "imports").locator("li")).to_have_count(2)

    cut.write_text("\n".join(json.dumps(court.row(f"{number}", 500 + number)) for number in (3, 4)))
    site.manage("import_progress", str(cut), "--court", court.code)
    corrected = run("send_progress.py", court, [wrong | {"kind": "judgment"}])

    assert corrected.returncode == 0, corrected.stdout + corrected.stderr
    wait_until(person, f"/cases/{court.case}/", "未能完整", is_shown=False)
    expect(person.locator(".notice--warning")).to_have_count(0)
    assert postbox.wait_for(address_of(court.person))
    manager.goto("/office/")
    expect(panel(manager, "imports").locator("li")).to_have_count(0)


def test_a_court_that_holds_something_else(
    site, visit, postbox, make_court, run, tmp_path, assert_accessible
):
    court = make_court("SCD")
    same, altered, extra = (court.row(f"{number}", 500 + number) for number in (1, 2, 3))
    held = [same, altered | {"detail": "更正"}, court.row("4", 504)]
    assert run("send_progress.py", court, [same, altered, extra]).returncode == 0

    compared = run("send_manifest.py", court, held, "--complete")

    assert compared.returncode == 3, compared.stdout + compared.stderr
    found = {row["number"]: row["kind"] for row in map(json.loads, compared.stdout.splitlines())}
    assert found == {502: "different", 503: "extra", 504: "missing"}
    mail = postbox.wait_for(address_of(court.manager)).get_body(("plain",)).get_content()
    assert "缺漏：1" in mail
    manager = visit()
    log_in(manager, court.manager)
    manager.goto("/office/")
    expect(panel(manager, "manifests").locator("li")).to_have_count(3)
    manager.goto("/office/manifests/")
    assert_accessible(manager)
    with manager.expect_download() as download:
        manager.click("a[href$='again.csv']")
    text = download.value.path().read_text(encoding="utf-8-sig")
    listed = list(csv.DictReader(text.splitlines()))
    assert sorted(row["號"] for row in listed) == ["502", "504"]

    assert run("send_progress.py", court, [*held[1:], extra | {"withdrawn": "1"}]).returncode == 0
    # the same manifest as a file, from the hands of the manager
    printed = run("send_manifest.py", court, held, "--print")
    manifest = tmp_path / "manifest.ndjson"
    manifest.write_text(printed.stdout, encoding="utf-8")
    manager.goto("/office/manifests/upload/")
    assert_accessible(manager)
    manager.set_input_files("[name=file]", manifest)
    manager.check("[name=is_complete]")
    manager.click(".office-form button[type=submit]")

    wait_until(manager, "/office/manifests/", "相符 3")
    expect(manager.locator("main tbody tr")).to_have_count(0)
    assert len(postbox.to(address_of(court.manager))) == 1
    assert run("send_manifest.py", court, held, "--complete").returncode == 0
