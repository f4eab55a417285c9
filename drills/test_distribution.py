"""The distribution holds what a host site needs, and nothing that would override a host's own."""

import subprocess
import zipfile

import pytest

from .distribution import built, source, tool, wheel
from .environments import ROOT

APPS = ["cpor_core", "cpor_cases", "cpor_pages"]


@pytest.fixture(scope="module")
def names() -> set[str]:
    return set(zipfile.ZipFile(wheel()).namelist())


def test_a_package_index_would_take_both():
    assert tool("twine", "check", "--strict", *built().iterdir()).count("PASSED") == 2


def test_the_wheel_holds_nothing_that_does_not_belong_there():
    assert "OK" in tool("check_wheel_contents", wheel())


@pytest.mark.parametrize("app", APPS)
def test_every_template_of_an_app_is_in_it(names, app):
    kept = subprocess.check_output(["git", "ls-files", f"templates/{app}"], cwd=ROOT, text=True).splitlines()

    assert kept
    assert {f"{app}/{path}" for path in kept} <= names


def test_only_what_bears_the_name_of_an_app_is_active_in_a_host(names):
    active = [name for name in names if "/templates/" in name and "/opt_in/" not in name]
    static = [name for name in names if "/static/" in name]

    assert all(name.split("/templates/")[1].startswith("cpor_") for name in active)
    assert all(name.startswith("cpor_core/static/cpor/") for name in static)


def test_styles_translations_and_content_are_there(names):
    assert {
        "cpor_core/static/cpor/css/site.css",
        "cpor_core/locale/zh_Hant/LC_MESSAGES/django.mo",
        "cpor_core/opt_in/templates/errors/404.html",
        "cpor_core/reference/courts.csv",
        "cpor_pages/starter/content/en/home.html",
        "cpor_pages/starter/guide/en.pdf",
    } <= names


def test_the_deployed_project_stays_at_home(names):
    tops = {name.split("/")[0] for name in names}

    assert tops - {top for top in tops if top.endswith(".dist-info")} == set(APPS)
    assert source().stat().st_size < 20_000_000
