"""Django's system checks of what `cpor_cases` needs of a project: what cannot work is an error, what is weak a warning."""

from allauth.account import app_settings as account
from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage
from django.urls import NoReverseMatch, reverse
from django.utils.module_loading import import_string
from huey.contrib.djhuey import HUEY

from cpor_core.checks import DOCUMENTED, missing_apps, missing_middleware

REQUIRED_APPS = ["allauth", "allauth.account", "allauth.mfa", "allauth.usersessions", "huey.contrib.djhuey"]
REQUIRED_MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "cpor_cases.accounts.middleware.sessions.IdleMiddleware",
    "cpor_cases.accounts.middleware.gates.StaffOnlyMiddleware",
    "cpor_cases.actions.viewing.ViewingMiddleware",  # who saw whose data: rule 9
]
# Without these a log-in lasts as long as it is used, log-ins are not on record, and staff need no second factor.
ADVISED_MIDDLEWARE = [
    "cpor_cases.accounts.middleware.sessions.SessionLimitMiddleware",
    "cpor_cases.accounts.middleware.security_log.SecurityLogMiddleware",
    "cpor_cases.accounts.middleware.gates.StaffSecondFactorMiddleware",
]
BACK_END = "cpor_cases.accounts.login_backend.LogInBackend"
ADAPTERS = {
    "ACCOUNT_ADAPTER": "cpor_cases.accounts.adapter.AccountAdapter",
    "MFA_ADAPTER": "cpor_cases.accounts.mfa_adapter.MFAAdapter",
}


def register() -> None:
    """Have `manage.py check`, and every command that runs it, check what the project gives this app."""
    for check in (check_apps, check_middleware, check_log_in, check_queue, check_cache, check_admin):
        checks.register(check, checks.Tags.compatibility)


def check_apps(**_options) -> list[CheckMessage]:
    return missing_apps(REQUIRED_APPS, "cpor_cases", "cpor.E020")


def check_middleware(**_options) -> list[CheckMessage]:
    advised = missing_middleware(ADVISED_MIDDLEWARE, "cpor_cases", "cpor.W022")
    weak = [checks.Warning(each.msg, hint=each.hint, id=each.id) for each in advised]
    return [*missing_middleware(REQUIRED_MIDDLEWARE, "cpor_cases", "cpor.E021"), *weak]


def check_log_in(**_options) -> list[CheckMessage]:
    """Refuse a log-in that passes by the limits and the second factor, and one by which no litigant comes in."""
    found: list[CheckMessage] = []
    if not any(issubclass(import_string(each), import_string(BACK_END)) for each in _back_ends()):
        message = f"cpor_cases needs {BACK_END!r}, or a subclass, in AUTHENTICATION_BACKENDS."
        found.append(checks.Error(message, hint=DOCUMENTED, id="cpor.E022"))
    for name, adapter in ADAPTERS.items():
        if not issubclass(import_string(getattr(settings, name, "builtins.object")), import_string(adapter)):
            message = f"{name} must be {adapter!r} or a subclass."
            found.append(checks.Error(message, hint=DOCUMENTED, id="cpor.E023"))
    if set(account.LOGIN_METHODS) != {"username", "email"}:
        message = "ACCOUNT_LOGIN_METHODS must have username and email: litigants log in by either."
        found.append(checks.Error(message, hint=DOCUMENTED, id="cpor.E024"))
    return found


def _back_ends() -> list[str]:
    return list(settings.AUTHENTICATION_BACKENDS)


def check_queue(**_options) -> list[CheckMessage]:
    """Warn of a queue that does its work inside the request: a slow mail server would keep a clerk waiting."""
    if not HUEY.immediate or settings.DEBUG:
        return []
    message = "The queue works inside the request: HUEY is immediate."
    return [checks.Warning(message, hint="Set HUEY['immediate'] to False.", id="cpor.W020")]


def check_cache(**_options) -> list[CheckMessage]:
    """Warn of a cache that each process has for itself: the limits of wrong passwords would count in each anew."""
    back_end = settings.CACHES["default"]["BACKEND"]
    if settings.DEBUG or back_end not in {
        "django.core.cache.backends.locmem.LocMemCache",
        "django.core.cache.backends.dummy.DummyCache",
    }:
        return []
    message = f"Rate limits count in the cache, and {back_end} is not shared by the processes."
    return [checks.Warning(message, hint="Use the database or Redis.", id="cpor.W021")]


def check_admin(**_options) -> list[CheckMessage]:
    """Refuse a project without addresses of the admin, of log-ins or of the cases."""
    missing = []
    for name in ("wagtailadmin_home", "account_login", "cpor_cases:cases"):
        try:
            reverse(name)
        except NoReverseMatch:
            missing.append(name)
    return [
        checks.Error(f"No address is named {name!r}.", hint=DOCUMENTED, id="cpor.E025") for name in missing
    ]
