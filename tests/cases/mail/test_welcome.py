"""The mail after the activation says what will come, and promises nothing that the service does not do."""

import re
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.core import mail
from django.urls import resolve

from cpor_cases.actions import account_activation, applications
from cpor_cases.mail import delivery, links
from cpor_cases.models import Activation
from cpor_core import conf
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def activation(court, clerk):
    application = factories.make_application(court, applicant_name="王大明", email="wang@example.org")
    applications.approve(application=application, by=clerk)
    delivery.deliver.call_local()
    return Activation.objects.get()


def activate(activation, language="zh-hant"):
    mail.outbox.clear()
    account_activation.activate(
        token=links.activation_path(activation).rstrip("/").rsplit("/", 1)[1],
        name="王大明",
        username="wang",
        password=factories.PASSWORD,
        language=language,
    )
    delivery.deliver.call_local()
    [message] = mail.outbox
    return message


@pytest.mark.parametrize("language", ["zh-hant", "en"])
def test_it_names_the_sender_the_address_of_the_service_and_how_often(activation, settings, language):
    settings.DEFAULT_FROM_EMAIL = "案件進度 <progress@court.example>"

    message = activate(activation, language)

    for said in (message.body, BeautifulSoup(message.alternatives[0].content, "html.parser").text):
        assert "progress@court.example" in said
        assert f"{conf.BASE_URL}/" in said
        assert {"zh-hant": "7、1 天", "en": "7, 1 days"}[language] in " ".join(said.split())
    assert {"zh-hant": "啟用", "en": "active"}[language] in message.subject
    assert "王大明" not in message.body  # the mail to the wrong address gives no name away


def test_its_links_are_pages_of_the_service(activation, settings):
    page = BeautifulSoup(activate(activation).alternatives[0].content, "html.parser")

    addresses = {link["href"] for link in page.select("a")}
    assert all(address.startswith(conf.BASE_URL) for address in addresses)
    names = {
        resolve(urlsplit(address).path).url_name for address in addresses if urlsplit(address).path != "/"
    }
    assert names == {"cases", "settings", "wagtail_serve"}  # the last: how to tell a forged one


def test_it_is_sent_once_and_cannot_be_switched_off(activation):
    message = activate(activation)

    assert "List-Unsubscribe" not in message.extra_headers
    mail.outbox.clear()
    delivery.deliver.call_local()
    assert mail.outbox == []


def test_no_code_of_the_service_attaches_a_file_to_a_mail(activation):
    """What it promises: whoever finds an attachment knows that the mail is forged."""
    assert "沒有附件" in activate(activation).body
    sources = [path.read_text("utf-8") for path in (settings.BASE_DIR / "cpor_cases").rglob("*.py")]
    assert not [source for source in sources if re.search(r"\.attach(_file)?\(", source)]
