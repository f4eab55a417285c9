"""No number, text or control character in an address or a parameter makes the site answer 500."""

import re
from itertools import product
from urllib.parse import quote, unquote, urlencode

import pytest
from django.contrib.auth import get_user_model
from django.db import transaction
from django.http import Http404, HttpResponseNotFound
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, resolve

from cpor_site import urls
from tests import factories
from tests.support.quick_requests import quick_requests

HUGE = ["0", "-1", str(2**31), str(2**63), str(10**23), "9" * 4400, "１２", "\0", "", "12abc"]
ARGUMENTS = ["0", str(2**63), "9" * 4400, "\0", "12abc"]  # of each kind the nearest to the bound
VALUES = ["", str(10**23), "9" * 4400, "\0", "12abc"]
PARAMETERS = [
    "action", "application", "answer", "case", "category", "choose", "clerk", "collection", "collection_id", "content_type",
    "court", "department", "email", "export", "group", "id", "into", "item", "key", "kind", "language", "like",
    "locale", "month", "months", "next", "number", "object_id", "on", "openness", "order", "ordering", "owner", "p",
    "page", "page_id", "page_type", "per_page", "purpose", "q", "reason", "revision_id", "role", "root_page", "rows",
    "site", "state", "status", "tier", "timestamp_after", "title", "until", "uploaded_by", "user", "user_id",
    "who", "word", "year",
]  # fmt: skip
_ARGUMENT = re.compile(r"<(?:(?P<converter>\w+):)?(?P<name>\w+)>")
DELIBERATE = ("/office/failwhale/", "/readyz")  # Wagtail's own test of an error page; a worker that is away
_GROUP = re.compile(r"\(\?P<\w+>(?:[^()]|\([^()]*\))*\)")


def routes(resolver=None, prefix="") -> list[str]:
    """Return the routes of the site as they are written, English ones apart."""
    found = []
    for pattern in (resolver or get_resolver()).url_patterns:
        route = prefix + str(pattern.pattern).removeprefix("^").removesuffix("$")
        if isinstance(pattern, URLResolver):
            found += routes(pattern, route)
        elif isinstance(pattern, URLPattern):
            found.append(route)
    return found


def addresses_with_arguments(values: list[str]) -> list[str]:
    """Return every route that has arguments, with each of the values in the place of all of them."""
    found = set()
    for route, value in product(routes(), values):
        path = _GROUP.sub(lambda _found, v=value: quote(v), route)
        path = _ARGUMENT.sub(lambda _found, v=value: quote(v), path)
        if path != route:
            found.add("/" + re.sub(r"[\\^$?]", "", path))
    return sorted(filter(leads_to_a_view, found))


def leads_to_a_view(address: str) -> bool:
    """Whether some route takes the address; one that none takes is not found, whoever asks."""
    try:
        return bool(resolve(unquote(address)))
    except Http404:
        return False


def addresses_without_arguments() -> list[str]:
    return sorted(
        {f"/{route}" for route in routes() if not _ARGUMENT.search(route) and not _GROUP.search(route)}
    )


def failures(client: Client, method: str, addresses, **sent) -> str:
    """Return what was answered with an exception or a 5xx, a line each."""
    found = []
    for address in addresses:
        if address.startswith(DELIBERATE):
            continue
        try:
            with transaction.atomic():
                status = getattr(client, method)(address, **sent).status_code
        except Exception as error:
            found.append(f"{address[:120]}: {type(error).__name__}: {str(error)[:200]}")
        else:
            if status >= 500:
                found.append(f"{address[:120]}: {status}")
    return "\n".join(found)


@pytest.fixture
def superuser(db):
    factories.make_court()
    return get_user_model().objects.create_superuser("root", "root@example.com", factories.PASSWORD)


@pytest.fixture
def client_of(superuser):
    def client_of(who: str) -> Client:
        client = Client()
        if who == "superuser":
            client.force_login(superuser)
        return client

    return client_of


@pytest.fixture
def _quickly_in_the_office(request, monkeypatch):
    """Whoever may enter asks for a thousand pages, most of which are not there: the middleware that reads numbers and the
    views answer, without the page that says so. The visitor's requests go through everything."""
    if request.getfixturevalue("who") == "visitor":
        yield
        return
    monkeypatch.setattr(urls, "handler404", lambda request, exception: HttpResponseNotFound(), raising=False)
    with quick_requests(
        "cpor_core.integer_overflow.IntegerOverflowMiddleware",
        "allauth.account.middleware.AccountMiddleware",  # asks for the password again where a view wants it
    ):
        yield


def is_open_to(who: str):
    """Whether an address does more for somebody than ask for a log-in."""
    return lambda address: who == "superuser" or not address.startswith("/office/")


@pytest.mark.usefixtures("_quickly_in_the_office")
@pytest.mark.parametrize("who", ["visitor", "superuser"])
@pytest.mark.parametrize(("method", "values"), [("get", ARGUMENTS), ("post", [str(2**63)])])
def test_no_argument_of_an_address_is_an_error_of_ours(client_of, who, method, values):
    addresses = filter(is_open_to(who), addresses_with_arguments(values))

    assert failures(client_of(who), method, addresses) == ""


@pytest.mark.usefixtures("_quickly_in_the_office")
@pytest.mark.parametrize("who", ["visitor", "superuser"])
@pytest.mark.parametrize("value", VALUES, ids=lambda value: value[:9].encode("unicode_escape").decode())
def test_no_parameter_is_an_error_of_ours(client_of, who, value):
    query = urlencode([(name, value) for name in PARAMETERS])
    addresses = filter(is_open_to(who), addresses_without_arguments())

    assert failures(client_of(who), "get", [f"{address}?{query}" for address in addresses]) == ""


OURS = [
    ("/office/applications/bulk/", "id"),
    ("/office/applications/check/", "application"),
    ("/office/applications/new/", "like"),
    ("/office/cases/", "q"),
    ("/office/cases/", "court"),
    ("/office/mails/", "q"),
    ("/office/applications/", "court"),
    ("/office/imports/", "court"),
    ("/office/posts/", "court"),
    ("/cases/", "case"),
    ("/cases/", "page"),
    ("/cases/mails/", "case"),
    ("/cases/mails/", "page"),
    ("/search/", "q"),
    ("/case-words/", "on"),
    ("/news/", "page"),
]


@pytest.mark.parametrize("method", ["get", "post"])
def test_no_parameter_of_ours_alone_is_an_error(client_of, method):
    """One at a time: a list of many refuses the first wrong one and reads no further."""
    client = client_of("superuser")
    sent = [(path, urlencode({name: value})) for (path, name), value in product(OURS, HUGE)]
    found = (
        [failures(client, "get", [f"{path}?{query}"]) for path, query in sent]
        if method == "get"
        else [
            failures(client, "post", [path], data=query, content_type="application/x-www-form-urlencoded")
            for path, query in sent
        ]
    )

    assert "".join(found) == ""
