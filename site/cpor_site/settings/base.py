"""One machine with nothing else: SQLite, the embedded queue, mail as files, everything below var/.

Every setting of an installation that grows past that comes from the environment; `.env.example` explains each. The
settings stand in `parts/`, a module a subject; here is what the project is made of.
"""

from . import values
from .parts.accounts import *  # noqa: F403
from .parts.accounts import ACCOUNTS
from .parts.databases import *  # noqa: F403
from .parts.databases import IS_DATABASE_CONFIGURED, PAGE_CACHE_PAGES, REDIS_URL
from .parts.environment import *  # noqa: F403
from .parts.environment import BASE_DIR, VAR_DIR, env
from .parts.languages import *  # noqa: F403
from .parts.languages import REQUIRED_LANGUAGES
from .parts.logs import *  # noqa: F403
from .parts.mail import *  # noqa: F403
from .parts.mail import MAIL
from .parts.media import *  # noqa: F403
from .parts.media import MEDIA_STORAGE
from .parts.metrics import *  # noqa: F403
from .parts.security import *  # noqa: F403
from .parts.security import BASE_URL
from .parts.service import SERVICE
from .parts.wagtail import *  # noqa: F403

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
    "cpor_core.access_log.AccessLogMiddleware",
    # What adds headers comes before everything that may answer by itself: redirects, files, refusals, failures.
    "cpor_core.security_headers.SecurityHeadersMiddleware",
    "cpor_core.security_headers.ContentSecurityPolicyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "cpor_core.http_methods.MethodsMiddleware",
    "cpor_cases.api.plain_http.RequireTLSMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "cpor_site.health.middleware.HealthMiddleware",  # before all that queries the database
    "cpor_core.last_copies.LastCopyMiddleware",
    "cpor_cases.accounts.middleware.browser_caches.ClearOnLogOutMiddleware",
    "cpor_cases.accounts.middleware.sessions.SessionMiddleware",
    "cpor_cases.accounts.middleware.sessions.IdleMiddleware",
    "cpor_cases.accounts.middleware.security_log.SecurityLogMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "cpor_cases.accounts.middleware.browser_caches.NeverCacheMiddleware",
    "cpor_core.integer_overflow.IntegerOverflowMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "cpor_cases.accounts.middleware.sessions.SessionLimitMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "cpor_cases.accounts.middleware.sessions.UserSessionsMiddleware",
    "cpor_cases.accounts.middleware.gates.StaffOnlyMiddleware",
    "cpor_cases.accounts.middleware.gates.StaffSecondFactorMiddleware",
    "cpor_cases.accounts.middleware.gates.PasswordAgeMiddleware",
    "cpor_cases.actions.viewing.ViewingMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
    "cpor_cases.accounts.middleware.gates.LargeBodiesMiddleware",  # before the body is read by anybody
    "cpor_core.sent_forms.SentFormsMiddleware",
]

ROOT_URLCONF = "cpor_site.urls"
WSGI_APPLICATION = "cpor_site.wsgi.application"

TEMPLATES_DIR = BASE_DIR / "templates"
# What a host site takes in by choice, and this site whole.
OPT_IN_TEMPLATES = ["frame", "errors", "accounts", "office"]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [*(TEMPLATES_DIR / "opt_in" / part for part in OPT_IN_TEMPLATES), TEMPLATES_DIR],
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

# The settings of the apps: cpor_core.conf says what each is, and what it is where it is not named here.
CPOR = {
    "BASE_URL": BASE_URL,
    "VAR_DIR": VAR_DIR,
    "REQUIRED_LANGUAGES": REQUIRED_LANGUAGES,
    "REDIS_URL": REDIS_URL,
    "PAGE_CACHE_PAGES": PAGE_CACHE_PAGES,
    "DEMO_DATA_ALLOWED": not IS_DATABASE_CONFIGURED,
    **ACCOUNTS,
    **MAIL,
    **SERVICE,
}

# Files

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "site" / "static"]
STATIC_ROOT = VAR_DIR / "static"
BACKUP_RECIPIENTS = env.list("BACKUP_RECIPIENTS", read=values.age_recipient)
STORAGES = {
    "default": MEDIA_STORAGE,
    "staticfiles": {"BACKEND": "cpor_site.static_files.JoinedStylesStorage"},
}
WHITENOISE_IMMUTABLE_FILE_TEST = r"^.+\.[0-9a-f]{12}\..+$"
WHITENOISE_ALLOW_ALL_ORIGINS = False  # the styles and scripts are for this site's pages alone
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

env.stop_if_refused()
