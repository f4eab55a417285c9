"""One row as sent → one clean row, or the reason why it cannot be taken."""

import datetime as dt
import re
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import NamedTuple

from django.utils.translation import gettext as _

from cpor_cases import calendars, case_numbers
from cpor_cases.case_numbers import fold_word
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
# The same few texts come again and again: what was made of them is kept, so many of them at most.
_KEPT = 4096
fold = lru_cache(_KEPT)(case_numbers.fold)
fold_figures = lru_cache(_KEPT)(case_numbers.fold_figures)
parse_moment = lru_cache(2 * _KEPT)(calendars.parse_moment)
_YES_NO = {"": False, "0": False, "no": False, "否": False, "1": True, "yes": True, "是": True}


class RowRejected(Exception):
    """The row cannot be taken; the message is the reason in the sender's language."""


class CleanRow(NamedTuple):
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


@dataclass
class Checker:
    """Checks rows against what is on record; everything looked up is read once and kept for the whole import."""

    sender: Court | None = None
    """Whose rows alone are taken; None takes any court's."""
    _words: dict[tuple[int, str], frozenset[str]] = field(default_factory=dict)
    _frames: dict[tuple, tuple[int, str, int, str]] = field(default_factory=dict)
    """Court, category, year and word as sent → as stored. Most rows of an export share one of a few hundred."""
    _kinds_as_sent: dict[str, int] = field(default_factory=dict)

    def look_up(self) -> None:
        """Read now what rows are checked against; checking them asks nothing more of the database."""
        self._courts, self._kinds, self._all_words  # noqa: B018

    @cached_property
    def _courts(self) -> dict[str, Court]:
        courts = list(Court.objects.all())
        by_name = {fold(name): court for court in courts for name in (court.name_zh, court.name_en)}
        return by_name | {court.code: court for court in courts}

    @cached_property
    def _kinds(self) -> dict[str, int]:
        kinds = list(ProgressKind.objects.all())
        return {fold(name): kind.pk for kind in kinds for name in (kind.name_en, kind.name_zh, kind.code)}

    @cached_property
    def _all_words(self) -> list[CaseWord]:
        return list(CaseWord.objects.only("category", "court_tier", "word"))

    def check(self, line: int, row: Row) -> CleanRow:
        """Return the clean row. Raises RowRejected with the first reason found."""
        if isinstance(row, SpoiltRow):
            raise RowRejected(row.reason)
        try:
            return self._quickly(line, row)
        except (KeyError, ValueError):
            return self._thoroughly(line, row)

    def _quickly(self, line: int, row: Row) -> CleanRow:
        """Return the clean row if all in it is plain or was seen before; else raise KeyError or ValueError.

        Promises what `_thoroughly` does, for the many rows that hold nothing unusual, at a third of the price.
        """
        frame = self._frames[row["court"], row["category"], row["year"], row["word"]]
        number, entry_id = row["number"], row["entry_id"].strip()
        division = fold_figures(row.get("division") or "").removesuffix("股")
        cause = fold_figures(row.get("cause") or "")
        detail = fold_figures(row.get("detail") or "")
        courtroom = fold_figures(row.get("courtroom") or "")
        hearing_at = row.get("hearing_at")
        if not (number.isdecimal() and number.isascii() and entry_id.isascii() and entry_id):
            raise ValueError
        if len(number) > 7 or len(entry_id) > 60 or len(detail) > 500 or len(courtroom) > 60:
            raise ValueError
        if not int(number) or len(division) > 19 or len(cause) > 200:
            raise ValueError
        return CleanRow(
            line,
            *frame,
            int(number),
            division,
            cause,
            entry_id,
            parse_moment(row["recorded_at"]),
            self._kinds_as_sent[row["kind"]],
            detail,
            parse_moment(hearing_at) if hearing_at else None,
            courtroom,
            _YES_NO[row.get("withdrawn") or ""],
        )

    def _thoroughly(self, line: int, row: Row) -> CleanRow:
        texts = {key: _tidy(key, row.get(key) or "") for key in HEADINGS}
        _require(texts)
        _limit(texts)
        court = self._court(texts["court"])
        category = _category(texts["category"])
        year = _whole_number("year", texts["year"].removesuffix("年度"), 1, 999)
        word = self._word(court, category, texts["word"])
        clean = CleanRow(
            line=line,
            court_id=court.pk,
            category=category,
            year=year,
            word=word,
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
        self._remember(row, clean)
        return clean

    def _remember(self, row: Row, clean: CleanRow) -> None:
        if len(self._frames) < _KEPT and len(self._kinds_as_sent) < _KEPT:
            frame = (row["court"], row["category"], row["year"], row["word"])
            self._frames[frame] = (clean.court_id, clean.category, clean.year, clean.word)
            self._kinds_as_sent[row["kind"]] = clean.kind_id

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
            words = (word for word in self._all_words if word.category == category)
            self._words[key] = frozenset(word.word for word in words if word.is_used_at(court))
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


def _tidy(key: str, text: str) -> str:
    if text.isascii():
        return text.strip()
    return fold_figures(text) if key in RUNNING_TEXT else fold(text)


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
