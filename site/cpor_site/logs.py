"""What logs must not hold: links that open something."""

import logging

from cpor_cases.secret_links import blanked


class SecretsFilter(logging.Filter):
    """Blanks the secret part of every address in a record, its arguments and its traceback's request line."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = blanked(record.getMessage())
        record.args = None
        return True
