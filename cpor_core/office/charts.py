"""One chart for the whole office: bars drawn by the server, with their figures in a table. No script, no inline style.

chart = BarChart(_("Applications by week"), _("Week from"), [Series(_("Received"), [("11/02", 3), ("11/09", 5)])])
{% component chart %}
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from wagtail.admin.ui.components import Component

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

MOST_SERIES = 3
MOST_LABELS = 8
# In per cent of the drawing. Text is set in rem and never scaled, so the drawing may be as narrow as a phone.
LEFT, TOP, FOOT = 8.0, 8.0, 84.0
ROW = 2.5  # the height of a row, in rem
_serial = count(1)


@dataclass(frozen=True)
class Series:
    """A series of bars: what they count, and (label, value) pairs in the order of the axis."""

    name: "str | StrPromise"
    points: Sequence[tuple[str, int | float]]

    @property
    def values(self) -> list[int | float]:
        """The heights of the bars, in the order of the axis."""
        return [value for _label, value in self.points]

    @property
    def total(self) -> int | float:
        """The sum of all values."""
        return sum(self.values)


class BarChart(Component):
    """Upright bars, one to three series side by side, told apart by pattern as well as colour; the table holds the same.

    `has_table` is false only where the page has a table with these very figures. All series have the same labels in the
    same order. `text` describes the chart in one sentence; by default it gives the totals.
    """

    template_name = "cpor_core/office/parts/chart.html"

    def __init__(
        self,
        title,
        label_heading,
        series: Sequence[Series],
        *,
        text: str = "",
        is_open: bool = False,
        has_table: bool = True,
    ):
        if not 1 <= len(series) <= MOST_SERIES:
            raise ValueError(f"a chart has 1 to {MOST_SERIES} series, not {len(series)}")
        if len({tuple(label for label, _value in each.points) for each in series}) > 1:
            raise ValueError("the series of a chart have the same labels")
        self.title, self.label_heading, self.series = title, label_heading, series
        self.text, self.is_open, self.has_table = text or self._totals(), is_open, has_table
        self.key = next(_serial)

    def get_context_data(self, parent_context=None):
        return {
            "chart": self,
            "lines": self.lines(),
            "bars": self.bars(),
            "labels": self.labels(),
            "rows": self.rows(),
            "is_empty": not any(each.total for each in self.series),
        }

    def _totals(self) -> str:
        return " ".join(
            _("%(name)s: %(total)s in all.") % {"name": each.name, "total": f"{each.total:,}"}
            for each in self.series
        )

    def rows(self) -> list[tuple[str, tuple[int | float, ...]]]:
        """The table: each label with its values."""
        names = [label for label, _value in self.series[0].points]
        return list(zip(names, zip(*(each.values for each in self.series), strict=True), strict=True))

    @property
    def ceiling(self) -> int:
        """The round number at which the axis ends: 1, 2, 5, 10, 20, 50 …, not below the largest value."""
        most = max((value for each in self.series for value in each.values), default=0)
        steps = (step * 10**power for power in range(12) for step in (1, 2, 5))
        return next(step for step in steps if step >= most)

    def lines(self) -> list[dict]:
        """The horizontal lines, at zero, half and all of the axis."""
        whole = self.ceiling
        marks = [0, whole // 2, whole] if whole > 1 and whole % 2 == 0 else [0, whole]
        return [{"value": f"{mark:,}", "y": self._y(mark)} for mark in marks]

    def bars(self) -> list[dict]:
        """The bars, each with its position and its label for screen readers."""
        slot, width = self._slot, self._slot * 0.72 / len(self.series)
        return [
            {
                "series": number,
                "x": _in_percent(LEFT + slot * (place + 0.14) + width * (number - 1)),
                "width": _in_percent(max(width - 0.2, 0.1)),
                "y": self._y(value),
                "height": _in_percent((FOOT - TOP) * value / self.ceiling),
                "says": f"{label} · {each.name}: {value:,}",
            }
            for number, each in enumerate(self.series, start=1)
            for place, (label, value) in enumerate(each.points)
        ]

    def labels(self) -> list[dict]:
        """The labels below the bars: as many as fit, always with the last one."""
        names = [label for label, _value in self.series[0].points]
        every = -(-len(names) // MOST_LABELS) or 1
        return [
            {
                "text": name,
                "x": _in_percent(LEFT + self._slot * (place + 0.5)),
                "is_second": place_from_end // every % 2,
            }
            for place, name in enumerate(names)
            if (place_from_end := len(names) - 1 - place) % every == 0
        ]

    @property
    def _slot(self) -> float:
        return (100 - LEFT) / max(len(self.series[0].points), 1)

    def _y(self, value) -> str:
        return _in_percent(FOOT - (FOOT - TOP) * value / self.ceiling)


class RowChart(BarChart):
    """Horizontal bars, each below its label: for names, which do not fit below upright bars."""

    template_name = "cpor_core/office/parts/row_chart.html"

    def __init__(self, title, label_heading, series: Sequence[Series], **options):
        if len(series) != 1:
            raise ValueError(f"a chart of rows has one series, not {len(series)}")
        super().__init__(title, label_heading, series, **options)

    def get_context_data(self, parent_context=None):
        points = self.series[0].points
        return super().get_context_data(parent_context) | {
            "height": f"{len(points) * ROW:g}rem",
            "bars": [self._bar(place, label, value) for place, (label, value) in enumerate(points)],
        }

    def _bar(self, place: int, label: str, value: int | float) -> dict:
        top, name = place * ROW, self.series[0].name
        return {
            "label": label,
            "value": f"{value:,}",
            "label_y": f"{top + ROW / 2 - 0.375:g}rem",
            "y": f"{top + ROW / 2:g}rem",
            "width": _in_percent(100 * value / self.ceiling),
            "says": f"{label} · {name}: {value:,}",
        }


def _in_percent(number: float) -> str:
    return f"{number:.2f}%"
