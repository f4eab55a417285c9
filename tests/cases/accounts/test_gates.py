"""Where the office leads a person who is not staff."""

import pytest
from django.conf import settings

from cpor_cases.models import Litigant
from tests import factories
from tests.support.factors import log_in

pytestmark = pytest.mark.django_db

IN_THE_OFFICE = ["/office/", "/office/pages/", "/office/account/", "/office/nothing-here/"]


@pytest.mark.parametrize("path", IN_THE_OFFICE)
def test_a_litigant_is_led_from_the_office_to_their_cases_with_a_sentence(client, litigant, path):
    client.force_login(litigant)

    answer = client.get(path, follow=True)

    assert answer.redirect_chain == [("/cases/", 302)]
    assert "辦公室僅供法院人員使用" in answer.content.decode()


def test_a_litigant_who_reads_english_is_led_to_the_english_page(client, litigant):
    Litigant.objects.store(litigant, language="en")
    client.force_login(litigant)

    answer = client.get("/office/", follow=True)

    assert answer.redirect_chain == [("/en/cases/", 302)]
    assert "The office is for staff of the courts." in answer.content.decode()


def test_a_litigant_who_logs_in_on_the_way_to_the_office_comes_to_the_cases(client, litigant):
    asked = client.get("/office/", follow=True)
    form = {"login": litigant.username, "password": factories.PASSWORD, "next": "/office/"}

    answer = client.post("/accounts/login/", form, follow=True)

    assert asked.redirect_chain[-1][0] == f"{settings.WAGTAILADMIN_LOGIN_URL}?next=/office/"
    assert [path for path, _status in answer.redirect_chain] == ["/office/", "/cases/"]


def test_a_script_of_a_litigant_is_refused_by_the_office(client, litigant):
    client.force_login(litigant)

    assert client.get("/office/", headers={"x-requested-with": "XMLHttpRequest"}).status_code == 403


def test_staff_and_anonymous_visitors_go_on(client, clerk):
    anonymous = client.get("/office/")
    log_in(client, clerk)

    assert anonymous.headers["Location"].startswith("/accounts/login/")
    assert client.get("/office/").status_code == 200
