"""Where the site has a view of its own under a library's name, no address reaches the library's."""

from collections import defaultdict

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.urls import URLPattern, get_resolver

from cpor_core.url_patterns import without
from tests.support import factors


def patterns(resolver, namespaces=()):
    for each in resolver.url_patterns:
        if isinstance(each, URLPattern):
            yield ":".join([*namespaces, each.name or ""]), each.callback
        else:
            yield from patterns(each, (*namespaces, each.namespace) if each.namespace else namespaces)


def test_no_name_of_a_view_of_ours_is_a_librarys_as_well():
    callbacks = defaultdict(set)
    for name, callback in patterns(get_resolver()):
        callbacks[name].add(callback)

    ours = {
        name: found
        for name, found in callbacks.items()
        if name and any(each.__module__.startswith("cpor_") for each in found)
    }

    assert "mfa_remove_webauthn" in ours
    assert "wagtaildocs_serve" in ours
    assert {name for name, found in ours.items() if len(found) > 1} == set()


def test_what_is_left_of_a_library_keeps_its_namespaces():
    resolver = get_resolver("cpor_site.urls")

    kept = dict(patterns(type(resolver)(resolver.pattern, without(resolver.url_patterns, ["sitemap"]))))

    assert "sitemap" not in kept
    assert {"api:progress", "cpor_cases:cases", "account_login"} <= kept.keys()


@pytest.mark.django_db
def test_staff_keep_their_last_passkey_however_its_number_is_spelled(client, clerk, settings):
    settings.CPOR = settings.CPOR | {"STAFF_MFA_REQUIRED": True}
    passkey = factors.make_passkey(clerk)
    client.force_login(clerk)
    factors.confirm_by_code(client, RecoveryCodes.activate(clerk).get_unused_codes()[0])

    answer = client.post(f"/accounts/2fa/webauthn/keys/{passkey.pk:020}/remove/")

    assert answer.status_code == 404
    assert Authenticator.objects.filter(pk=passkey.pk).exists()
