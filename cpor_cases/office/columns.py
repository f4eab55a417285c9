"""Columns that several lists of the office use."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.admin.ui.tables import Column, TitleColumn


class CaseNumberColumn(TitleColumn):
    """A case number that links to the row and never breaks across lines."""

    cell_template_name = "cpor_cases/office/cells/case_number.html"


class WorkingDaysColumn(Column):
    """How long a row has waited for somebody, in working days; red past the first. Empty of one that waits for nobody."""

    cell_template_name = "cpor_cases/office/cells/working_days.html"

    def get_value(self, row) -> int | None:
        raise NotImplementedError

    def get_cell_context_data(self, instance, parent_context):
        context = super().get_cell_context_data(instance, parent_context)
        days = context["raw_value"]
        context["days"] = days
        context["text"] = "" if days is None else days_in_words(days)
        context["is_late"] = days is not None and days > 1
        return context


def days_in_words(days: int) -> str:
    """Return an age in words: “less than 1 working day” (also of what came on a Saturday), “1 working day”, …"""
    if days == 0:
        return str(_("less than 1 working day"))
    return ngettext("%(days)d working day", "%(days)d working days", days) % {"days": days}
