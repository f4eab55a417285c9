"""Log-ins and second factors of staff, as their manager or an operator sees and ends them."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cpor_cases.models import CourtLogEntry, EnrolmentLink, OutgoingMail
from cpor_cases.models.log_facts import ROWS_VIEWED, row_token
from tests import factories
from tests.support.factors import set_up_app

pytestmark = pytest.mark.django_db

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:144.0) Gecko/20100101 Firefox/144.0"
LIST = "/office/staff/"


@pytest.fixture
def manager(court):
    return factories.make_clerk(court, "manager", group="Court managers")


@pytest.fixture
def as_manager(client, manager):
    client.force_login(manager)
    return client


def address(name, account):
    return reverse(f"office_staff:{name}", args=[account.pk])


def log_in_elsewhere(account):
    browser = Client(headers={"user-agent": FIREFOX})
    browser.force_login(account)
    assert browser.get("/office/").status_code == 200
    return browser


def is_in(browser) -> bool:
    return browser.get("/office/").status_code == 200


def test_a_manager_sees_the_log_ins_of_the_courts_clerks(as_manager, clerk, clerk_elsewhere):
    log_in_elsewhere(clerk)
    set_up_app(clerk)

    listed = as_manager.get(LIST).content.decode()
    page = as_manager.get(address("inspect", clerk)).content.decode()

    assert "clerk" in listed
    assert "clerk-elsewhere" not in listed
    assert "Firefox, Windows" in page
    assert "127.0.0.1" in page


@pytest.mark.parametrize("typed", ["台北", "臺北小書記", "tpd-CLERK", "ｔｐｄ－ｃｌｅｒｋ"])
def test_a_member_of_staff_is_found_by_a_piece_of_the_name(as_manager, court, clerk, typed):
    sought = factories.make_clerk(court, "tpd-clerk", last_name="臺北", first_name="小書記")

    page = as_manager.post(LIST, {"q": typed}, follow=True)

    assert list(page.context["object_list"]) == [sought]
    assert "台北" not in page.redirect_chain[-1][0]


def test_a_search_of_staff_finds_nobody_of_another_court(as_manager, clerk_elsewhere):
    page = as_manager.post(LIST, {"q": clerk_elsewhere.username}, follow=True)

    assert not page.context["object_list"]


def test_that_a_manager_looked_is_on_record(as_manager, clerk, manager):
    as_manager.get(address("inspect", clerk))

    entry = CourtLogEntry.objects.get(action=ROWS_VIEWED)
    assert (entry.user, entry.court) == (manager, clerk.posts.get().court)
    assert row_token(clerk) in entry.rows


def test_one_log_in_is_ended_by_its_button_and_the_others_stay(as_manager, clerk):
    first, second = log_in_elsewhere(clerk), log_in_elsewhere(clerk)
    page = as_manager.get(address("inspect", clerk))
    of_first = next(
        each for each in page.context["sessions"] if each.session_key == first.session.session_key
    )

    as_manager.post(address("end", clerk), {"session": of_first.pk})

    assert not is_in(first)
    assert is_in(second)
    assert CourtLogEntry.objects.filter(action="cpor_cases.session.end").count() == 1


@pytest.mark.parametrize("typed", ["0", "-1", "9" * 5000, "x", "²"])
def test_a_log_in_that_is_none_is_not_ended(as_manager, clerk, typed):
    browser = log_in_elsewhere(clerk)

    answer = as_manager.post(address("end", clerk), {"session": typed})

    assert answer.status_code == 302
    assert is_in(browser)


def test_a_log_in_of_somebody_else_is_not_ended(as_manager, clerk, clerk_elsewhere, manager):
    browser = log_in_elsewhere(clerk_elsewhere)
    log_in_elsewhere(clerk)
    key = browser.session.session_key
    of_other = UserSession.objects.get(session_key=key)
    as_manager.post(address("end", clerk), {"session": of_other.pk})
    answer = as_manager.post(address("end", clerk_elsewhere), {"session": of_other.pk})

    assert answer.status_code == 404
    assert is_in(browser)


def test_all_log_ins_are_ended_at_once(as_manager, clerk):
    browsers = [log_in_elsewhere(clerk), log_in_elsewhere(clerk)]

    asked = as_manager.get(address("end", clerk))
    as_manager.post(address("end", clerk))

    assert asked.status_code == 200
    assert not any(is_in(each) for each in browsers)
    assert is_in(as_manager)


def test_a_link_is_sent_by_button(as_manager, clerk):
    as_manager.post(address("invite", clerk))

    assert EnrolmentLink.objects.get().account == clerk
    assert OutgoingMail.objects.get().kind == "second_factor_link"


def test_who_has_a_factor_is_sent_no_link(as_manager, clerk):
    set_up_app(clerk)

    as_manager.post(address("invite", clerk))

    assert not OutgoingMail.objects.exists()


def test_a_lost_factor_is_reset_by_button(as_manager, clerk):
    set_up_app(clerk)
    browser = log_in_elsewhere(clerk)

    asked = as_manager.get(address("reset", clerk))
    as_manager.post(address("reset", clerk))

    assert asked.status_code == 200
    assert not Authenticator.objects.exists()
    assert not is_in(browser)
    assert OutgoingMail.objects.count() == 2


def test_an_operator_sees_all_staff_but_no_litigant(client, clerk, clerk_elsewhere, manager, litigant):
    client.force_login(get_user_model().objects.create_superuser("operator", "o@example.com", "x"))

    page = client.get(LIST).content.decode()

    for name in (clerk.username, clerk_elsewhere.username, manager.username):
        assert f">{name}<" in page.replace("\n", "").replace(" ", "")
    assert "litigant" not in page
    assert client.get(address("inspect", litigant)).status_code == 404


def test_the_list_costs_the_same_however_many_they_are(as_manager, court):
    def cost_with_more(count):
        for _ in range(count):
            log_in_elsewhere(factories.make_clerk(court))
        with CaptureQueriesContext(connection) as queries:
            as_manager.get(LIST)
        return len(queries)

    cost_with_more(1)

    assert cost_with_more(2) == cost_with_more(5) <= 25
