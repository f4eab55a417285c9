"""Panels of the first page of the office that list what somebody may want to do next, for staff who edit."""

from collections.abc import Sequence
from typing import ClassVar, NamedTuple

from django.utils.functional import Promise
from wagtail.admin.ui.components import Component

ROWS_SHOWN = 5


class Row(NamedTuple):
    """One thing to do: its words, where it is done, and what else is said of it."""

    words: str
    url: str
    note: str = ""


class ListPanel(Component):
    """The first of some rows, their number, and the link to all of them; `nothing` is said if there are none."""

    template_name = "cpor_core/office/list_panel.html"
    is_card = True  # stands beside others
    name: ClassVar[str]
    order: ClassVar[int]
    heading: ClassVar[str | Promise]
    nothing: ClassVar[str | Promise]

    def get_rows(self, user) -> Sequence[Row]:
        """Return all rows, the most urgent first."""
        raise NotImplementedError

    def get_list_url(self) -> str:
        """Return where all of them are listed."""
        raise NotImplementedError

    def get_context_data(self, parent_context):
        rows = self.get_rows(parent_context["request"].user)
        return {
            "panel": self,
            "rows": rows[:ROWS_SHOWN],
            "count": len(rows),
            "has_more": len(rows) > ROWS_SHOWN,
            "list_url": self.get_list_url(),
        }
