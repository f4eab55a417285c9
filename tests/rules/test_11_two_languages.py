"""Rule 11: Traditional Chinese first, English whole; a person's mails in the person's language."""

import pytest
from django.conf import settings
from django.core import mail
from django.urls import reverse
from django.utils import translation

from cpor_cases.actions import account_activation, applications
from cpor_cases.mail import delivery
from cpor_cases.mail.links import activation_path
from tests import factories

pytestmark = pytest.mark.django_db


def test_chinese_stands_at_the_root_and_english_below_en():
    assert settings.LANGUAGE_CODE == "zh-hant"
    assert reverse("account_login") == "/accounts/login/"
    with translation.override("en"):
        assert reverse("account_login") == "/en/accounts/login/"


@pytest.mark.parametrize(("path", "words"), [("/accounts/login/", "登入"), ("/en/accounts/login/", "Log in")])
def test_the_address_decides_the_language_of_the_page(client, path, words):
    assert words in client.get(path).content.decode()


@pytest.mark.parametrize(("language", "words"), [("zh-hant", "啟用"), ("en", "Activate")])
def test_the_activation_mail_comes_in_the_language_the_clerk_ticked(clerk, court, language, words):
    application = factories.make_application(court, by=clerk, language=language)
    applications.approve(application=application, by=clerk)

    delivery.deliver.call_local()

    [message] = mail.outbox
    assert words in message.subject
    assert message.extra_headers["Content-Language"] == language
    assert ("/en/accounts/activate/" in message.body) is (language == "en")


def test_who_activates_on_an_english_page_gets_english_mails(client, clerk, court):
    granted = applications.approve(application=factories.make_application(court, by=clerk), by=clerk)
    account = account_activation.find_by_address("wang@example.com")

    with translation.override("en"):
        link = activation_path(granted.account.activation)

    client.post(
        link,
        {
            "name": "王大明",
            "username": "wang",
            "password1": factories.PASSWORD,
            "password2": factories.PASSWORD,
        },
    )

    account.refresh_from_db()
    assert account.litigant.language == "en"
