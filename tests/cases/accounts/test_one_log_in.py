"""There is one way to log in: the one that counts wrong passwords and asks for the second factor."""

import pytest
from django.contrib.auth import SESSION_KEY, authenticate
from django.contrib.auth.views import LoginView
from django.test import RequestFactory
from django.urls import path

from cpor_site import urls as site_urls
from tests import factories
from tests.support.factors import set_up_app

pytestmark = pytest.mark.django_db


class OtherSite:
    """The addresses of a site that serves Django's own log-in as well."""

    urlpatterns = [
        path("log-in/", LoginView.as_view(template_name="403.html")),
        *site_urls.urlpatterns,
    ]


@pytest.mark.parametrize("language", ["", "/en"])
def test_wagtails_log_in_for_restricted_pages_leads_to_the_one_there_is(client, litigant, language):
    address = f"{language}/_util/login/"

    asked = client.get(f"{address}?next=/guide/")
    sent = client.post(address, {"username": "litigant", "password": factories.PASSWORD})

    assert asked.headers["Location"] == f"{language}/accounts/login/?next=/guide/"
    assert sent.headers["Location"] == f"{language}/accounts/login/"
    assert SESSION_KEY not in client.session


def test_djangos_own_log_in_opens_no_account_where_a_site_serves_it(client, litigant, settings):
    settings.ROOT_URLCONF = OtherSite
    set_up_app(litigant)

    answer = client.post("/log-in/", {"username": "litigant", "password": factories.PASSWORD})

    assert answer.status_code == 200  # as to a wrong password
    assert SESSION_KEY not in client.session


def test_a_password_that_was_not_counted_is_not_checked(litigant):
    request = RequestFactory().post("/")

    assert authenticate(request, username="litigant", password=factories.PASSWORD) is None
    assert authenticate(username="litigant", password=factories.PASSWORD) is None


def test_one_count_is_good_for_one_password(client, litigant):
    answer = client.post("/accounts/login/", {"login": "litigant", "password": "wrong"})

    assert authenticate(answer.wsgi_request, username="litigant", password=factories.PASSWORD) is None
