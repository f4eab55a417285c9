"""Tables in Markdown."""

import re
from collections.abc import Iterable


def table(headings: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """Return a table; a cell keeps to one line, and no sign in it ends the cell."""
    headings = list(headings)
    lines = [headings, ["---"] * len(headings), *rows]
    return "".join(f"| {' | '.join(map(cell, line))} |\n" for line in lines)


def cell(value: object) -> str:
    return re.sub(r"\s+", " ", str(value)).strip().replace("|", r"\|")


def code(value: object) -> str:
    """Return a value as code; nothing where there is none."""
    return f"`{value}`" if str(value) else ""


def sentence(text: str | None) -> str:
    """Return the first paragraph of a docstring as one line, without the marks of code."""
    return re.sub(r"\s+", " ", (text or "").strip().split("\n\n")[0])
