"""Case numbers: 115年度訴字第123號 is year of the Republic, case word and number."""

import re
import unicodedata
from typing import NamedTuple

from .spellings import spell_out, without_invisible

_WHOLE = re.compile(
    r"^(?P<court>[^\d,/-]+(?:法院|分院|地院|高院)(?:高等庭|地方庭)?)?(?:民國)?(?P<year>\d{1,3})(?:年度?)?[-/,]?"
    r"(?P<word>[^\d\s,/-][^\d,/-]*?)字?第?[-/,]?0*(?P<number>\d{1,7})號?"
    r"(?:民事|家事|刑事|行政)?(?:簡易)?(?:判決|裁定|事件|案件)?$"
)


class CaseNumber(NamedTuple):
    year: int
    word: str
    number: int

    def __str__(self) -> str:
        return f"{self.year}年度{self.word}字第{self.number}號"


def fold(text: str) -> str:
    """Return `text` with full-width figures, letters and brackets as narrow ones and no white space at the ends."""
    return unicodedata.normalize("NFKC", text).strip()


def fold_word(text: str) -> str:
    """Return a case word in its one spelling: 上更(一) of older lists is 上更一."""
    return re.sub(r"[\s()（）]", "", without_invisible(fold(text))).removesuffix("字")


def spellings_of_word(text: str) -> set[str]:
    """Return the spellings under which a case word may be on record: with 台 and with 臺 (台上, 臺上)."""
    word = fold_word(text)
    return {word, word.replace("台", "臺"), word.replace("臺", "台")}


def parse_case_number(text: str) -> CaseNumber | None:
    """Return the case number that `text` is, as lawyers and courts write it (115年度訴字第123號, 115訴123, 115-訴-123), or None.

    The name of a court before it and words such as 民事判決 after it are ignored.
    """
    found = _WHOLE.match(_without_gaps(text))
    if not found or not (1 <= int(found["year"]) <= 999 and int(found["number"]) > 0):
        return None
    return CaseNumber(int(found["year"]), fold_word(found["word"]), int(found["number"]))


def court_named_in(text: str) -> str:
    """Return the name of the court before a whole case number, in the spelling of `Court.name`; empty without one."""
    found = _WHOLE.match(_without_gaps(text))
    return spell_out((found and found["court"]) or "")


def _without_gaps(text: str) -> str:
    return re.sub(r"[\s()]", "", fold(text))
