"""Rule 4: a mail to the wrong address gives nothing away."""

import datetime as dt

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from cpor_cases.actions import account_activation, applications
from cpor_cases.mail import delivery
from cpor_cases.mail.links import activation_path
from cpor_cases.models import Activation, Application, OutgoingMail
from cpor_core.case_numbers import CaseNumber
from tests import factories

pytestmark = pytest.mark.django_db

GOOD = {"username": "wang", "password1": factories.PASSWORD, "password2": factories.PASSWORD}


@pytest.fixture
def granted(clerk, court):
    number = CaseNumber(115, "訴", 987654)
    application = factories.make_application(court, by=clerk, number=number)
    return applications.approve(application=application, by=clerk)


@pytest.fixture
def link(granted):
    return activation_path(granted.account.activation)


def test_the_activation_mail_names_the_court_and_neither_the_person_nor_the_case(granted):
    delivery.deliver.call_local()

    [message] = mail.outbox
    said = message.subject + message.body + message.alternatives[0].content
    assert granted.case.court.name in message.body
    for secret in (
        "王大明",
        str(granted.case.full_number),
        str(granted.case.number),
        granted.case.word + "字",
    ):
        assert secret not in said


def test_the_link_asks_for_the_name_on_the_form(client, link):
    page = client.post(link, GOOD | {"name": "李小華"})

    assert page.status_code == 200
    assert not Activation.objects.get().is_activated
    assert Activation.objects.get().wrong_names == 1


@pytest.mark.parametrize(
    "typed", ["王大明", " 王 大 明 ", "王大明　", "王・大明", "王大明\u200b", "王\U000e0100大－明’"]
)
def test_spaces_width_and_marks_in_the_name_do_not_count(client, link, typed):
    page = client.post(link, GOOD | {"name": typed})

    assert page.headers["Location"] == reverse("cpor_cases:cases")


@pytest.mark.parametrize("username", ["a-long-account-name", "A-Long-Account-Name"])
def test_the_password_may_not_be_like_the_account_name_chosen_beside_it(client, link, username):
    likes = {"password1": "a-long-account-name1", "password2": "a-long-account-name1"}

    page = client.post(link, GOOD | likes | {"name": "王大明", "username": username})

    assert page.context["form"].errors.keys() == {"password1"}
    assert not Activation.objects.get().is_activated


def test_an_account_name_is_no_address_or_it_could_be_somebody_elses(client, link):
    page = client.post(link, GOOD | {"name": "王大明", "username": "other@example.com"})

    assert page.context["form"].errors.keys() == {"username"}


def test_dots_alone_are_no_name_even_if_the_form_holds_nothing_else(client, granted, link):
    Application.objects.update(applicant_name="‧‧")

    page = client.post(link, GOOD | {"name": "··"})

    assert page.context["form"].errors.keys() == {"name"}
    assert account_activation.is_other_name(granted.account, "··")


def test_a_wrong_name_is_answered_with_the_number_of_tries_left(client, link):
    first = client.post(link, GOOD | {"name": "李小華"}).content.decode()
    for _ in range(2):
        client.post(link, GOOD | {"name": "李小華"})
    fourth = client.post(link, GOOD | {"name": "李小華"}).content.decode()

    assert "與書狀所載姓名不符，尚可輸入 4 次" in first
    assert "與書狀所載姓名不符，尚可輸入 1 次" in fourth


def test_a_first_password_is_not_compared_with_earlier_ones(client, link):
    page = client.get(link).content.decode()

    assert "密碼至少須有 12 個字元" in page
    assert "最近 3 次" not in page


def test_five_wrong_names_lock_the_link_and_show_up_on_the_clerks_home_page(client, clerk, link):
    for _ in range(5):
        page = client.post(link, GOOD | {"name": "李小華"})

    assert page.status_code == 410
    assert client.post(link, GOOD | {"name": "王大明"}).status_code == 410
    assert Activation.objects.for_clerk(clerk).get().is_locked


def test_a_clerk_unlocks_with_a_fresh_link_and_the_old_one_is_void(client, clerk, link):
    for _ in range(5):
        client.post(link, GOOD | {"name": "李小華"})
    activation = Activation.objects.get()

    account_activation.unlock(activation=activation, by=clerk)

    activation.refresh_from_db()
    assert activation_path(activation) != link
    assert client.get(link).status_code == 410
    assert client.get(activation_path(activation)).status_code == 200


def test_the_link_works_once(client, link):
    client.post(link, GOOD | {"name": "王大明"})
    client.logout()

    page = client.post(link, GOOD | {"name": "王大明", "username": "other"})

    assert page.status_code == 410


def test_the_link_is_good_for_seven_days_and_an_old_one_offers_to_send_a_new_one(client, link):
    activation = Activation.objects.get()
    assert activation.link_expires_at - timezone.now() > dt.timedelta(days=6, hours=23)
    activation.link_expires_at = timezone.now()
    activation.save()

    page = client.get(link)
    client.post(f"{link}renew/")

    assert page.status_code == 410
    assert f"{link}renew/" in page.content.decode()
    # The first has not left yet: it carries the new link.
    assert OutgoingMail.objects.filter(kind="activation").count() == 1
    activation.refresh_from_db()
    assert client.get(activation_path(activation)).status_code == 200


def test_a_forged_link_finds_nothing(client, link):
    assert client.get(link[:-2] + "x/").status_code == 404


def test_no_token_is_stored(granted, link):
    token = link.rstrip("/").rsplit("/", 1)[-1].split(":")[-1]
    rows = [*OutgoingMail.objects.values(), *Activation.objects.values(), *Application.objects.values()]

    assert token not in str(rows)


def test_a_clerk_who_approves_onto_an_account_under_another_name_must_say_so(clerk, court, granted):
    application = factories.make_application(court, by=clerk, applicant_name="王小明")

    with pytest.raises(applications.OtherName) as other:
        applications.approve(application=application, by=clerk)
    assert "王大明" not in f"{other.value} {vars(other.value)}"  # it may be another court's to know

    second = applications.approve(application=application, by=clerk, same_person=True)
    assert second.account == granted.account
