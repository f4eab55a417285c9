"""The columns of an export, each declared once.

Headings, reading, checks, staging, comparing, storing, the interface's schema and reference, the guide's table and the
office's list of columns derive from these declarations. Lengths and types in SQL are those of the model fields.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cpor_cases.models import Case, ProgressEntry
from cpor_core import plausible_dates
from cpor_core.model_fields import field_of
from cpor_core.models import Category

CATEGORIES = {
    **{value: value for value in Category.values},
    "民事": Category.CIVIL,
    "家事": Category.FAMILY,
    "刑事": Category.CRIMINAL,
    "行政": Category.ADMINISTRATIVE,
}


@dataclass(frozen=True)
class Column:
    """One column. What it holds is checked by code of its own unless a subclass says how."""

    key: str
    heading: str
    holds: str | Promise = ""
    """What the guide says of it."""
    is_required: bool = False
    stored_in: models.Field | None = None
    """The model field that holds the value, and decides how long it may be."""
    json_schema: dict[str, Any] = field(default_factory=lambda: {"type": "string"}, hash=False)

    is_running_text = False
    """Whether punctuation stays as it is set; else the cell is folded as a whole."""

    @property
    def sql_name(self) -> str:
        """The column of the database that holds the value; empty if none does."""
        return (self.stored_in and self.stored_in.column) or ""

    @property
    def is_nullable(self) -> bool:
        return self.stored_in is not None and self.stored_in.null

    @property
    def max_length(self) -> int | None:
        return getattr(self.stored_in, "max_length", None)


@dataclass(frozen=True)
class CaseText(Column):
    """A fact of the case, of `Case`. An empty cell takes nothing back; of several rows the last one counts."""

    ending: str = ""
    """Left out if the cell ends with it."""

    is_running_text = True


@dataclass(frozen=True)
class EntryValue(Column):
    """A fact of the entry, of `ProgressEntry`: another value than the one on record is a correction."""


@dataclass(frozen=True)
class EntryText(EntryValue):
    is_running_text = True


@dataclass(frozen=True)
class EntryMoment(EntryValue):
    plausible_days: Callable[..., plausible_dates.Days] = plausible_dates.of_entry


@dataclass(frozen=True)
class EntryKind(EntryValue):
    """The kind of the entry, by code or name."""


def _of_case(name: str) -> models.Field:
    return field_of(Case, name)


def _of_entry(name: str) -> models.Field:
    return field_of(ProgressEntry, name)


COLUMNS: tuple[Column, ...] = (
    Column("court", "法院", _("code or name: TPD"), is_required=True),
    Column(
        "category",
        "類別",
        _("civil, family, criminal, administrative or 民事, 家事, 刑事, 行政"),
        is_required=True,
        json_schema={"type": "string", "enum": list(CATEGORIES)},
    ),
    Column("year", "年度", "115", is_required=True, json_schema={"type": ["string", "integer"]}),
    Column("word", "字別", "訴", is_required=True),
    Column("number", "號", "123", is_required=True, json_schema={"type": ["string", "integer"]}),
    CaseText(
        "division", "股別", _("an empty one takes nothing back"), stored_in=_of_case("division"), ending="股"
    ),
    CaseText("cause", "案由", _("an empty one takes nothing back"), stored_in=_of_case("cause")),
    Column(
        "entry_id",
        "事項序號",
        _(
            "unique within the court. The same again is a correction. Full and half width are alike, upper and lower "
            "case are not"
        ),
        is_required=True,
        stored_in=_of_entry("entry_id"),
    ),
    EntryMoment(
        "recorded_at",
        "日期",
        _(
            "2026-09-24, 2026-09-24T09:30, 115/09/24, 1150924, 民國115年9月24日; a year of up to three figures is the "
            "Republic's. From 1 January of the year before the case's to tomorrow, Taipei time; a withdrawal is taken "
            "whatever its dates. Entries of one moment count in the order in which they are taken in first"
        ),
        is_required=True,
        stored_in=_of_entry("recorded_at"),
    ),
    EntryKind("kind", "進行事項", _("code or name"), is_required=True, stored_in=_of_entry("kind")),
    EntryText(
        "detail",
        "說明",
        _(
            "line ends of any kind are one, blanks before them and wide ones are folded; what differs in line ends, "
            "blanks at the end or widths alone is no correction"
        ),
        stored_in=_of_entry("detail"),
    ),
    EntryMoment(
        "hearing_at",
        "庭期",
        _(
            "14:30, 1430, 下午2時30分, 下午 02:30:00. 24:00 is no time: write 00:00 of the next day. Up to three years "
            "ahead. NULL, - and 0000-00-00 are empty"
        ),
        stored_in=_of_entry("hearing_at"),
        plausible_days=plausible_dates.of_hearing,
    ),
    EntryText("courtroom", "法庭", stored_in=_of_entry("courtroom")),
    EntryMoment(
        "moved_from",
        "原庭期",
        _(
            "of 改期: when the hearing was until now, not at first; 庭期 has the new date. Of 取消庭期, 庭期 has the date that "
            "falls away. Without it the one hearing to come is meant; of several none is changed, and the import has a warning"
        ),
        stored_in=_of_entry("moved_from"),
        plausible_days=plausible_dates.of_hearing,
    ),
    Column(
        "withdrawn",
        "撤銷",
        _("1, yes, true, 是: the entry is withdrawn"),
        json_schema={"type": ["boolean", "string"]},
    ),
)

BY_KEY = {column.key: column for column in COLUMNS}
HEADINGS = {column.key: column.heading for column in COLUMNS}
REQUIRED = tuple(column.key for column in COLUMNS if column.is_required)
MAX_LENGTHS = {column.key: column.max_length for column in COLUMNS if column.max_length is not None}
CASE_TEXTS = tuple(column for column in COLUMNS if isinstance(column, CaseText))
ENTRY_VALUES = tuple(column for column in COLUMNS if isinstance(column, EntryValue))
