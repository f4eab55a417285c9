"""One machine with nothing else: SQLite, the embedded queue, mail as files, everything below var/.

Every setting of an installation that grows past that comes from the environment; `.env.example` explains each.
"""

import os
from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF, UNSAFE_INLINE
from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key
from django.utils.translation import pgettext_lazy

from cpor_site.private_folder import make_private
from cpor_site.task_queue import SiteKeySerializer

BASE_DIR = Path(__file__).resolve().parents[3]

env = environ.Env()
env.read_env(BASE_DIR / ".env")

VAR_DIR = Path(env("VAR_DIR", default=str(BASE_DIR / "var")))
# Whatever a process of this site writes is its owner's alone; the few exceptions say so themselves.
os.umask(0o077)
try:
    make_private(VAR_DIR)
except PermissionError as error:
    raise ImproperlyConfigured(
        f"The folder {VAR_DIR} cannot be made, or is open to others and not yours to close ({error.strerror}). "
        "Make it yours, or set VAR_DIR."
    ) from error
except OSError as error:
    raise ImproperlyConfigured(
        f"The folder {VAR_DIR} cannot be made ({error.strerror}). Set VAR_DIR."
    ) from error
if not os.access(VAR_DIR, os.W_OK):
    raise ImproperlyConfigured(f"The folder {VAR_DIR} cannot be written to. Make it yours, or set VAR_DIR.")


def stored_secret_key(path: Path) -> str:
    """Return the secret key stored in `path`. Make it if it is missing, readable by its owner alone."""
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(get_random_secret_key(), encoding="ascii")
    return path.read_text(encoding="ascii")


# Security

DEBUG = False
SECRET_KEY = env("SECRET_KEY", default=None) or stored_secret_key(VAR_DIR / "secret-key")
# Keys of before, which still read what they signed or enciphered until `rotate_secrets` has been run.
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
BASE_URL = env("BASE_URL", default="http://localhost:8000").rstrip("/")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = [BASE_URL]
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"  # Wagtail's own previews say otherwise for themselves.
# What no page of the site needs, no page may ask a browser for: not even one into which a script was smuggled.
PERMISSIONS_POLICY = ", ".join(
    [
        *(
            "publickey-credentials-create=(self)",
            "publickey-credentials-get=(self)",
            "clipboard-write=(self)",
        ),
        *("accelerometer=()", "autoplay=()", "camera=()", "clipboard-read=()", "display-capture=()"),
        *(
            "encrypted-media=()",
            "fullscreen=()",
            "geolocation=()",
            "gyroscope=()",
            "hid=()",
            "idle-detection=()",
        ),
        *(
            "local-fonts=()",
            "magnetometer=()",
            "microphone=()",
            "midi=()",
            "payment=()",
            "picture-in-picture=()",
        ),
        *("screen-wake-lock=()", "serial=()", "usb=()", "xr-spatial-tracking=()"),
    ]
)
COOKIE_PREFIX = ""  # of every cookie of ours; production says __Host-
SESSION_COOKIE_NAME = "sessionid"
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_NAME = "csrftoken"
CSRF_COOKIE_HTTPONLY = True  # scripts read the token from the page
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
MESSAGE_STORAGE = "cpor_core.message_cookies.MessageStorage"
# Half an hour without a request ends a log-in; each request begins it anew (cpor_cases.accounts.middleware.sessions.IdleMiddleware).
SESSION_COOKIE_AGE = 30 * 60
SESSION_MAX_HOURS = env.int("SESSION_MAX_HOURS", default=12)  # after which a log-in ends, however busy it is
IDLE_WARNING_SECONDS = 2 * 60
SESSION_COOKIE_SAMESITE = "Lax"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "object-src": [NONE],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
# Wagtail's rich text editor (Draftail) writes style elements as one types, with names made up each time, so that no hash
# could allow them; the fields for tags (tag-it, jQuery UI) write style attributes. Pictures are shown before they are
# uploaded. Scripts need no exception: those that Wagtail writes into its pages are replaced (cpor_core.office.widget_starters).
OFFICE_CONTENT_SECURITY_POLICY = CONTENT_SECURITY_POLICY["DIRECTIVES"] | {
    "style-src": [SELF, UNSAFE_INLINE],
    "img-src": [SELF, "data:", "blob:"],
    "frame-src": [SELF],
    "frame-ancestors": [SELF],
}

