"""Columns that several lists of the office use."""

from wagtail.admin.ui.tables import TitleColumn


class CaseNumberColumn(TitleColumn):
    """A case number that links to the row and never breaks across lines."""

    cell_template_name = "cpor_cases/office/cells/case_number.html"
