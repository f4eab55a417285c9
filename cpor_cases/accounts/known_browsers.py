"""Which browsers an account has been used in, by a signed cookie and no fingerprint; and what browsers are called."""

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from cpor_core import conf

SALT = "cpor_cases.known_browser"
ACCOUNTS_PER_BROWSER = 10

# The first that is found in the header counts: Edge and Opera also say Chrome, and Chrome also says Safari.
NAMES = [("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser/", "Samsung Internet"), ("Line/", "LINE")]
NAMES += [("Firefox/", "Firefox"), ("FxiOS/", "Firefox"), ("CriOS/", "Chrome"), ("Chrome/", "Chrome")]
NAMES += [("Safari/", "Safari")]
SYSTEMS = [("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows")]
SYSTEMS += [("Mac OS X", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux")]


def cookie_name() -> str:
    """Return the name of the cookie that lists the accounts used in this browser."""
    return f"{conf.COOKIE_PREFIX}known_browser"


def name_of(user_agent: str) -> str:
    """Return browser and system as people call them (Firefox, Windows), or nothing where they are not told."""
    found = [next((name for mark, name in marks if mark in user_agent), None) for marks in (NAMES, SYSTEMS)]
    return ", ".join(name for name in found if name)


def is_known(request: HttpRequest, account) -> bool:
    return account.pk in _accounts_of(request)


def note(request: HttpRequest, response: HttpResponse, account) -> None:
    """Note in the browser that this account has been used in it."""
    accounts = [pk for pk in _accounts_of(request) if pk != account.pk][: ACCOUNTS_PER_BROWSER - 1]
    response.set_cookie(
        cookie_name(),
        signing.dumps([account.pk, *accounts], salt=SALT),
        max_age=conf.KNOWN_BROWSER_DAYS * 86_400,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _accounts_of(request: HttpRequest) -> list[int]:
    try:
        return signing.loads(
            request.COOKIES.get(cookie_name(), ""), salt=SALT, max_age=conf.KNOWN_BROWSER_DAYS * 86_400
        )
    except signing.BadSignature:
        return []
