"""A court's system with a token, and one that calls."""

import json

import pytest

from tests.factories import make_case, make_kind, make_token, make_word
from tests.support.connections import connection_kept


@pytest.fixture
def case(court):
    make_word("訴")
    make_kind("judgment")
    return make_case(court)


@pytest.fixture
def secret(court):
    return make_token(court)[1]


@pytest.fixture
def send(client, secret):
    """Send a body as the court's system does: a list of rows, or anything with its content type."""

    def send(body=None, content_type="application/json", *, token=secret, **headers):
        if not isinstance(body, bytes | str):
            body = json.dumps(body)
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        if token:
            names["Authorization"] = f"Bearer {token}"
        return client.post("/api/v1/progress", body, content_type=content_type, headers=names)

    return send


@pytest.fixture
def see(client, secret):
    def see(address, *, token=secret, **query):
        headers = {"Authorization": f"Bearer {token}", "Accept-Language": "en"}
        return client.get(address, query, headers=headers)

    return see


@pytest.fixture
def worker(make_mails_leave):
    """Feel the commits, as the worker does: what is sent within is taken in at once."""
    return make_mails_leave


@pytest.fixture
def keep_connection():
    with connection_kept():
        yield
