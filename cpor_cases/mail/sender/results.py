"""What a check of the sender finds."""

from dataclasses import dataclass
from enum import StrEnum


class Grade(StrEnum):
    GOOD = "ok"
    BETTER = "better"  # mail arrives without it
    MISSING = "MISSING"


@dataclass
class CheckResult:
    grade: Grade
    about: str
    words: str

    def __str__(self) -> str:
        """Return one line. What other people's servers answer cannot control the terminal."""
        line = f"{self.grade:8}{self.about}: {self.words}"
        return "".join(each if each.isprintable() else "\ufffd" for each in line)


def good(about: str, words: str) -> CheckResult:
    """Return the result of what is as it should be."""
    return CheckResult(Grade.GOOD, about, words)


def better(about: str, words: str) -> CheckResult:
    """Return the result of what should be improved, although mail arrives without it."""
    return CheckResult(Grade.BETTER, about, words)


def missing(about: str, words: str) -> CheckResult:
    """Return the result of what mail is refused for, or filed as spam."""
    return CheckResult(Grade.MISSING, about, words)
