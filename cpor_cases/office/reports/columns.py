"""Columns of a report."""

from wagtail.admin.ui.tables import Column


class RowLabelColumn(Column):
    """The heading of a row: its month or court."""

    cell_template_name = "cpor_cases/office/cells/row_label.html"


class FigureColumn(Column):
    """A figure of a report, set so that figures stand below each other; a dash where there is nothing to count."""

    cell_template_name = "cpor_cases/office/cells/figure.html"

    def __init__(self, figure, *, is_sortable: bool):
        sort_key = figure.key if is_sortable else None
        super().__init__(figure.key, label=figure.heading, classname="office-figure", sort_key=sort_key)
        self.figure = figure

    def get_value(self, row):
        return self.figure.in_words(row.counts)
