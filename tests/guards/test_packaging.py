"""What the wheel asks for is what the service is tested with."""

import tomllib

import pytest
from django.conf import settings
from packaging.requirements import Requirement

ROOT = settings.BASE_DIR
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
ASKED_FOR = {
    requirement.name: requirement
    for requirement in map(
        Requirement, [*PROJECT["dependencies"], *sum(PROJECT["optional-dependencies"].values(), [])]
    )
}
# Of the deployed project alone: its server, its static files, its environment, its health checks, its backups.
OF_THE_SITE = {
    "brotli", "django-environ", "django-health-check", "granian", "honcho", "lightningcss", "prometheus-client",
    "pyrage", "python-json-logger", "whitenoise",
}  # fmt: skip


def pins(name: str) -> dict[str, Requirement]:
    lines = (line.split(" #")[0].strip() for line in (ROOT / name).read_text(encoding="utf-8").splitlines())
    found = [Requirement(line) for line in lines if line and not line.startswith(("#", "-"))]
    return {requirement.name: requirement for requirement in found}


RUNTIME = pins("requirements.txt")


def test_the_wheel_asks_for_everything_that_the_apps_are_tested_with_and_nothing_else():
    assert {*ASKED_FOR} - {"django-anymail", "django-storages"} == {*RUNTIME} - OF_THE_SITE


@pytest.mark.parametrize("name", ASKED_FOR)
def test_what_is_tested_is_the_lowest_version_that_the_wheel_takes(name):
    tested = (RUNTIME | pins("requirements-s3.txt") | pins("requirements-dev.txt"))[name]
    [pin] = tested.specifier

    lowest = [each for each in ASKED_FOR[name].specifier if each.operator == ">="]

    assert [each.version for each in lowest] == [pin.version]
    assert ASKED_FOR[name].extras == tested.extras
