"""The system checks: what cannot work in a project is an error that names it, what is weak is a warning."""

import pytest
from django.core.checks import run_checks

from cpor_cases import checks as checks_of_cases
from cpor_core import checks as checks_of_core


def found_by(check) -> dict[str, str]:
    return {message.id: message.msg for message in check()}


def test_our_own_project_has_nothing_to_complain_of():
    assert [message for message in run_checks() if message.id.startswith("cpor.E")] == []


@pytest.mark.parametrize(
    ("given", "number", "named"),
    [
        ([], "cpor.E001", "dict"),
        ({"ENTRIES_SHOWM": 3}, "cpor.E002", "ENTRIES_SHOWM"),
        ({"ENTRIES_SHOWN": "3"}, "cpor.E003", "ENTRIES_SHOWN"),
        ({"ENTRIES_SHOWN": True}, "cpor.E003", "ENTRIES_SHOWN"),
        ({"ENTRIES_SHOWN": -1}, "cpor.E003", "ENTRIES_SHOWN"),
    ],
)
def test_a_setting_that_cannot_be_meant_is_named(settings, given, number, named):
    settings.CPOR = given

    assert named in found_by(checks_of_core.check_values)[number]


def test_a_folder_that_is_only_guessed_and_links_in_the_open_are_warned_of(settings):
    settings.CPOR = {"BASE_URL": "http://court.example"}

    assert {"cpor.W001", "cpor.W002"} <= found_by(checks_of_core.check_folder).keys()


def test_a_missing_app_is_named(monkeypatch):
    monkeypatch.setattr(checks_of_core.apps, "is_installed", lambda name: not name.startswith("allauth"))

    missing = [message.msg for message in checks_of_cases.check_apps()]

    assert len(missing) == 4
    assert all("allauth" in each for each in missing)


def test_pages_that_would_not_know_the_request_are_refused(settings):
    engine = settings.TEMPLATES[0]
    settings.TEMPLATES = [engine | {"OPTIONS": engine["OPTIONS"] | {"context_processors": []}}]

    assert "context processors" in found_by(checks_of_core.check_context_processors)["cpor.E011"]


@pytest.mark.parametrize("name", checks_of_cases.REQUIRED_MIDDLEWARE + checks_of_cases.ADVISED_MIDDLEWARE)
def test_each_middleware_that_is_missing_is_named(settings, name):
    settings.MIDDLEWARE = [
        each for each in settings.MIDDLEWARE if each.rpartition(".")[2] != name.rpartition(".")[2]
    ]

    [missing] = checks_of_cases.check_middleware()

    assert name in missing.msg
    assert (missing.id == "cpor.W022") == (name in checks_of_cases.ADVISED_MIDDLEWARE)


def test_a_log_in_that_passes_by_the_limits_is_refused(settings):
    settings.AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
    settings.ACCOUNT_ADAPTER = "allauth.account.adapter.DefaultAccountAdapter"
    del settings.MFA_ADAPTER
    settings.ACCOUNT_LOGIN_METHODS = {"email"}

    assert found_by(checks_of_cases.check_log_in).keys() == {"cpor.E022", "cpor.E023", "cpor.E024"}


def test_a_queue_inside_the_request_is_warned_of(settings, monkeypatch):
    monkeypatch.setattr(checks_of_cases.HUEY, "_immediate", True)

    assert "cpor.W020" in found_by(checks_of_cases.check_queue)


def test_a_cache_that_each_process_has_for_itself_is_warned_of(settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

    assert "LocMemCache" in found_by(checks_of_cases.check_cache)["cpor.W021"]


@pytest.mark.urls("django.contrib.auth.urls")
def test_a_project_without_the_addresses_of_admin_and_cases_is_refused():
    missing = [message.msg for message in checks_of_cases.check_admin()]

    assert [
        name for name in ("wagtailadmin_home", "account_login", "cpor_cases:cases") if name in str(missing)
    ] == [
        "wagtailadmin_home",
        "account_login",
        "cpor_cases:cases",
    ]
