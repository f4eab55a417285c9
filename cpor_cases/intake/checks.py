"""One row as sent → one clean row, or the reason why it cannot be taken."""

import datetime as dt
import re
from dataclasses import dataclass, field
from functools import cached_property

from django.utils.translation import gettext as _

from cpor_cases.calendars import parse_moment
from cpor_cases.case_numbers import fold, fold_figures, fold_word
from cpor_cases.models import CaseWord, Category, Court, ProgressKind

from .formats import HEADINGS, REQUIRED, Row, SpoiltRow

RUNNING_TEXT = {"division", "cause", "detail", "courtroom"}
LONGEST = {"division": 20, "cause": 200, "entry_id": 60, "detail": 500, "courtroom": 60}
_CATEGORIES = {
    **{value: value for value in Category.values},
    "民事": Category.CIVIL,
    "家事": Category.FAMILY,
    "刑事": Category.CRIMINAL,
    "行政": Category.ADMINISTRATIVE,
}
_YES_NO = {"": False, "0": False, "no": False, "否": False, "1": True, "yes": True, "是": True}


class RowRejected(Exception):
    """The row cannot be taken; the message is the reason in the sender's language."""


@dataclass(frozen=True, slots=True)
class CleanRow:
    """One row that can be stored: rows of the database by key, moments aware, texts folded."""

    line: int
    court_id: int
    category: str
    year: int
    word: str
    number: int
    division: str
    cause: str
    entry_id: str
    recorded_at: dt.datetime
    kind_id: int
    detail: str
    hearing_at: dt.datetime | None
    courtroom: str
    withdrawn: bool

    @property
    def case_key(self) -> tuple:
        return (self.court_id, self.category, self.year, self.word, self.number)

    @property
    def entry_key(self) -> tuple[int, str]:
        return (self.court_id, self.entry_id)


@dataclass
class Checker:
    """Checks rows against what is on record; everything looked up is read once and kept for the whole import."""

    sender: Court | None = None
    """Whose rows alone are taken; None takes any court's."""
    _words: dict[tuple[int, str], frozenset[str]] = field(default_factory=dict)

    @cached_property
    def _courts(self) -> dict[str, Court]:
        courts = list(Court.objects.all())
        by_name = {fold(name): court for court in courts for name in (court.name_zh, court.name_en)}
        return by_name | {court.code: court for court in courts}

    @cached_property
    def _kinds(self) -> dict[str, int]:
        kinds = list(ProgressKind.objects.all())
        return {fold(name): kind.pk for kind in kinds for name in (kind.name_en, kind.name_zh, kind.code)}

    def check(self, line: int, row: Row) -> CleanRow:
        """Return the clean row. Raises RowRejected with the first reason found."""
        if isinstance(row, SpoiltRow):
            raise RowRejected(row.reason)
        texts = {key: (fold_figures if key in RUNNING_TEXT else fold)(row.get(key) or "") for key in HEADINGS}
        _require(texts)
        _limit(texts)
        court = self._court(texts["court"])
        category = _category(texts["category"])
        return CleanRow(
            line=line,
            court_id=court.pk,
            category=category,
            year=_whole_number("year", texts["year"].removesuffix("年度"), 1, 999),
            word=self._word(court, category, texts["word"]),
            number=_whole_number(
                "number", texts["number"].removesuffix("號").removeprefix("第"), 1, 9_999_999
            ),
            division=texts["division"].removesuffix("股"),
            cause=texts["cause"],
            entry_id=texts["entry_id"],
            recorded_at=_moment("recorded_at", texts["recorded_at"]),
            kind_id=self._kind(texts["kind"]),
            detail=texts["detail"],
            hearing_at=_moment("hearing_at", texts["hearing_at"]) if texts["hearing_at"] else None,
            courtroom=texts["courtroom"],
            withdrawn=_yes_or_no("withdrawn", texts["withdrawn"]),
        )

    def entry_key(self, row: Row) -> tuple[int, str] | None:
        """Return what names the entry (court, entry_id), as far as it can be told before the row is checked."""
        court = self._courts.get(_court_key(fold(row.get("court") or "")))
        entry_id = fold(row.get("entry_id") or "")
        return (court.pk, entry_id) if court and entry_id else None

    def _court(self, text: str) -> Court:
        court = self._courts.get(_court_key(text))
        if court is None:
            raise RowRejected(
                _("%(heading)s: no court has the code or name “%(text)s”.") % _named("court", text)
            )
        if self.sender is not None and court != self.sender:
            raise RowRejected(
                _("%(heading)s: “%(text)s” is another court than the sender's.") % _named("court", text)
            )
        return court

    def _word(self, court: Court, category: str, text: str) -> str:
        key = (court.pk, category)
        if key not in self._words:
            words = CaseWord.objects.of_court(court, category).values_list("word", flat=True)
            self._words[key] = frozenset(words)
        word = fold_word(text)
        if word not in self._words[key]:
            raise RowRejected(
                _("%(heading)s: “%(text)s” is not a word of this court in this category.")
                % _named("word", text)
            )
        return word

    def _kind(self, text: str) -> int:
        try:
            return self._kinds[text]
        except KeyError:
            raise RowRejected(
                _("%(heading)s: “%(text)s” is not a kind of progress entry.") % _named("kind", text)
            ) from None


def _court_key(text: str) -> str:
    return text.upper() if re.fullmatch(r"[A-Za-z]{2,5}", text) else text


def _named(key: str, text: str) -> dict[str, str]:
    return {"heading": HEADINGS[key], "text": text[:80]}


def _require(texts: dict[str, str]) -> None:
    missing = [HEADINGS[key] for key in REQUIRED if not texts[key]]
    if missing:
        raise RowRejected(_("Nothing is given for: %(missing)s.") % {"missing": "、".join(missing)})


def _limit(texts: dict[str, str]) -> None:
    for key, longest in LONGEST.items():
        if len(texts[key]) > longest:
            sentence = _("%(heading)s: %(length)d characters are too many; %(longest)d are allowed.")
            raise RowRejected(
                sentence % {"heading": HEADINGS[key], "length": len(texts[key]), "longest": longest}
            )


def _category(text: str) -> str:
    try:
        return _CATEGORIES[text.lower()]
    except KeyError:
        raise RowRejected(
            _("%(heading)s: “%(text)s” is none of civil, family, criminal, administrative.")
            % _named("category", text)
        ) from None


def _whole_number(key: str, text: str, least: int, most: int) -> int:
    if re.fullmatch(r"[0-9]{1,9}", text) and least <= int(text) <= most:
        return int(text)
    sentence = _("%(heading)s: “%(text)s” is not a whole number from %(least)d to %(most)d.")
    raise RowRejected(sentence % {**_named(key, text), "least": least, "most": most})


def _moment(key: str, text: str) -> dt.datetime:
    try:
        return parse_moment(text)
    except ValueError as error:
        raise RowRejected(f"{HEADINGS[key]}: {error}") from None


def _yes_or_no(key: str, text: str) -> bool:
    try:
        return _YES_NO[text.lower()]
    except KeyError:
        raise RowRejected(_("%(heading)s: “%(text)s” is neither yes nor no.") % _named(key, text)) from None
