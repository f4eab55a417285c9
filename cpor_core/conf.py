"""The settings of the apps: one dict, `CPOR`, in a project's settings. What it leaves out has the default that stands here.

Read as `conf.ENTRIES_SHOWN`. `cpor_core.checks` refuses names that are unknown and values that cannot be right.
"""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from csp.constants import SELF, UNSAFE_INLINE
from django.conf import settings


@dataclass(frozen=True)
class Setting:
    """One setting: what kind of value it takes, what it says, and its default, which may follow from other settings."""

    default: Any
    says: str
    kind: type | tuple[type, ...] = int
    least: int = 0

    def value(self) -> Any:
        return self.default() if isinstance(self.default, Callable) else self.default  # type: ignore[arg-type]


def _folder() -> str:
    return str(
        Path(tempfile.gettempdir())
        / f"cpor-{Path(settings.MEDIA_ROOT or 'site').as_posix().strip('/').replace('/', '-')}"
    )


# What no page needs, no page may ask a browser for: not even one into which a script was smuggled.
_ASKED_OF_BROWSERS = ["publickey-credentials-create", "publickey-credentials-get", "clipboard-write"]
_NEVER_ASKED = [
    "accelerometer",
    "autoplay",
    "camera",
    "clipboard-read",
    "display-capture",
    "encrypted-media",
    "fullscreen",
    "geolocation",
    "gyroscope",
    "hid",
    "idle-detection",
    "local-fonts",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "picture-in-picture",
    "screen-wake-lock",
    "serial",
    "usb",
    "xr-spatial-tracking",
]
_PERMISSIONS_POLICY = ", ".join(
    [*(f"{each}=(self)" for each in _ASKED_OF_BROWSERS), *(f"{each}=()" for each in _NEVER_ASKED)]
)

# Wagtail's rich text editor (Draftail) writes style elements as one types, with names made up each time, so that no hash
# could allow them; the fields for tags (tag-it, jQuery UI) write style attributes. Pictures are shown before they are
# uploaded. Scripts need no exception: those that Wagtail writes into its pages are replaced (cpor_core.office.widget_starters).
_OF_THE_OFFICE = {
    "style-src": [SELF, UNSAFE_INLINE],
    "img-src": [SELF, "data:", "blob:"],
    "frame-src": [SELF],
    "frame-ancestors": [SELF],
}

