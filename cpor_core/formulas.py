"""Protection against formula injection (CSV injection) in exported spreadsheets."""

import datetime as dt

from cpor_core.formfields import moment_as_typed

# What a spreadsheet begins a formula with. One set to Chinese or Japanese takes full-width signs as well.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def defuse(value) -> str:
    """Return a value as text that no spreadsheet takes for a formula; a plain negative number stays one."""
    if isinstance(value, dt.datetime):
        return moment_as_typed(value)
    text = "" if value is None else str(value)
    if text.startswith(FORMULA_SIGNS) and not text.removeprefix("-").replace(".", "", 1).isdecimal():
        return f"'{text}"
    return text
