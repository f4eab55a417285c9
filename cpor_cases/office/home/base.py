"""The base class of the panels with rows on the first page."""

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.components import Component

from cpor_cases.actions import viewing

ROWS_SHOWN = 8


class OfficePanel(Component):
    """A list of waiting rows: the first ones, their number, and the link to all of them."""

    name = ""
    order = 100
    nothing = ""
    list_name = ""
    list_query = ""
    is_silent = False  # the panel is hidden while it has no rows

    @property
    def heading(self) -> str:
        """The title of the list."""
        raise NotImplementedError

    @property
    def template_name(self):
        return f"cpor_cases/office/home/{self.name}.html"

    def __init__(self, clerk, *, names_court: bool = False):
        self.clerk, self.names_court = clerk, names_court

    def get_rows(self):
        raise NotImplementedError

    def prepare(self, rows: list) -> list:
        """Return the rows with all that the template shows of them."""
        return rows

    @cached_property
    def first_rows(self) -> list:
        """The rows that are shown, and one more if there are more."""
        return list(self.get_rows()[: ROWS_SHOWN + 1])

    @cached_property
    def count(self) -> int:
        """The number of rows, shown above all lists and again above this one: counted only if not all are shown."""
        found = len(self.first_rows)
        return found if found <= ROWS_SHOWN else self.get_rows().count()

    @property
    def anchor(self) -> str:
        return f"office-{self.name}"

    def get_context_data(self, parent_context):
        rows = self.prepare(self.first_rows[:ROWS_SHOWN])
        request = parent_context["request"]
        viewing.show_rows(
            request, self.get_people(rows), title=gettext_lazy("First page"), court_of=self.court_of
        )
        return {
            "panel": self,
            "count": self.count,
            "rows": rows,
            "list_url": self.get_list_url(),
            "names_court": self.names_court,
            "request": request,
        }

    def get_people(self, rows) -> list:
        """Return the rows whose view is logged."""
        return rows

    def court_of(self, row) -> int | None:
        return viewing.court_id_of(row)

    def get_list_url(self) -> str:
        """Return the URL of the list filtered to these rows."""
        return f"{reverse(self.list_name)}{self.list_query}"
