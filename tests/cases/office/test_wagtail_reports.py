"""Wagtail's own exports: no live formulas, Taipei's time, and on record."""

import datetime as dt
import io

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone
from wagtail.admin.views.mixins import SpreadsheetExportMixin
from wagtail.admin.views.reports.audit_logging import LogEntriesView
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import ModelLogEntry, Page, PageLogEntry

from tests.factories import make_user

pytestmark = pytest.mark.django_db
FORMULA = '=HYPERLINK("http://evil.example")'
REPORTS = ["wagtailadmin_reports:site_history", "wagtailadmin_reports:aging_pages", "wagtailredirects:index"]


@pytest.fixture
def operator(client):
    operator = make_user("operator", is_superuser=True)
    client.force_login(operator)
    return operator


@pytest.fixture
def formulas(operator):
    """A formula in the title of a page, in its log, and in a redirect."""
    page = Page.objects.get(depth=2)
    page.title = FORMULA
    page.save_revision().publish()
    PageLogEntry.objects.log_action(page, "wagtail.publish", user=operator)
    Redirect.objects.create(old_path="/old", redirect_link=FORMULA)


def text_of(response) -> str:
    return b"".join(response.streaming_content).decode("utf-8-sig")


@pytest.mark.parametrize("name", REPORTS)
def test_no_formula_is_live_in_a_csv(client, formulas, name):
    response = client.get(reverse(name), {"export": "csv"})

    text = text_of(response)
    assert "HYPERLINK" in text
    assert "\"'=HYPERLINK" in text
    assert '"=HYPERLINK' not in text


def test_excel_reads_chinese_in_a_csv(client, formulas):
    response = client.get(reverse(REPORTS[0]), {"export": "csv"})

    assert b"".join(response.streaming_content).startswith(b"\xef\xbb\xbf")


def test_an_xlsx_shows_taipeis_clock_and_no_formula(client, formulas):
    half_past_nine = timezone.make_aware(dt.datetime(2026, 9, 24, 9, 30))
    PageLogEntry.objects.update(timestamp=half_past_nine)

    response = client.get(reverse(REPORTS[0]), {"export": "xlsx"})

    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content))).active
    row = next(row for row in sheet.iter_rows(min_row=2) if "HYPERLINK" in str(row[1].value))
    assert row[1].value == f"'{FORMULA}"
    assert row[5].value == dt.datetime(2026, 9, 24, 9, 30)


@pytest.mark.parametrize("name", REPORTS)
def test_who_takes_a_list_out_is_on_record(client, operator, formulas, name):
    client.get(reverse(name))
    client.get(reverse(name), {"export": "csv"})

    [entry] = ModelLogEntry.objects.filter(action="cpor_cases.office.export")
    assert (entry.user, entry.data) == (operator, {"view": name, "format": "csv"})


def test_wagtail_still_has_what_is_changed_here():
    for name in ("preprocess_field_value", "stream_csv", "as_spreadsheet"):
        assert hasattr(getattr(SpreadsheetExportMixin, name), "__wrapped__")
    assert LogEntriesView.any_permission_required
    assert LogEntriesView.custom_value_preprocess is SpreadsheetExportMixin.custom_value_preprocess
