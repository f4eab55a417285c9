"""docs/decisions/README.md: the records in their order, each with the first sentence of its decision."""

import re
from pathlib import Path

from .tables import table

PATH = "decisions/README.md"
FOLDER = Path(__file__).resolve().parents[2] / "docs" / "decisions"
HEAD = """# Decisions

Why it is built this way, and what was weighed and left: a record for what others will ask about. Written by `make docs` from the records, each with the
first sentence of its decision. A new one takes the next number and the parts of the others: context, what was weighed, decision,
consequences, in 15 to 30 lines.

"""


def text() -> str:
    """Return the page."""
    return HEAD + table(["", "decision", "in one sentence"], map(_row, records()))


def records() -> list[Path]:
    return sorted(FOLDER.glob("[0-9]*.md"))


def _row(path: Path) -> tuple[str, str, str]:
    record = path.read_text(encoding="utf-8")
    [title] = re.findall(r"\A# (?:\d+\. )?(.+)", record)
    [decision] = re.findall(r"^\*\*Decision\.\*\* (.+?)(?=\n\n|\Z)", record, re.MULTILINE | re.DOTALL)
    return path.name[:4], f"[{title}]({path.name})", first_sentence(decision)


def first_sentence(text: str) -> str:
    """Return a text up to the first full stop (or colon before a list) that a blank follows."""
    text = re.sub(r"\s+", " ", text)
    match = re.match(r".+?[.!?](?=\s+[A-Z`“]|$)", text)
    return match.group() if match else text
