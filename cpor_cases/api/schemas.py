"""Response schemas of the interface."""

import datetime as dt
from enum import StrEnum
from typing import Any

from ninja import Field, Schema

from cpor_cases.intake import columns
from cpor_cases.manifests.groups import group_of_key
from cpor_cases.models import ImportRun, ManifestDifference, RejectedRow, RunWarning
from cpor_core.reasons import SENTENCES, WARNINGS

MOST_ROWS_A_PAGE = 1000
DRY_RUN_ROWS = 20_000  # takes about a second: whoever asked waits for it, and so does a web server's thread


class State(StrEnum):
    """The states of an import as the interface names them. Only a clerk's upload can be stopped: no STOPPED here."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    ABORTED = "broken_off"

    @classmethod
    def of(cls, run: ImportRun) -> "State":
        return cls[ImportRun.State(run.state).name]


OTHER = "other"
Column = StrEnum("Column", {key.upper(): key for key in columns.HEADINGS})  # type: ignore[misc]  # members from the declarations
WarningCode = StrEnum("WarningCode", {code.upper(): code for code in WARNINGS})  # type: ignore[misc]  # the same
ReasonCode = StrEnum("ReasonCode", {code.upper(): code for code in (*SENTENCES, OTHER)})  # type: ignore[misc]  # the same


class TokenInfo(Schema):
    court: str = Field(description="The code of the court whose rows this token may send.")
    court_name_zh: str
    court_name_en: str
    label: str = Field(description="What the court's manager called the token.")
    created_at: dt.datetime
    expires_at: dt.datetime = Field(description="From then on it is refused.")


class Accepted(Schema):
    id: int = Field(description="Of the import: ask after it at /api/v1/imports/{id}.")
    state: State
    url: str = Field(description="Where its state is found.")


class Counts(Schema):
    read: int
    created: int
    changed: int
    unchanged: int
    withdrawn: int
    rejected: int
    superseded: int = Field(
        description="Rows about entries of which a call that was accepted later had spoken before this one came to them; "
        "0 of a dry run."
    )


class Rejected(Schema):
    line: int = Field(description="As in the file; in a JSON list the place in the list, from 1 on.")
    column: Column | None = Field(description="The key of the column; null if it is the row as a whole.")
    heading: str = Field(description="What the file that was sent calls the column; empty without one.")
    code: ReasonCode = Field(description="Why, for programs; other: an earlier version rejected the row.")
    value: str = Field(
        description="The cell as it was sent, or the line where it could not be read as a row."
    )
    reason: str = Field(description="Why, as a sentence in the language of this call's Accept-Language.")
    row: dict[str, Any] = Field(description="As it was sent, under the English keys.")

    @classmethod
    def of(cls, row: RejectedRow) -> "Rejected":
        return cls(
            line=row.line,
            column=Column(row.column_key) if row.column_key else None,
            heading=row.parameters.get("heading", ""),
            code=ReasonCode(row.code if row.code in SENTENCES else OTHER),
            value=row.value,
            reason=row.sentence,
            row=row.row,
        )


class Warned(Schema):
    """A row that was taken as sent, and what its sender should know of it."""

    line: int = Field(description="As in the file; in a JSON list the place in the list, from 1 on.")
    entry_id: str
    code: WarningCode
    reason: str = Field(description="A sentence in the language of this call's Accept-Language.")

    @classmethod
    def of(cls, warning: RunWarning) -> "Warned":
        return cls(
            line=warning.line,
            entry_id=warning.entry_id,
            code=WarningCode(warning.code),
            reason=warning.sentence,
        )


class DryRun(Schema):
    """What sending the rows would do. Nothing was stored, and nobody is told."""

    dry_run: bool = Field(True, description="Always true.")
    counts: Counts
    rejected_rows: list[Rejected] = Field(description="The first 1,000 of them, by line.")
    warnings: list[Warned] = Field(
        description="Rows that would be taken although something is doubtful: the first 1,000, by line."
    )


class Import(Schema):
    id: int
    state: State = Field(
        description="waiting and running come to an end by themselves; done: every row is counted; "
        "broken_off: send the same rows again.",
    )
    court: str
    received_at: dt.datetime
    ended_at: dt.datetime | None
    failure: str = Field(description="Why it was aborted; empty otherwise.")
    to_repair: bool = Field(
        description="Whether something of it is still missing: rows that no later import has taken, and of which no "
        "clerk has said why they do not come in."
    )
    counts: Counts
    rejected_rows: list[Rejected] = Field(description="One page of them, by line.")
    warnings: list[Warned] = Field(
        description="Rows that were taken although something is doubtful: the first 1,000, by line."
    )
    page: int
    pages: int


class ManifestState(StrEnum):
    WAITING = "waiting"
    COMPARED = "compared"


DifferenceKind = StrEnum("DifferenceKind", {kind.name: kind.value for kind in ManifestDifference.Kind})  # type: ignore[misc]  # members from the model


class DifferingEntries(Schema):
    missing: list[str] = Field([], description="At the court and not here: send them.")
    extra: list[str] = Field(
        [], description="Here and not at the court: withdraw them, or send what they became."
    )
    different: list[str] = Field([], description="In both, and not alike: send them again.")


class Difference(Schema):
    """A case or a day of which the court holds other entries than the service."""

    category: str | None = Field(None, description="Of a manifest by case.")
    year: int | None = None
    word: str | None = None
    number: int | None = None
    day: dt.date | None = Field(None, description="Of a manifest by day.")
    kind: DifferenceKind = Field(
        description="missing: nothing of it is here; extra: nothing of it is at the court; different: the entries are others."
    )
    entries_there: int = Field(description="How many the manifest says.")
    entries_here: int
    send_again: bool = Field(description="Whether sending all entries of this case or day again settles it.")
    entries: DifferingEntries | None = Field(
        None, description="Which entries, if the manifest named single entries."
    )

    @classmethod
    def of(cls, row: ManifestDifference) -> "Difference":
        return cls(
            **group_of_key(row.by, row.group).as_row(),
            kind=DifferenceKind(row.kind),
            entries_there=row.entries_there,
            entries_here=row.entries_here,
            send_again=row.kind != ManifestDifference.Kind.EXTRA,
            entries=DifferingEntries(**row.entries) if row.entries else None,
        )


class ManifestCounts(Schema):
    stated: int = Field(description="Groups (cases or days) that the manifest names.")
    equal: int = Field(description="Groups that agree.")
    different: int = Field(description="Groups that do not.")
    left_out: int = Field(
        description="Groups of which nothing is said: changed here after the manifest came, or cases that were merged."
    )


class ManifestAnswer(Schema):
    id: int
    state: ManifestState = Field(
        description="waiting: until what the court sent before the manifest is stored; compared."
    )
    url: str = Field(description="Where its state is found.")
    waits_for_imports: int = Field(description="How many earlier imports of the court have not ended.")
    received_at: dt.datetime
    compared_at: dt.datetime | None
    counts: ManifestCounts
    differences: list[Difference] = Field(description="One page of them, by case or day.")
    page: int
    pages: int


class RejectedFor(Schema):
    """How many rows of an import were rejected for one reason."""

    code: ReasonCode = Field(description="Why, for programs.")
    rows: int
    is_answered: bool = Field(description="Whether a clerk has said why they do not come in corrected.")


class OpenImport(Schema):
    """An import of which something is still missing."""

    id: int
    state: State
    received_at: dt.datetime
    reasons: list[RejectedFor] = Field(
        description="Its rejected rows by reason; none if nothing of it was read."
    )
    url: str = Field(description="Where its rejected rows are.")

    @classmethod
    def of(cls, run: ImportRun, url: str) -> "OpenImport":
        reasons = [
            RejectedFor(
                code=ReasonCode(group.code if group.code in SENTENCES else OTHER),
                rows=group.rows,
                is_answered=bool(group.answer),
            )
            for group in run.rejection_groups.all()
            if group.rows
        ]
        return cls(id=run.pk, state=State.of(run), received_at=run.started_at, reasons=reasons, url=url)


class OpenImports(Schema):
    imports: list[OpenImport] = Field(description="One page of them, the oldest first.")
    page: int
    pages: int


def _column_schema(column: columns.Column) -> dict[str, Any]:
    """Return what is best sent in a column. More is understood: see the guide."""
    schema = {**column.json_schema, "description": column.heading}
    return schema | {"maxLength": column.max_length} if column.max_length else schema


ROW_SCHEMA = {
    "type": "object",
    "title": "ProgressRow",
    "description": "One entry, under English keys or Chinese headings. /api/v1/reference has the codes and names.",
    "properties": {column.key: _column_schema(column) for column in columns.COLUMNS},
    "required": list(columns.REQUIRED),
}
MANIFEST_ROW_SCHEMA = {
    "type": "object",
    "title": "ManifestRow",
    "description": "A case (category, year, word, number) or a day, with entries and digest; or one entry of it, with entry_id.",
    "properties": {
        "category": {"type": "string"},
        "year": {"type": ["string", "integer"]},
        "word": {"type": "string"},
        "number": {"type": ["string", "integer"]},
        "day": {"type": "string", "description": "2026-09-24: the day on which the entries were recorded"},
        "entries": {"type": ["string", "integer"], "description": "how many entries the court holds of it"},
        "entry_id": {"type": "string", "description": "instead of entries: the digest is this entry's"},
        "digest": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
    },
    "required": ["digest"],
}
MANIFEST_EXAMPLE = {
    "category": "civil",
    "year": 115,
    "word": "訴",
    "number": 123,
    "entries": 2,
    "digest": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
}
EXAMPLE = {
    "court": "TPD",
    "category": "civil",
    "year": 115,
    "word": "訴",
    "number": 123,
    "entry_id": "2026-000123",
    "recorded_at": "2026-09-24T09:30",
    "kind": "準備程序",
    "detail": "兩造到庭",
}
