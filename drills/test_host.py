"""Another site takes the service in by the steps of docs/extension.md, and upgrades from the release before."""

import pytest

from .distribution import previous, wheel
from .hosts import Host, databases
from .steps import steps

DATABASES = databases()


def test_the_page_has_ten_steps_at_most():
    numbers = [step.number for step in steps()]

    assert numbers == [*range(1, len(numbers) + 1)]
    assert len(numbers) <= 10


@pytest.fixture(scope="module", params=DATABASES)
def host(request) -> Host:
    """A site that took the steps of today."""
    host = Host(f"new-{request.param}", DATABASES[request.param])
    host.start(wheel())
    host.take(steps())
    return host


def test_a_site_that_took_the_steps_has_nothing_to_complain_of(host):
    assert "no issues" in host.manage("check")
    assert "No changes" in host.manage("makemigrations", "--check", "--dry-run")


def test_a_litigant_applies_is_told_activates_and_sees_the_case(host):
    assert "journey done" in host.walk("first")


@pytest.mark.parametrize("database", DATABASES)
def test_a_site_upgrades_from_the_release_before_with_its_data(database):
    host, release = Host(f"old-{database}", DATABASES[database]), previous()
    host.start(release.wheel)
    host.take(steps(release.page))
    assert "journey done" in host.walk("first")

    host.install(wheel())
    host.manage("migrate")

    assert "No changes" in host.manage("makemigrations", "--check", "--dry-run")
    assert "journey done" in host.walk("after an upgrade")
