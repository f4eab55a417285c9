"""Figures of the service that come from the environment. All of them, with what they are by default: cpor_core.conf."""

from cpor_core.conf import default

from .environment import env

_MEGABYTE = 1024 * 1024
SERVICE = {
    "HAS_API": env.bool("HAS_API", default=default("HAS_API")),
    "HAS_CALENDAR_FEED": env.bool("HAS_CALENDAR_FEED", default=default("HAS_CALENDAR_FEED")),
    "HAS_PUBLIC_STATISTICS": env.bool("HAS_PUBLIC_STATISTICS", default=default("HAS_PUBLIC_STATISTICS")),
    "TYPED_ENTRY_HOLD_MINUTES": env.int(
        "TYPED_ENTRY_HOLD_MINUTES", default=default("TYPED_ENTRY_HOLD_MINUTES"), least=0
    ),
    "API_TOKEN_DAYS": env.int("API_TOKEN_DAYS", default=default("API_TOKEN_DAYS")),
    "API_CALLS_A_MINUTE": env.int("API_CALLS_A_MINUTE", default=default("API_CALLS_A_MINUTE")),
    "KEEP_ENDED_ACCESS_MONTHS": env.int(
        "KEEP_ENDED_ACCESS_MONTHS", default=default("KEEP_ENDED_ACCESS_MONTHS")
    ),
    "KEEP_REFUSED_APPLICATION_MONTHS": env.int(
        "KEEP_REFUSED_APPLICATION_MONTHS", default=default("KEEP_REFUSED_APPLICATION_MONTHS")
    ),
    "KEEP_MAIL_ADDRESS_MONTHS": env.int(
        "KEEP_MAIL_ADDRESS_MONTHS", default=default("KEEP_MAIL_ADDRESS_MONTHS")
    ),
    "KEEP_UNDECIDED_APPLICATION_MONTHS": env.int(
        "KEEP_UNDECIDED_APPLICATION_MONTHS", default=default("KEEP_UNDECIDED_APPLICATION_MONTHS")
    ),
    "KEEP_INACTIVE_ACCOUNT_MONTHS": env.int(
        "KEEP_INACTIVE_ACCOUNT_MONTHS", default=default("KEEP_INACTIVE_ACCOUNT_MONTHS")
    ),
    "ACCOUNT_ENDING_NOTICE_DAYS": env.int(
        "ACCOUNT_ENDING_NOTICE_DAYS", default=default("ACCOUNT_ENDING_NOTICE_DAYS")
    ),
    "KEEP_REJECTED_ROW_MONTHS": env.int(
        "KEEP_REJECTED_ROW_MONTHS", default=default("KEEP_REJECTED_ROW_MONTHS")
    ),
    "KEEP_SEARCH_TERM_MONTHS": env.int("KEEP_SEARCH_TERM_MONTHS", default=default("KEEP_SEARCH_TERM_MONTHS")),
    "KEEP_MAIL_FILE_DAYS": env.int("KEEP_MAIL_FILE_DAYS", default=default("KEEP_MAIL_FILE_DAYS")),
    "KEEP_STAFF_INVITATION_DAYS": env.int(
        "KEEP_STAFF_INVITATION_DAYS", default=default("KEEP_STAFF_INVITATION_DAYS")
    ),
    "KEEP_SEARCH_DAYS": env.int("KEEP_SEARCH_DAYS", default=default("KEEP_SEARCH_DAYS")),
    "API_MOST_BYTES": env.int("API_MOST_MB", default=default("API_MOST_BYTES") // _MEGABYTE) * _MEGABYTE,
}