# Applications

INSTALLED_APPS = [
    "cpor_site",
    "cpor_pages",
    "cpor_cases",
    "cpor_core",
    "wagtail.contrib.settings",
    "wagtail.contrib.simple_translation",
    "wagtail.contrib.redirects",
    "wagtail.locales",
    "wagtail.embeds",
    "wagtail.sites",
    "cpor_cases.office.staff.users_config.StaffAccountsConfig",  # wagtail.users, for accounts of staff alone
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "rest_framework",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "huey.contrib.djhuey",
    "csp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "django.forms",
]

MIDDLEWARE = [
    # Outermost: all that is logged during a request carries its id.
    "cpor_core.request_ids.RequestIdMiddleware",
    # What adds headers comes before everything that may answer by itself: redirects, files, refusals, failures.
    "cpor_core.security_headers.SecurityHeadersMiddleware",
    "cpor_core.security_headers.ContentSecurityPolicyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "cpor_core.http_methods.MethodsMiddleware",
    "cpor_cases.api.plain_http.RequireTLSMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "cpor_site.health.HealthMiddleware",  # before all that asks the database
    "cpor_cases.accounts.middleware.browser_caches.ClearOnLogOutMiddleware",
    "cpor_cases.accounts.middleware.sessions.SessionMiddleware",
    "cpor_cases.accounts.middleware.sessions.IdleMiddleware",
    "cpor_cases.accounts.middleware.security_log.SecurityLogMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "cpor_cases.accounts.middleware.browser_caches.NeverCacheMiddleware",
    "cpor_core.huge_numbers.HugeNumbersMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "cpor_cases.accounts.middleware.sessions.SessionLimitMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "cpor_cases.accounts.middleware.sessions.UserSessionsMiddleware",
    "cpor_cases.accounts.middleware.gates.StaffSecondFactorMiddleware",
    "cpor_cases.accounts.middleware.gates.PasswordAgeMiddleware",
    "cpor_cases.actions.viewing.ViewingMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
    "cpor_cases.accounts.middleware.gates.LargeBodiesMiddleware",  # before the body is read by anybody
    "cpor_core.sent_forms.SentFormsMiddleware",
]

ROOT_URLCONF = "cpor_site.urls"
WSGI_APPLICATION = "cpor_site.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "wagtail.contrib.settings.context_processors.settings",
            ],
        },
    },
]
FORM_RENDERER = "cpor_core.form_renderer.AccessibleFormRenderer"

# Database, cache and queue

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
IS_DATABASE_CONFIGURED = bool(env("DATABASE_URL", default=""))
DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'site.sqlite3'}")}
# WAL with immediate transactions: with deferred ones, four writers get "database is locked".
# Full synchronisation: a court must not lose its last commits in a power cut.
# What is deleted is overwritten: a purged name must not be left in the file.
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA secure_delete=ON;",
}
# How long a page waits for a new connection, for a row that somebody else holds, and for one statement, in seconds. Only
# the first holds for workers and commands as well: imports, purges and migrations may take as long as they need.
DATABASE_CONNECT_SECONDS = env.int("DATABASE_CONNECT_SECONDS", default=3)
DATABASE_LOCK_SECONDS = env.int("DATABASE_LOCK_SECONDS", default=5)
DATABASE_STATEMENT_SECONDS = env.int("DATABASE_STATEMENT_SECONDS", default=10)
# With less space in a folder in which it writes, /readyz warns.
DISK_FREE_MB = env.int("DISK_FREE_MB", default=500)
# A connection opened anew for each request costs a public page 4 of its 16 ms with SQLite.
DATABASES["default"].setdefault("CONN_MAX_AGE", 60)
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = SQLITE_OPTIONS
    DATABASE_WEB_OPTIONS = {"timeout": DATABASE_LOCK_SECONDS}
