"""Facts of a WSGI request for the page cache: whether it is anonymous, its cache key, and its conditional headers."""

from functools import lru_cache

from django.conf import settings
from django.http.cookie import parse_cookie

from cpor_core import conf

Environ = dict


def is_anonymous(environ: Environ) -> bool:
    """Whether the request is an anonymous visitor's: no session, no message for one person, no log-in."""
    return (
        environ["REQUEST_METHOD"] == "GET"
        and "HTTP_AUTHORIZATION" not in environ
        and ("HTTP_COOKIE" not in environ or not are_personal(environ["HTTP_COOKIE"]))
    )


def are_personal(cookies: str) -> bool:
    """Whether the cookies of a request hold a session or messages."""
    personal = {settings.SESSION_COOKIE_NAME, f"{conf.COOKIE_PREFIX}messages"}
    return not personal.isdisjoint(parse_cookie(cookies))


def key_of(environ: Environ, coding: str) -> tuple:
    """Return what tells one cached page from another."""
    return (
        environ.get("HTTP_HOST"),
        environ["PATH_INFO"],
        environ.get("QUERY_STRING"),
        coding,
        environ["wsgi.url_scheme"],
        came_over_tls(environ),
    )


def came_over_tls(environ: Environ) -> bool:
    """Whether the proxy says so, as Django reads it (HttpRequest.scheme). Two values only: made-up ones push nothing out."""
    return environ.get("HTTP_X_FORWARDED_PROTO", "").partition(",")[0].strip() == "https"


def has_copy(if_none_match: str, etag: str) -> bool:
    """Whether the reader has the page of this tag: one of several, or weakened by a proxy (RFC 9110, 13.1.2)."""
    if not if_none_match or if_none_match == etag:
        return bool(if_none_match)
    tags = (tag.strip().removeprefix("W/") for tag in if_none_match.split(","))
    return if_none_match.strip() == "*" or etag in tags


@lru_cache(256)
def accepted_coding(accepted: str) -> str:
    """Return the best of br, gzip and identity that an Accept-Encoding header allows (RFC 9110, 12.5.3)."""
    weights = {}
    for part in accepted.lower().split(","):
        name, _, parameter = part.partition(";")
        _, _, weight = parameter.partition("=")
        try:
            weights[name.strip()] = float(weight or 1)
        except ValueError:
            weights[name.strip()] = 0.0
    return next((coding for coding in ("br", "gzip") if weights.get(coding, 0) > 0), "identity")
