"""What logs must not hold: links that open something, and what is known of a person.

No line of ours names anybody. But a database that refuses a row quotes it, and a mail server the address it refuses.
"""

import logging
import re

from cpor_cases.mail.links import blanked

# A path of 64 KB from anybody is logged as well: each expression looks at each character a few times at most, where one that
# may begin anywhere in a long word would look at the rest of it from each of its letters.
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
    """Return what is to be logged without secret links, e-mail addresses and quoted rows."""
    return _ADDRESS.sub("…@…", _ROW.sub(r"\1(…)", blanked(text)))


def on_one_line(text: str) -> str:
    """Return `text` with each control character written as an escape, so that nobody forges a line of the log."""
    return _CONTROL.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


class SecretsFilter(logging.Filter):
    """Blanks them in a record, its arguments and its traceback, and keeps the message on one line."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = on_one_line(without_persons(record.getMessage()))
        record.args = None
        if record.exc_info:
            # What formatters would make of it, and use if it is there.
            record.exc_text = without_persons(_FORMATTER.formatException(record.exc_info))
        return True