else:
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    DATABASES["default"]["ENGINE"] = "cpor_site.postgresql"
    # Of a machine that is gone, TCP hears after a minute, not after hours.
    DATABASES["default"]["OPTIONS"] = {
        "connect_timeout": DATABASE_CONNECT_SECONDS,
        "keepalives_idle": 30,
        "keepalives_interval": 10,
        "keepalives_count": 3,
        "tcp_user_timeout": 60_000,
    } | DATABASES["default"].get("OPTIONS", {})
    DATABASE_WEB_OPTIONS = {
        "options": f"{DATABASES['default']['OPTIONS'].get('options', '')}"
        f" -c statement_timeout={DATABASE_STATEMENT_SECONDS}s -c lock_timeout={DATABASE_LOCK_SECONDS}s".lstrip(),
        "answer_within": DATABASE_STATEMENT_SECONDS + 1,  # one that keeps no time-out is silent
    }

REDIS_URL = env("REDIS_URL", default="")
# Rate limits count in the cache, so all processes must share it.
DATABASE_CACHE = {
    "BACKEND": "django.core.cache.backends.db.DatabaseCache",
    "LOCATION": "cache",
    "OPTIONS": {"MAX_ENTRIES": 100_000},  # Django's 300 would throw counts of failed log-ins away
}
if REDIS_URL:
    CACHES = {
        "default": {
            "BACKEND": "cpor_site.cache.SignedRedisCache",
            "LOCATION": REDIS_URL,
            "OPTIONS": {"LIMITS_CACHE": "limits"},
        },
        "limits": DATABASE_CACHE,  # while Redis is away
    }
else:
    CACHES = {"default": DATABASE_CACHE}

# Wagtail would write each picture of a page into the cache each time the page is made: a row to read is cheaper.
CACHES["renditions"] = {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}

HUEY = {
    "name": "cpor",
    "immediate": False,
    "results": True,
    "serializer": SiteKeySerializer(),
    "consumer": {
        "workers": env.int("WORKERS", default=3),  # one of them is never an import's
        "worker_type": "thread",
        "initial_delay": 0.1,
        "max_delay": 2,
        "check_worker_health": True,
    },
}
if REDIS_URL:
    HUEY |= {"huey_class": "cpor_site.task_queue.RedisQueue", "connection": {"url": REDIS_URL}}
else:
    # A file apart from the site's: the queue's many small writes must not wait for the site's.
    HUEY |= {
        "huey_class": "cpor_site.task_queue.SqliteQueue",
        "connection": {"filename": str(VAR_DIR / "queue.sqlite3")},
    }

# How many public pages each worker caches for anonymous visitors. By this file the workers of one machine know of changes.
PAGE_CACHE_PAGES = env.int("PAGE_CACHE_PAGES", default=500)
CONTENT_VERSION_FILE = str(VAR_DIR / "content-version")

# Wagtail's own background work (search index, reference index) runs on the same queue, after the commit: a worker that is
# quicker than the commit would find no page, or the one before.
TASKS = {"default": {"BACKEND": "huey.contrib.djhuey.tasks_backend.HueyBackend", "ENQUEUE_ON_COMMIT": True}}

# Mail

DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="no-reply@localhost")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
MESSAGE_ID_DOMAIN = env("MESSAGE_ID_DOMAIN", default=urlsplit(BASE_URL).hostname)
EMAIL_URL = env("EMAIL_URL", default="")
if EMAIL_URL:
    _mail_server = env.email_url("EMAIL_URL")
    EMAIL_BACKEND = "cpor_cases.mail.smtp.SMTPBackend"
    EMAIL_HOST = _mail_server["EMAIL_HOST"]
    EMAIL_PORT = _mail_server["EMAIL_PORT"]
    EMAIL_HOST_USER = _mail_server["EMAIL_HOST_USER"] or ""
    EMAIL_HOST_PASSWORD = _mail_server["EMAIL_HOST_PASSWORD"] or ""
    EMAIL_USE_TLS = _mail_server.get("EMAIL_USE_TLS", False)
    EMAIL_USE_SSL = _mail_server.get("EMAIL_USE_SSL", False)
else:
    EMAIL_BACKEND = "cpor_cases.mail.eml_files.EmlFileBackend"
# The mailbox of bounces: imaps://…, maildir:///…, mbox:///…. Empty: none is read.
BOUNCES_URL = env("BOUNCES_URL", default="")
EMAIL_FILE_PATH = str(VAR_DIR / "mail")
EMAIL_TIMEOUT = 30
# How many mails a minute the servers take, over all workers: of all mail, and by domain (`*`: each other one). 0: any.
MAIL_PER_MINUTE = env.int("MAIL_PER_MINUTE", default=0)
MAIL_PER_MINUTE_TO = env.dict("MAIL_PER_MINUTE_TO", cast={"value": int}, default={})

