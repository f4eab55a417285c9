"""Keeps signed links, e-mail addresses and quoted rows out of the logs.

No message of ours names a person. But a database that refuses a row quotes it, and a mail server the address it refuses.
"""

import logging
import re
from collections.abc import Callable

# Anybody can have a path of 64 KB logged, so both expressions take linear time: the lookbehind keeps a match from starting
# inside a word, which would take quadratic time.
_ADDRESS = re.compile(r"(?<![\w.+%'-])[\w.+%'-]+@[\w-]+(?:\.[\w-]+)+")
# PostgreSQL: Key (email)=(…) already exists. Failing row contains (…). A text of the row may have several lines: all that
# follows is taken for the row, up to where a traceback goes on.
_ROW = re.compile(
    r"(Key \([^=\n]{0,300}\)=|Failing row contains )"
    r"\((?:.|\n(?!\n?(?:The above exception|During handling|Traceback|CONTEXT:|HINT:)))*"
)
# What would begin a line of its own, or move the cursor of whoever reads the log in a terminal.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_FORMATTER = logging.Formatter()


def without_persons(text: str) -> str:
    """Return a message without e-mail addresses and quoted rows."""
    return _ADDRESS.sub("…@…", _ROW.sub(r"\1(…)", text))


def on_one_line(text: str) -> str:
    """Return `text` with each control character written as an escape, so that nobody forges a line of the log."""
    return _CONTROL.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


class RedactionFilter(logging.Filter):
    """Redacts a record, its arguments and its traceback, and keeps the message on one line.

    `blank_links` returns a text with the secrets of its links blanked: which links those are, their app knows.
    """

    def __init__(self, blank_links: Callable[[str], str] = str):
        super().__init__()
        self._blank_links = blank_links

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = on_one_line(self._redacted(record.getMessage()))
        record.args = None
        if record.exc_info:
            # Formatters use this text, if it is there, instead of formatting the traceback.
            record.exc_text = self._redacted(_FORMATTER.formatException(record.exc_info))
        record.stack_info = None
        return True

    def _redacted(self, text: str) -> str:
        return without_persons(self._blank_links(text))
