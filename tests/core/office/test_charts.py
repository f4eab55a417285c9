"""The one chart of the office: bars, and the same figures as a table."""

import pytest
from bs4 import BeautifulSoup
from django.utils import translation

from cpor_core.office.charts import BarChart, RowChart, Series

WEEKS = [("11/02", 3), ("11/09", 0), ("11/16", 7)]


def drawn(chart):
    return BeautifulSoup(chart.render_html({}), "html.parser")


def test_table_holds_every_figure_of_every_series():
    chart = BarChart(
        "Work", "Week", [Series("Received", WEEKS), Series("Decided", [(w, v + 1) for w, v in WEEKS])]
    )

    rows = [[cell.text for cell in row.find_all(["th", "td"])] for row in drawn(chart).find_all("tr")]

    assert rows == [
        ["Week", "Received", "Decided"],
        ["11/02", "3", "4"],
        ["11/09", "0", "1"],
        ["11/16", "7", "8"],
    ]


def test_bars_are_as_high_as_their_share_of_the_axis():
    chart = BarChart("Work", "Week", [Series("Received", WEEKS)])

    heights = [float(bar["height"].rstrip("%")) for bar in chart.bars()]

    assert chart.ceiling == 10
    assert heights == pytest.approx([76 * 0.3, 0, 76 * 0.7])


@pytest.mark.parametrize(
    ("most", "ceiling"),
    [(0, 1), (1, 1), (2, 2), (3, 5), (6, 10), (11, 20), (21, 50), (99, 100), (1234, 2000)],
)
def test_axis_ends_at_a_round_number(most, ceiling):
    assert BarChart("Work", "Week", [Series("Received", [("a", most)])]).ceiling == ceiling


def test_what_is_drawn_is_said_as_well():
    with translation.override("en"):
        drawing = drawn(BarChart("Work", "Week", [Series("Received", WEEKS)])).find("svg", role="img")

    said = " ".join(drawing.find(id=key).text for key in drawing["aria-labelledby"].split())

    assert said == "Work Received: 10 in all."
    assert [bar.text for bar in drawing.select("rect > title")] == [
        f"{week} · Received: {value}" for week, value in WEEKS
    ]


def test_empty_chart_says_so_and_keeps_its_table():
    page = drawn(BarChart("Work", "Week", [Series("Received", [("11/02", 0)])]))

    assert page.find("svg") is None
    assert page.find(class_="office-nothing")
    assert page.select_one("tbody tr")


def test_two_charts_on_a_page_share_no_id():
    ids = [
        each["id"]
        for _time in range(2)
        for each in drawn(BarChart("Work", "Week", [Series("Received", WEEKS)])).find_all(id=True)
    ]

    assert len(ids) == len(set(ids))


def test_of_many_labels_the_last_is_always_there():
    chart = BarChart("Work", "Week", [Series("Received", [(str(week), week) for week in range(53)])])

    labels = [label["text"] for label in chart.labels()]

    assert len(labels) <= 8
    assert labels[-1] == "52"


def test_labels_that_could_be_markup_are_shown_as_typed():
    page = BarChart("<b>Work</b>", "Week", [Series("<i>Received</i>", [("<script>", 1)])]).render_html({})

    assert "<script>" not in page
    assert "<i>" not in page
    assert "<b>" not in page


@pytest.mark.parametrize(
    "series", [[], [Series("a", [])] * 4, [Series("a", [("x", 1)]), Series("b", [("y", 1)])]]
)
def test_chart_that_could_not_be_read_is_refused(series):
    with pytest.raises(ValueError, match="chart"):
        BarChart("Work", "Week", series)


def test_rows_bear_their_whole_names_and_are_as_wide_as_their_share():
    page = drawn(
        RowChart("Courts", "Court", [Series("Received", [("臺灣臺北地方法院", 10), ("臺灣士林地方法院", 5)])])
    )

    assert [text.text.strip() for text in page.find_all("text")] == [
        "臺灣臺北地方法院 · 10",
        "臺灣士林地方法院 · 5",
    ]
    assert [bar["width"] for bar in page.select(".office-chart__drawing rect")] == ["100.00%", "50.00%"]
    assert page.select_one("tbody th").text == "臺灣臺北地方法院"


def test_rows_have_one_series():
    with pytest.raises(ValueError, match="one series"):
        RowChart("Courts", "Court", [Series("Received", WEEKS), Series("Decided", WEEKS)])
