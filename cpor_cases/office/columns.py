"""Columns that several lists of the office use."""

from collections.abc import Callable

from django.db.models import Model
from django.utils.translation import pgettext_lazy
from wagtail.admin.ui.tables import Column, TitleColumn


class CaseNumberColumn(TitleColumn):
    """A case number that links to the row and never breaks across lines."""

    cell_template_name = "cpor_cases/office/cells/case_number.html"


class ChooseColumn(Column):
    """A box that chooses a row for a bulk action (`bulk_views`), with one box in the heading for all rows."""

    cell_template_name = "cpor_cases/office/cells/choose.html"
    header_template_name = "cpor_cases/office/cells/choose_header.html"

    def __init__(self, label_of_all: str, **kwargs):
        super().__init__("choose", label=pgettext_lazy("button", "Choose"), **kwargs)
        self.label_of_all = label_of_all


class ActionLinkColumn(Column):
    """A link to an action on the row, for rows of which `is_offered` is true."""

    def __init__(self, *args, template_name: str, is_offered: Callable[[Model], bool], **kwargs):
        super().__init__(*args, **kwargs)
        self.cell_template_name = template_name
        self.is_offered = is_offered

    def get_value(self, row):
        return self.is_offered(row)