SETTINGS = {
    # The site
    "BASE_URL": Setting(
        lambda: getattr(settings, "WAGTAILADMIN_BASE_URL", "http://localhost:8000").rstrip("/"),
        "where the site is, for links in mails, feeds and files", str,
    ),
    "VAR_DIR": Setting(_folder, "a private folder that all processes of a machine share", (str, Path)),
    "REQUIRED_LANGUAGES": Setting(
        lambda: [settings.LANGUAGE_CODE],
        "languages in which editors give every text; in others readers may get the first language's", (list, tuple),
    ),
    "COOKIE_PREFIX": Setting("", "before the names of our own cookies: `__Host-` on a site with TLS alone", str),
    "REDIS_URL": Setting("", "the Redis server, where several machines share the version of cached content", str),
    "PAGE_CACHE_PAGES": Setting(0, "how many public pages a process caches whole; 0: parts of pages are not cached either"),
    "CONTENT_VERSION_FILE": Setting(
        lambda: str(Path(value("VAR_DIR")) / "content-version"),
        "the file by which the processes of one machine know that content has changed", str,
    ),
    "DEMO_DATA_ALLOWED": Setting(False, "whether `load_demo_data` may make demo people here", bool),
    # Headers, for who lists the middleware of `cpor_core.security_headers`
    "PERMISSIONS_POLICY": Setting(_PERMISSIONS_POLICY, "the header of this name on every response", str),
    "OFFICE_CONTENT_SECURITY_POLICY": Setting(
        lambda: getattr(settings, "CONTENT_SECURITY_POLICY", {}).get("DIRECTIVES", {}) | _OF_THE_OFFICE,
        "directives under which Wagtail's admin works", dict,
    ),
    # Parts of the service that can be switched off
    "HAS_API": Setting(True, "whether the courts' own systems may send data to the interface", bool),
    "HAS_CALENDAR_FEED": Setting(True, "whether a person's calendar program may fetch the hearings", bool),
    "HAS_PUBLIC_STATISTICS": Setting(True, "whether everybody may read how clear the entries were found and how soon people were told", bool),
    # Rules of the service
    "QUERY_PERIOD_MONTHS": Setting(2, "months after an ending entry in which a case can still be queried", least=1),
    "ENDED_CASE_DAYS": Setting(30, "days for which a case whose query period is over stays listed, without its entries"),
    "ENTRIES_SHOWN": Setting(3, "entries of each case that are shown", least=1),
    "ACTIVATION_LINK_DAYS": Setting(7, "days for which the link of an activation mail counts", least=1),
    "ACTIVATION_WRONG_NAMES": Setting(5, "wrong names that lock an activation link", least=1),
    "ADDRESS_UNDO_DAYS": Setting(7, "days for which the mail to a replaced address can give it back"),
    "QUERY_ENDING_DAYS": Setting(14, "days before the last day on which its mail goes out"),
    "TYPED_ENTRY_HOLD_MINUTES": Setting(5, "minutes for which what a clerk types can be taken back before anybody is told"),
    "HEARING_REMINDER_DAYS": Setting([7, 3, 1], "days before a hearing on which a person may be reminded", (list, tuple)),
    "HEARING_REMINDER_DEFAULT": Setting([7, 1], "those of them on which one is reminded without choosing", (list, tuple)),
    "URGENT_HEARING_DAYS": Setting(7, "a hearing so near that is moved or called off is told at once, if need be by telephone"),
    "CLARITY_LINK_DAYS": Setting(60, "days for which a mail's question whether it was clear can be answered"),
    "PAGE_REVIEW_MONTHS": Setting(12, "months after which a public page is reviewed again", least=1),
    "CALENDAR_MONTHS_BACK": Setting(3, "months for which hearings that are over stay in a person's calendar"),
    "CALENDAR_CALLED_OFF_DAYS": Setting(30, "days for which a hearing that was called off stays in it, marked so"),
    "CALENDAR_REFRESH_HOURS": Setting(6, "how often calendar programs are asked to fetch again", least=1),
    "PETITION_CODE_MINUTES": Setting(15, "minutes for which the code that proves the address of a petition counts at least", least=1),
    # Accounts
    "STAFF_MFA_REQUIRED": Setting(False, "whether staff need a second factor for the admin", bool),
    "SESSION_MAX_HOURS": Setting(12, "hours after which a log-in ends, however busy it is", least=1),
    "IDLE_WARNING_SECONDS": Setting(120, "seconds before an idle log-in ends in which it says so"),
    "PASSWORD_MAX_AGE_DAYS": Setting(0, "days after which a password must be changed; 0: never"),
    "PASSWORD_RESETS_AN_HOUR": Setting(3, "mails with a reset link to one account in an hour", least=1),
    "PASSWORD_RESETS_A_DAY": Setting(8, "and in a day", least=1),
    "ENROLMENT_LINK_HOURS": Setting(24, "hours in which staff set up their first second factor", least=1),
    "KNOWN_BROWSER_DAYS": Setting(400, "days for which a browser is known, so that no mail tells of a new one"),
    # Mail
    "MESSAGE_ID_DOMAIN": Setting(lambda: urlsplit(value("BASE_URL")).hostname or "localhost", "the domain of Message-IDs", str),
    "FORGED_MAILS_PAGE": Setting("", "where on the site the page on forged mails is, below the language: `forged-emails/`", str),
    "MAIL_BATCH": Setting(20, "mails that a worker takes at a time", least=1),
    "MAIL_SESSION_SECONDS": Setting(5, "seconds for which a worker goes on with one connection", least=1),
    "MAIL_RETRY_HOURS": Setting(72, "hours after which a mail that no server takes is given up", least=1),
    "MAIL_PER_MINUTE": Setting(0, "mails a minute, over all workers; 0: any number"),
    "MAIL_PER_MINUTE_TO": Setting({}, "the same by domain of the receiver; `*`: each other one", dict),
    "BOUNCES_URL": Setting("", "the mailbox of bounces: imaps://…, maildir:///…, mbox:///…", str),
    "DKIM_DOMAIN": Setting("", "the domain that signs mails", str),
    "DKIM_SELECTOR": Setting("", "and its selector", str),
    "DKIM_PRIVATE_KEY": Setting("", "the key with which mails are signed here, in PEM; empty: the relay signs", (str, bytes)),
    "DNS_RESOLVER": Setting("", "whom `check_sender` asks: an address, or address#port; empty: the machine's own", str),
    "CHECK_CODE_KEYS": Setting([], "what `rotate_secrets` printed, to read the check codes of mails of before", (list, tuple)),
    # The interface of the courts' own systems
    "API_TOKEN_DAYS": Setting(400, "days for which a token counts", least=1),
    "API_CALLS_A_MINUTE": Setting(120, "calls of one token in a minute", least=1),
    "API_MOST_BYTES": Setting(100 * 1024 * 1024, "bytes of one call", least=1),
    # How long personal data is kept; `purge_expired` deletes it
    "KEEP_ENDED_ACCESS_MONTHS": Setting(6, "months for which ended access is kept", least=1),
    "KEEP_REFUSED_APPLICATION_MONTHS": Setting(6, "refused applications", least=1),
    "KEEP_UNDECIDED_APPLICATION_MONTHS": Setting(6, "applications that nobody decided", least=1),
    "KEEP_MAIL_ADDRESS_MONTHS": Setting(12, "the addresses of sent mails", least=1),
    "KEEP_INACTIVE_ACCOUNT_MONTHS": Setting(6, "accounts that were never activated, or have no case any more", least=1),
    "ACCOUNT_ENDING_NOTICE_DAYS": Setting(30, "days before which the person is told of it", least=1),
    "KEEP_REJECTED_ROW_MONTHS": Setting(6, "rows that an import rejected", least=1),
    "KEEP_SEARCH_TERM_MONTHS": Setting(6, "what visitors searched for and did not find", least=1),
    "KEEP_MAIL_FILE_DAYS": Setting(30, "mails in files, of a site without a mail server", least=1),
    "KEEP_STAFF_INVITATION_DAYS": Setting(30, "days after its link expired for which an invitation that nobody accepted is kept", least=1),
    "KEEP_PETITION_DAYS": Setting(
        30, "days for which a petition filled in on the site waits for its paper, and is kept after the decision", least=1
    ),
    "KEEP_SEARCH_DAYS": Setting(90, "what staff typed into a search; litigants' a day", least=1),
}  # fmt: skip


def value(name: str) -> Any:
    """Return a setting, from the project or by default. Raises AttributeError for a name that is none of ours."""
    try:
        setting = SETTINGS[name]
    except KeyError:
        raise AttributeError(f"CPOR has no setting {name}") from None
    given = getattr(settings, "CPOR", {})
    return given[name] if name in given else setting.value()


def default(name: str) -> Any:
    """Return what a setting is where a project says nothing."""
    return SETTINGS[name].value()


def __getattr__(name: str) -> Any:
    return value(name)
