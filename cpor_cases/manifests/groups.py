"""What a manifest counts by: a case or a day, and how each is named."""

import datetime as dt
from typing import Any, NamedTuple


class CaseGroup(NamedTuple):
    """A case by its number, as rows of an export name it."""

    category: str
    year: int
    word: str
    number: int

    @property
    def key(self) -> str:
        return f"{self.category}/{self.year}/{self.word}/{self.number}"

    @classmethod
    def of_key(cls, key: str) -> "CaseGroup":
        category, year, word, number = key.split("/")
        return cls(category, int(year), word, int(number))

    def as_row(self) -> dict[str, Any]:
        return self._asdict()


class DayGroup(NamedTuple):
    """The day of the court, in Taipei, on which entries were recorded."""

    day: dt.date

    @property
    def key(self) -> str:
        return self.day.isoformat()

    @classmethod
    def of_key(cls, key: str) -> "DayGroup":
        return cls(dt.date.fromisoformat(key))

    def as_row(self) -> dict[str, Any]:
        return {"day": self.key}


Group = CaseGroup | DayGroup


def group_of_key(by: str, key: str) -> Group:
    return CaseGroup.of_key(key) if by == "case" else DayGroup.of_key(key)
