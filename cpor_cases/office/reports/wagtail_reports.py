"""Applies our rules to Wagtail's own reports and exports: who may read them, what the files contain, and that exports are logged.

Wagtail offers no setting for this, and its views are looked up by its own URLs. So its classes are changed here, at one
place, when the app is ready; a test notices if Wagtail moves them.
"""

import datetime as dt
from functools import wraps

from django.utils import timezone
from wagtail.admin.views.mixins import SpreadsheetExportMixin
from wagtail.admin.views.reports.audit_logging import LogEntriesView
from wagtail.permissions import page_permission_policy

from cpor_cases.actions import exports
from cpor_core.formfields import moment_as_typed
from cpor_core.formulas import defuse
from cpor_core.office.exports import BOM

FOR_EDITORS = ["add", "change", "publish"]  # as Wagtail's other reports on pages ask


def install() -> None:
    """Apply the rules, once."""
    LogEntriesView.permission_policy = page_permission_policy
    LogEntriesView.any_permission_required = FOR_EDITORS
    # Wagtail writes moments in UTC: a hearing at 09:30 would read 01:30.
    as_in_taipei = {
        SpreadsheetExportMixin.FORMAT_XLSX: _as_in_taipei,
        SpreadsheetExportMixin.FORMAT_CSV: moment_as_typed,
    }
    SpreadsheetExportMixin.custom_value_preprocess[dt.datetime] = as_in_taipei
    for name, wrap in {
        "preprocess_field_value": _defused,
        "stream_csv": _with_bom,
        "as_spreadsheet": _on_record,
    }.items():
        original = getattr(SpreadsheetExportMixin, name)
        if not hasattr(original, "__wrapped__"):
            setattr(SpreadsheetExportMixin, name, wrap(original))


def _as_in_taipei(moment: dt.datetime) -> dt.datetime:
    return moment if timezone.is_naive(moment) else timezone.make_naive(moment)


def _defused(original):
    @wraps(original)
    def preprocess_field_value(self, field, value, export_format):
        """Return text that no spreadsheet evaluates as a formula."""
        found = original(self, field, value, export_format)
        return defuse(found) if isinstance(found, str) else found

    return preprocess_field_value


def _with_bom(original):
    @wraps(original)
    def stream_csv(self, queryset):
        """Begin with the byte order mark by which Excel recognises UTF-8."""
        yield BOM.encode()
        yield from original(self, queryset)

    return stream_csv


def _on_record(original):
    @wraps(original)
    def as_spreadsheet(self, queryset, spreadsheet_format):
        """Log who exported which list."""
        exports.log_list(
            title=str(self.get_page_title()),
            view=self.request.resolver_match.view_name,
            format=spreadsheet_format,
            by=self.request.user,
        )
        return original(self, queryset, spreadsheet_format)

    return as_spreadsheet
