"""The lines of the log as JSON, one object each."""

import copy
import logging

from pythonjsonlogger.json import JsonFormatter

from cpor_core import log_context

FIELDS = (
    "time",
    "level",
    "logger",
    "message",
    *log_context.NAMES,
    "method",
    "route",
    "status",
    "ms",
    "outcome",
    "kind",
    "exc_info",
)


class JsonLine(JsonFormatter):
    """Writes the fields above and no others: what a library adds to a record may quote a request with all it holds."""

    def __init__(self):
        super().__init__(
            ["levelname", "name", "message"],
            rename_fields={"levelname": "level", "name": "logger"},
            timestamp="time",
            json_ensure_ascii=False,
        )

    def format(self, record: logging.LogRecord) -> str:
        if record.exc_text:  # redacted (`log_redaction`); the library would format the traceback anew
            record = copy.copy(record)
            record.exc_info = None
        return super().format(record)

    def add_fields(self, log_data, record, message_dict) -> None:
        super().add_fields(log_data, record, message_dict)
        for name in log_data.keys() - set(FIELDS):
            del log_data[name]
