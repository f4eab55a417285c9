"""The figures of the reports, by month or by court.

Everything is counted by the database, in as many queries for a million rows as for one. Applications are counted from
the log: refused ones are deleted after some months (retention), and a figure once reported must not shrink.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from cpor_core.punctuation import labelled, listed

from .counts import (
    accesses,
    activations,
    applications,
    hours_to_decision,
    imports,
    mails,
    refusals,
    rejections,
    times_to_know,
)
from .scope import Scope

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


@dataclass(frozen=True)
class Figure:
    """One column of a report: its key, its heading, and how its value follows from the counts."""

    key: str
    heading: "str | StrPromise"
    of: Callable[[dict], int | float | None] | None = None

    def value(self, counts: dict) -> int | float | None:
        return self.of(counts) if self.of else counts.get(self.key, 0)

    def in_words(self, counts: dict) -> str:
        """Return the value as text; empty if there was nothing to count."""
        value = self.value(counts)
        if value is None:
            return ""
        return f"{value:,.1f}" if isinstance(value, float) else f"{value:,}"


@dataclass(frozen=True)
class SecondsFigure(Figure):
    """Seconds within which so many people knew: no number, but a word, where not so many ever did."""

    def value(self, counts: dict) -> int | float | None:
        seconds = counts.get(self.key)
        return None if seconds == math.inf else seconds

    def in_words(self, counts: dict) -> str:
        return (
            pgettext("time to know", "never")
            if counts.get(self.key) == math.inf
            else super().in_words(counts)
        )


def share(part: str, whole: str) -> Callable[[dict], float | None]:
    """Return a function that gives `part` as a percentage of `whole`, or None if `whole` is 0."""
    return lambda counts: (100 * counts[part] / counts[whole]) if counts.get(whole) else None


RECEIVED_FIGURE = Figure("received", _("Applications received"))
APPROVED_FIGURE = Figure("approved", pgettext_lazy("application", "Approved"))
REFUSED_FIGURE = Figure("refused", _("Refused"))
MEDIAN_FIGURE = Figure(
    "median_hours", _("Hours to decision (median)"), of=lambda counts: counts.get("median_hours")
)
PEOPLE_FIGURE = Figure("people", _("People admitted"))
ACTIVATED_FIGURE = Figure("activated", _("Account activated (%)"), of=share("activated", "people"))
SENT_FIGURE = Figure("sent", _("Emails sent"))
FAILED_FIGURE = Figure("failed", _("Emails not delivered"))
TO_TELL_FIGURE = Figure("to_tell", _("People to tell"))
WITHIN_10_FIGURE = Figure(
    "within_10_share", _("Told within 10 seconds (%)"), of=share("within_10", "to_tell")
)
RUNS_FIGURE = Figure("runs", _("Imports"))
ABORTED_FIGURE = Figure("aborted", _("Aborted"))
ROWS_READ_FIGURE = Figure("rows_read", _("Rows read"))
ROWS_REJECTED_FIGURE = Figure("rows_rejected", _("Rows rejected"))
ACTIVE_FIGURE = Figure("active", _("Active accesses"))
ENDING_FIGURE = Figure("ending", _("Last day you can view the case"))


@dataclass(frozen=True)
class Reasons:
    """A second table below the figures: how often each reason was given in the period."""

    title: "str | StrPromise"
    heading: "str | StrPromise"
    count: Callable[[Scope], list[tuple[str, int]]]


@dataclass(frozen=True)
class Report:
    """A table of figures, the queries behind it, and which figures the chart shows."""

    name: str
    title: "str | StrPromise"
    explanation: "str | StrPromise"
    figures: list[Figure]
    queries: list[Callable[[Scope], dict]]
    drawn: list[Figure]
    reasons: Reasons | None = None
    is_standing: bool = False  # a state, not a flow: months are not added up

    def counts(self, scope: Scope, keys: list) -> list[dict]:
        """Return the counts for each of the keys (months or courts), in their order."""
        merged: dict[Any, dict] = {key: {} for key in keys}
        for query in self.queries:
            for key, counts in query(scope).items():
                merged[key] |= counts
        return list(merged.values())

    def in_words(self, rows: list) -> str:
        """Return the chart as text for screen readers; empty if the chart sums up the months itself."""
        if not self.is_standing or not rows:
            return ""
        latest = rows[-1]
        figures = listed(f"{each.heading} {each.in_words(latest.counts)}" for each in self.drawn)
        return labelled(latest.label, figures)


MONTHLY = [
    Report(
        "applications",
        _("Applications"),
        _(
            "Each application counts in the month in which it was recorded or decided. The hours run from its recording "
            "to its decision; half of the decisions took less, half took more. An account counts as activated if it is so today."
        ),
        [
            RECEIVED_FIGURE,
            APPROVED_FIGURE,
            REFUSED_FIGURE,
            MEDIAN_FIGURE,
            PEOPLE_FIGURE,
            ACTIVATED_FIGURE,
        ],
        [applications, hours_to_decision, activations],
        [RECEIVED_FIGURE, APPROVED_FIGURE, REFUSED_FIGURE],
        Reasons(_("Reasons for refusal"), _("Refused"), refusals),
    ),
    Report(
        "mails",
        _("Emails"),
        _(
            "Emails about the court's cases, by the month in which they were sent or given up. Emails about accounts are not counted."
        ),
        [
            SENT_FIGURE,
            FAILED_FIGURE,
            Figure(
                "failed_share",
                _("Not delivered (%)"),
                of=lambda counts: share("failed", "all")(
                    counts | {"all": counts.get("sent", 0) + counts.get("failed", 0)}
                ),
            ),
        ],
        [mails],
        [SENT_FIGURE, FAILED_FIGURE],
    ),
    Report(
        "time-to-know",
        _("Time to know"),
        _(
            "How long until the mail server had the email, from when the service had what it tells of: a call of the court's "
            "system, the end of the hold on what was typed, “send now”, a decision on an application. What waits, was refused or "
            "could not be delivered counts as late. Each email counts in the month in which what it tells of came; counted each night."
        ),
        [
            TO_TELL_FIGURE,
            Figure("within_1_share", _("Told within 1 second (%)"), of=share("within_1", "to_tell")),
            WITHIN_10_FIGURE,
            Figure("within_60_share", _("Told within 60 seconds (%)"), of=share("within_60", "to_tell")),
            SecondsFigure("half_by", _("Half told within (seconds)")),
            SecondsFigure("nearly_all_by", _("99 of 100 told within (seconds)")),
        ],
        [times_to_know],
        [WITHIN_10_FIGURE],
    ),
    Report(
        "imports",
        _("Imports"),
        _(
            "Files and calls of the court's own system, by the month in which they began. Entries typed in the office are not "
            "counted, nor are files with the rows of several courts."
        ),
        [
            RUNS_FIGURE,
            ABORTED_FIGURE,
            ROWS_READ_FIGURE,
            ROWS_REJECTED_FIGURE,
            Figure("rejected_share", _("Rows rejected (%)"), of=share("rows_rejected", "rows_read")),
        ],
        [imports],
        [ROWS_REJECTED_FIGURE],
        Reasons(_("Rejected rows by reason"), _("Rows rejected"), rejections),
    ),
    Report(
        "accesses",
        _("Accesses to cases"),
        _(
            "How many people can see how many cases: each person counts once for each case. Active: still valid at the end of the month, or now for the present month. The last column counts those whose access ends in the month."
        ),
        [ACTIVE_FIGURE, ENDING_FIGURE],
        [accesses],
        [ACTIVE_FIGURE, ENDING_FIGURE],
        is_standing=True,
    ),
]

SIDE_BY_SIDE = Report(
    "courts",
    _("Courts side by side"),
    _("All courts in one month. A click on a heading sorts the table."),
    [
        RECEIVED_FIGURE,
        APPROVED_FIGURE,
        REFUSED_FIGURE,
        MEDIAN_FIGURE,
        ACTIVATED_FIGURE,
        SENT_FIGURE,
        FAILED_FIGURE,
        WITHIN_10_FIGURE,
        RUNS_FIGURE,
        ROWS_REJECTED_FIGURE,
        ACTIVE_FIGURE,
        ENDING_FIGURE,
    ],
    [applications, hours_to_decision, activations, mails, times_to_know, imports, accesses],
    [RECEIVED_FIGURE],
)
