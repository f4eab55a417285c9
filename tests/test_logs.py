"""No link that opens something is written to a log."""

import logging

import pytest
from django.conf import settings

from cpor_site.logs import SecretsFilter

SECRET = "394317adecf84781-1:RM3ixy8SspplRSb_p9UxDVRFnuQX"


@pytest.mark.parametrize(
    "path",
    [
        f"/accounts/activate/{SECRET}/",
        f"/en/accounts/activate/{SECRET}/renew/",
        f"/accounts/password/reset/key/{SECRET}/",
        f"/accounts/confirm-email/{SECRET}/",
        f"/cases/unsubscribe/{SECRET}/",
        f"/cases/hearings.ics?key={SECRET}",
    ],
)
def test_the_secret_part_of_an_address_is_blanked(path):
    record = logging.LogRecord("django.request", logging.WARNING, "", 0, "%s: %s", ("Gone", path), None)

    SecretsFilter().filter(record)

    assert SECRET not in record.getMessage()
    assert record.getMessage().startswith("Gone: /")


@pytest.mark.django_db
def test_a_page_that_is_gone_leaves_no_token_in_the_log(client, caplog):
    client.get(f"/accounts/activate/{SECRET}/")

    assert "/accounts/activate/…" in caplog.text
    assert SECRET not in caplog.text


def test_every_request_line_passes_the_filter():
    """The server of `make dev` has a handler of Django's own unless it is told to use ours."""
    assert settings.LOGGING["loggers"]["django.server"]["handlers"] == ["stderr"]
    assert not settings.LOGGING["loggers"]["django.server"]["propagate"]
    assert all("secrets" in handler["filters"] for handler in settings.LOGGING["handlers"].values())
