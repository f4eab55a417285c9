"""A court's system: the manager makes a token, the system sends a file with it, a litigant is notified, a row is rejected."""

import re
import subprocess
import sys

import pytest
from django.conf import settings
from playwright.sync_api import expect

from tests.support.browsing import PASSWORD, log_in, value_of
from tests.support.export_files import HEADER

pytestmark = pytest.mark.browser

PEOPLE = f"""
from cpor_core.models import Court
court = Court.objects.get(code="TPD")
factories.make_clerk(court, "manager-of-tokens", group="Court managers", password="{PASSWORD}")
account = factories.make_user("system-follower", email="system-follower@mail.example")
factories.make_access(account, factories.make_case(court, number=7301))
"""


def send(site, file, token):
    return subprocess.run(
        [
            sys.executable,
            settings.BASE_DIR / "examples" / "send_progress.py",
            site.url,
            str(file),
            "--language=en",
        ],
        env={"CPOR_TOKEN": token},
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_a_systems_file_reaches_the_litigant_and_its_rejected_row_the_system(
    site, visit, postbox, tmp_path, assert_accessible
):
    site.python(PEOPLE)
    page = visit("phone")
    log_in(page, "manager-of-tokens")
    page.goto("/office/tokens/new/")
    assert_accessible(page)
    page.fill("[name=label]", "Nightly export")
    page.click(".office-form button[type=submit]")
    token = value_of(page, "#token-secret")
    assert_accessible(page)
    file = tmp_path / "export.csv"
    rows = [
        "TPD,民事,115,訴,7301,孝,返還借款,T1,115/09/24,準備程序,兩造到庭,,,,",
        "TPD,民事,115,訴,7301,孝,返還借款,T2,115/02/30,判決,,,,,",
    ]
    file.write_text("\n".join([HEADER, *rows]), encoding="cp950")

    sent = send(site, file, token)

    assert sent.returncode == 3, sent.stdout + sent.stderr
    assert "created 1" in sent.stdout
    assert "line 3:" in sent.stdout
    assert "115/02/30" in sent.stdout
    mail = postbox.wait_for("system-follower@mail.example")
    assert "115年度訴字第7301號" in mail.get_body(("plain",)).get_content()

    again = send(site, file, token)
    assert again.returncode == 3
    assert "created 0, changed 0, unchanged 1" in again.stdout
    assert len(postbox.to("system-follower@mail.example")) == 1

    page.goto("/office/tokens/")
    revoke = page.locator("main tr", has_text="Nightly export").locator("td a[href*=revoke]")
    revoke.click()
    page.click("main button[type=submit]")
    expect(page).to_have_url(re.compile(r"/office/tokens/$"))
    expect(revoke).to_have_count(0)
    refused = send(site, file, token)
    assert refused.returncode == 1
    assert "401" in refused.stderr


def test_the_page_about_the_interface_is_accessible(site, visit, assert_accessible):
    for size in ("desktop", "phone"):
        page = visit(size)
        page.goto("/api/v1/docs")
        assert_accessible(page)
