"""A court's system with a token, and one that calls."""

import json

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from tests.factories import make_case, make_kind, make_token, make_word


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
    """A request's beginning and end close what a test's transaction lives on."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)
