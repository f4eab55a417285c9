"""Private parts of libraries: in how few places they are used, and that a new version still has them."""

import ast

import pytest
from allauth.account.auth_backends import AuthenticationBackend
from allauth.core import context
from django.conf import settings
from django.contrib.messages.storage.base import BaseStorage
from django.core.cache.backends.redis import RedisCache
from huey.serializer import SignedSerializer

from cpor_core import allauth_internals

SOURCES = ("cpor_core", "cpor_cases", "cpor_pages", "site/cpor_site", "tools")
# What is overridden or called although its name begins with an underscore.
PRIVATE = [
    (AuthenticationBackend, "_authenticate"),
    (AuthenticationBackend, "_check_password"),
    (SignedSerializer, "_serialize"),
    (SignedSerializer, "_unsign"),
    (BaseStorage(None), "_queued_messages"),
    (RedisCache("redis://127.0.0.1", {}), "_class"),
    (RedisCache("redis://127.0.0.1", {}), "_options"),
]


def imported_modules(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
        elif isinstance(node, ast.Import):
            yield from (each.name for each in node.names)


def test_internals_of_a_library_are_imported_by_one_module_alone():
    found = {
        path.relative_to(settings.BASE_DIR).as_posix()
        for source in SOURCES
        for path in (settings.BASE_DIR / source).rglob("*.py")
        if "migrations" not in path.parts
        for module in imported_modules(path)
        if "internal" in module.split(".") or any(part.startswith("_") for part in module.split("."))
    }

    assert found == {"cpor_core/allauth_internals.py"}


@pytest.mark.parametrize(("owner", "name"), PRIVATE, ids=[name for _owner, name in PRIVATE])
def test_a_private_name_that_is_used_is_still_there(owner, name):
    assert hasattr(owner, name)


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_limit_counts_every_method_and_a_use_can_be_taken_back(rf, settings, method):
    settings.ACCOUNT_RATE_LIMITS = {"activate": "1/m/key"}
    request = getattr(rf, method)("/")

    with context.request_context(request):
        first = allauth_internals.consume_limit(request, action="activate", key="one")
        assert first
        assert allauth_internals.consume_limit(request, action="activate", key="one") is None
        first.rollback()
        assert allauth_internals.consume_limit(request, action="activate", key="one")


def test_a_cleared_limit_begins_anew(rf, settings):
    settings.ACCOUNT_RATE_LIMITS = {"activate": "1/m/key"}
    request = rf.post("/")
    allauth_internals.consume_limit(request, action="activate", key="one")

    allauth_internals.clear_limit(request, action="activate", key="one")

    assert allauth_internals.consume_limit(request, action="activate", key="one")


def test_limits_count_an_ipv6_network_as_one_address(rf):
    addresses = {
        allauth_internals.client_address(rf.get("/", REMOTE_ADDR=f"2001:db8:1:2::{host}")) for host in (1, 2)
    }

    assert len(addresses) == 1
