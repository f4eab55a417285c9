"""Logs: one JSON object a line, never names, addresses, case numbers or links that open something."""

from importlib.util import find_spec
from typing import Any

from cpor_site.settings import values

from .environment import env

# The security log (JSON lines) goes to stderr like everything else, or to a file of its own.
SECURITY_LOG = env("SECURITY_LOG", read=values.file_to_write)
_SECURITY_HANDLER = (
    {"class": "logging.handlers.WatchedFileHandler", "filename": SECURITY_LOG, "encoding": "utf-8"}
    if SECURITY_LOG
    else {"class": "logging.StreamHandler"}
)
# Of our own lines, the access log among them.
LOG_LEVEL = env("LOG_LEVEL", default="INFO", read=values.log_level)
SENTRY_DSN = env("SENTRY_DSN", read=values.sentry_dsn)
if SENTRY_DSN and not find_spec("sentry_sdk"):
    env.refuse("SENTRY_DSN", "needs sentry-sdk: ./install requirements-sentry.txt")
    SENTRY_DSN = ""
REPORTS: dict[str, Any] = {
    "class": "cpor_site.error_reports.ReportHandler",
    "dsn": SENTRY_DSN,
    "filters": ["redaction", "context"],
}
WRITTEN_TO = ["stderr", *(["reports"] if SENTRY_DSN else [])]
HANDLERS: dict[str, dict[str, Any]] = {
    "stderr": {
        "class": "logging.StreamHandler",
        "formatter": "json",
        "filters": ["redaction", "context"],
    },
    "security": {"formatter": "json_line", "filters": ["redaction"]} | _SECURITY_HANDLER,
} | ({"reports": REPORTS} if SENTRY_DSN else {})
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {"()": "cpor_site.log_lines.JsonLine"},
        "line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"},  # for people: `make dev`
        "json_line": {"format": "%(message)s"},  # the message is the JSON
    },
    "filters": {
        "redaction": {
            "()": "cpor_core.log_redaction.RedactionFilter",
            "blank_links": "ext://cpor_cases.mail.links.blanked",
        },
        "context": {"()": "cpor_core.log_context.ContextFilter"},
    },
    "handlers": HANDLERS,
    "root": {"handlers": WRITTEN_TO, "level": "WARNING"},
    "loggers": {
        "cpor_cases": {"level": LOG_LEVEL},
        "cpor_core": {"level": LOG_LEVEL},
        "cpor_site": {"level": LOG_LEVEL},
        "cpor.access": {"level": LOG_LEVEL},
        "cpor.tasks": {"level": LOG_LEVEL},
        # The access log has every answer. Django's line has the path as well, in which people type what they look for.
        "django.request": {"level": "ERROR"},
        "cpor.security": {"handlers": ["security"], "level": "INFO", "propagate": False},
        # The server of `make dev` writes whole request lines, keys and all, by a handler of Django's own.
        "django.server": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
        # Whoever asks is told what is wrong; the log need not repeat it each time.
        "health_check": {"level": "CRITICAL"},
        "huey": {"handlers": WRITTEN_TO, "level": "WARNING", "propagate": False},
    },
}
