"""The service's own figures, among them those of its rules."""

from .environment import env

QUERY_PERIOD_MONTHS = 2
ENDED_CASE_DAYS = 30  # for which a case whose query period is over stays listed, without its entries
ENTRIES_SHOWN = 3
ACTIVATION_LINK_DAYS = 7
ADDRESS_UNDO_DAYS = 7  # for which the mail to a replaced address can give it back
PASSWORD_RESETS_AN_HOUR = 3  # mails to one account; beyond that the page answers as always
PASSWORD_RESETS_A_DAY = 8
ACTIVATION_WRONG_NAMES = 5
HEARING_REMINDER_DAYS = [7, 3, 1]  # of which a person chooses
HEARING_REMINDER_DEFAULT = [7, 1]
# A hearing that is moved or called off so many days before or less is told at once, by telephone where no mail reaches.
URGENT_HEARING_DAYS = 7
QUERY_ENDING_DAYS = 14
CLARITY_LINK_DAYS = 60  # for which a mail's question whether it was clear can be answered
TYPED_ENTRY_HOLD_MINUTES = env.int("TYPED_ENTRY_HOLD_MINUTES", default=5, least=0)
PAGE_REVIEW_MONTHS = 12  # after which a public page is reviewed again
CALENDAR_MONTHS_BACK = 3  # hearings that are over stay in a person's calendar
CALENDAR_CALLED_OFF_DAYS = 30  # and one called off, marked so, after its day
CALENDAR_REFRESH_HOURS = 6  # how often calendar programs are asked to fetch again
MAIL_BATCH = 20
MAIL_SESSION_SECONDS = 5
MAIL_RETRY_HOURS = 72
# The interface for the courts' own systems
API_TOKEN_DAYS = env.int("API_TOKEN_DAYS", default=400)  # a year, and a month to change over
API_CALLS_A_MINUTE = env.int("API_CALLS_A_MINUTE", default=120)
API_MOST_BYTES = env.int("API_MOST_MB", default=100) * 1024 * 1024
# How long personal data is kept; `purge_expired` deletes it
KEEP_ENDED_ACCESS_MONTHS = env.int("KEEP_ENDED_ACCESS_MONTHS", default=6)
KEEP_REFUSED_APPLICATION_MONTHS = env.int("KEEP_REFUSED_APPLICATION_MONTHS", default=6)
KEEP_MAIL_ADDRESS_MONTHS = env.int("KEEP_MAIL_ADDRESS_MONTHS", default=12)
KEEP_UNDECIDED_APPLICATION_MONTHS = env.int("KEEP_UNDECIDED_APPLICATION_MONTHS", default=6)
# Of an account that was never activated, or that has no case any more.
KEEP_INACTIVE_ACCOUNT_MONTHS = env.int("KEEP_INACTIVE_ACCOUNT_MONTHS", default=6)
ACCOUNT_ENDING_NOTICE_DAYS = env.int("ACCOUNT_ENDING_NOTICE_DAYS", default=30)
KEEP_REJECTED_ROW_MONTHS = env.int("KEEP_REJECTED_ROW_MONTHS", default=6)
KEEP_SEARCH_TERM_MONTHS = env.int("KEEP_SEARCH_TERM_MONTHS", default=6)
KEEP_MAIL_FILE_DAYS = env.int("KEEP_MAIL_FILE_DAYS", default=30)
KEEP_SEARCH_DAYS = env.int("KEEP_SEARCH_DAYS", default=90)  # what staff typed into a search; litigants' a day
