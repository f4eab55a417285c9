"""What logs must not hold: links that open something."""

import logging
import re

# /accounts/activate/…, /accounts/password/reset/key/…, /accounts/confirm-email/…, /cases/unsubscribe/…, ?key=…
_SECRETS = re.compile(r"(/(?:activate|key|confirm-email|unsubscribe)/|[?&]key=)[^/?&\s'\"]+")


class SecretsFilter(logging.Filter):
    """Blanks the secret part of every address in a record, its arguments and its traceback's request line."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = _SECRETS.sub(r"\1…", record.getMessage())
        record.args = None
        return True