# Accounts

AUTH_USER_MODEL = "cpor_site.User"
AUTHENTICATION_BACKENDS = ["cpor_cases.accounts.login_backend.LogInBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["username", "email"]},
    },
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "cpor_cases.accounts.passwords.BreachedPasswordValidator"},
    {"NAME": "cpor_cases.accounts.passwords.WordsOfTheServiceValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "cpor_cases.accounts.passwords.NotARecentPasswordValidator", "OPTIONS": {"latest": 3}},
]
PASSWORD_MAX_AGE_DAYS = env.int("PASSWORD_MAX_AGE_DAYS", default=0)  # 0: passwords do not age
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "cpor_cases:cases"

ACCOUNT_ADAPTER = "cpor_cases.accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "change_password": "cpor_cases.accounts.calendar_ending.ChangePasswordForm",
    "reset_password_from_key": "cpor_cases.accounts.calendar_ending.ResetPasswordKeyForm",
    "add_email": "cpor_cases.accounts.forms.ChangeAddressForm",
    "login": "cpor_cases.accounts.forms.LoginForm",
    "reset_password": "cpor_cases.accounts.forms.ResetPasswordForm",
}
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # The activation link is the proof that the address is the person's.
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_USERNAME_MIN_LENGTH = 4
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_RATE_LIMITS = {
    "reset_password": "20/m/ip",  # how many go to one account: PASSWORD_RESETS_AN_HOUR, silently
    "login_failed": "30/m/ip,5/15m/key",  # its key is the account and the internet address (login_limits.py)
    "login_failed_anywhere": "50/h/key",
    "change_address": "5/h/user,10/d/user",
    "confirm_email": "3/h/key,5/d/key",  # its key is the address that is asked for
    "activate": "20/m/ip",
    "renew_link": "10/m/ip,3/h/key",
    "answer_vote": "10/m/ip",
    "search_miss": "20/m/ip",
    "passkey_challenge": "60/m/ip",
    "hearing_feed": "60/m/ip",
    "data_download": "5/h/user",
}
USERSESSIONS_TRACK_ACTIVITY = True
MFA_ADAPTER = "cpor_cases.accounts.mfa_adapter.MFAAdapter"
MFA_FORMS = {
    "activate_totp": "cpor_cases.accounts.mfa_forms.AddAppForm",
    "authenticate": "cpor_cases.accounts.mfa_forms.LogInCodeForm",
    "reauthenticate": "cpor_cases.accounts.mfa_forms.ConfirmCodeForm",
    "add_webauthn": "cpor_cases.accounts.mfa_forms.AddPasskeyForm",
    "edit_webauthn": "cpor_cases.accounts.mfa_forms.RenamePasskeyForm",
    "login_webauthn": "cpor_cases.accounts.mfa_forms.LogInPasskeyForm",
}
MFA_SUPPORTED_TYPES = ["webauthn", "totp", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_ALLOW_UNVERIFIED_EMAIL = (
    True  # An account is born with a proven address; a change in hand must block nothing.
)
STAFF_MFA_REQUIRED = env.bool("STAFF_MFA_REQUIRED", default=False)
ENROLMENT_LINK_HOURS = 24  # in which staff set up their first second factor
KNOWN_BROWSER_DAYS = 400  # browsers keep no cookie longer
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)
SESSION_EXPIRE_AT_BROWSER_CLOSE = True

# Languages and time

LANGUAGE_CODE = "zh-hant"
LANGUAGES = [
    ("zh-hant", pgettext_lazy("language", "Traditional Chinese")),
    ("en", pgettext_lazy("language", "English")),
]
# In these an editor gives every text. In a language that is only in LANGUAGES a text may be missing: readers get the first's.
REQUIRED_LANGUAGES = ["zh-hant", "en"]
# Our own texts first; then those that Wagtail and Django leave untranslated, apart from what `make messages` collects.
LOCALE_PATHS = [BASE_DIR / "locale", BASE_DIR / "locale" / "supplement"]
FORMAT_MODULE_PATH = "cpor_site.formats"
TIME_ZONE = "Asia/Taipei"
USE_I18N = True
USE_TZ = True

