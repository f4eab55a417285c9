"""The calendar address, which asks for no password, ends with the password or the other log-ins if its person so chooses."""

import pytest
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.test import Client
from django.urls import reverse

from cpor_cases.actions import calendar_feeds
from cpor_cases.models import CalendarFeed
from tests import factories
from tests.support.factors import confirm_by_password

pytestmark = pytest.mark.django_db

NEW = "quite another passphrase"


@pytest.fixture
def key(litigant):
    return calendar_feeds.make_address(account=litigant, title=CalendarFeed.Title.HEARING)


def change_password(client, person, **box):
    path = reverse("account_change_password")
    page = client.get(path)
    client.post(path, {"oldpassword": factories.PASSWORD, "password1": NEW, "password2": NEW} | box)
    return page


def reset_password(client, person, **box):
    client.logout()
    key = default_token_generator.make_token(person)
    path = reverse(
        "account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(person), "key": key}
    )
    page = client.get(path, follow=True)
    client.post(page.request["PATH_INFO"], {"password1": NEW, "password2": NEW} | box)
    return page


def end_other_log_ins(client, person, **box):
    path = reverse("usersessions_list")
    page = client.get(path)
    confirm_by_password(client)
    client.post(path, box)
    return page


WAYS = [change_password, reset_password, end_other_log_ins]


@pytest.fixture
def browser(client, litigant):
    client.force_login(litigant)
    client.get("/accounts/")
    litigant.refresh_from_db()
    return client


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
@pytest.mark.parametrize("box", [{}, {"end_calendar": "on"}], ids=["left open", "ticked"])
def test_the_calendar_address_ends_if_the_person_so_chooses(browser, litigant, key, way, box):
    page = way(browser, litigant, **box)

    assert 'name="end_calendar"' in page.content.decode()
    assert "不需登入或密碼" in page.content.decode()
    feed = Client().get(reverse("cpor_cases:hearings"), {"key": key})
    assert feed.status_code == (404 if box else 200)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_who_has_no_calendar_address_is_not_asked(browser, litigant, way):
    assert 'name="end_calendar"' not in way(browser, litigant).content.decode()


def test_a_password_that_was_not_taken_ends_nothing(browser, litigant, key):
    form = {"oldpassword": "wrong", "password1": NEW, "password2": NEW, "end_calendar": "on"}
    browser.post(reverse("account_change_password"), form)

    assert CalendarFeed.objects.exists()