# Files

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "site" / "static"]
STATIC_ROOT = VAR_DIR / "static"
MEDIA_URL = "/media/"
MEDIA_ROOT = env("MEDIA_ROOT", default=str(VAR_DIR / "media"))
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        # A folder of its own may be read by a web server that runs as another user: set MEDIA_ROOT for that.
        "OPTIONS": {"file_permissions_mode": 0o644, "directory_permissions_mode": 0o755}
        if env("MEDIA_ROOT", default="")
        else {},
    },
    "staticfiles": {"BACKEND": "cpor_site.static_files.JoinedStylesStorage"},
}
WHITENOISE_IMMUTABLE_FILE_TEST = r"^.+\.[0-9a-f]{12}\..+$"
WHITENOISE_ALLOW_ALL_ORIGINS = False  # the styles and scripts are for this site's pages alone
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

# Wagtail

WAGTAIL_SITE_NAME = "案件進度線上查詢服務"
WAGTAIL_I18N_ENABLED = True
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES
WAGTAILADMIN_BASE_URL = BASE_URL
WAGTAILADMIN_LOGIN_URL = "/accounts/login/"
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "cpor_site.search_backend"}}
WAGTAILDOCS_EXTENSIONS = ["odt", "ods", "pdf", "docx", "csv"]
WAGTAILDOCS_DOCUMENT_FORM_BASE = "cpor_pages.documents.forms.DocumentForm"  # judges by content
WAGTAILDOCS_MAX_UPLOAD_SIZE = 10 * 1024 * 1024
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAILEMBEDS_FINDERS: list[
    dict
] = []  # no page embeds anything, so no editor can have the server fetch from elsewhere
# Hearings are of Taipei: nobody in the office reads or types them in another place's time.
WAGTAIL_USER_TIME_ZONES = [TIME_ZONE]
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False

# The service's own figures (design: rules of the service)

QUERY_PERIOD_MONTHS = 2
ENTRIES_SHOWN = 3
ACTIVATION_LINK_DAYS = 7
ADDRESS_UNDO_DAYS = 7  # for which the mail to a replaced address can give it back
PASSWORD_RESETS_AN_HOUR = 3  # mails to one account; beyond that the page answers as always
PASSWORD_RESETS_A_DAY = 8
ACTIVATION_WRONG_NAMES = 5
HEARING_REMINDER_DAYS = [7, 1]
QUERY_ENDING_DAYS = 14
TYPED_ENTRY_HOLD_MINUTES = env.int("TYPED_ENTRY_HOLD_MINUTES", default=5)
PAGE_REVIEW_MONTHS = 12  # after which a public page is looked at again
CALENDAR_MONTHS_BACK = 3  # hearings that are over stay in a person's calendar
CALENDAR_CALLED_OFF_DAYS = 30  # and one called off, marked so, after its day
CALENDAR_REFRESH_HOURS = 6  # how often calendar programs are asked to fetch again
MAIL_BATCH = 20
MAIL_TURN_SECONDS = 5
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

# Logs: never names, addresses, case numbers or links that open something

# The security log (JSON lines) goes to stderr like everything else, or to a file of its own.
SECURITY_LOG = env("SECURITY_LOG", default="")
_SECURITY_HANDLER = (
    {"class": "logging.handlers.WatchedFileHandler", "filename": SECURITY_LOG, "encoding": "utf-8"}
    if SECURITY_LOG
    else {"class": "logging.StreamHandler"}
)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"},
        "json_line": {"format": "%(message)s"},  # the message is the JSON
    },
    "filters": {
        "redaction": {
            "()": "cpor_core.log_redaction.RedactionFilter",
            "blank_links": "ext://cpor_cases.mail.links.blanked",
        },
        "request": {"()": "cpor_core.request_ids.RequestIdFilter"},
    },
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["redaction", "request"],
        },
        "security": {"formatter": "json_line", "filters": ["redaction"]} | _SECURITY_HANDLER,
    },
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "cpor_cases": {"level": "INFO"},
        "cpor_core": {"level": "INFO"},
        "cpor.security": {"handlers": ["security"], "level": "INFO", "propagate": False},
        # The server of `make dev` writes whole request lines, keys and all, by a handler of Django's own.
        "django.server": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
        # Whoever asks is told what is wrong; the log need not repeat it each time.
        "health_check": {"level": "CRITICAL"},
        "huey": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
    },
}
