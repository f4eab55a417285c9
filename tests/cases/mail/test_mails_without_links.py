"""Who prefers to type the address gets mails without a link, except where only a link will do."""

import re

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from cpor_cases.mail import rendering
from cpor_cases.mail.messages import MESSAGES
from cpor_cases.models import Litigant
from cpor_core.models import Court
from tests import factories
from tests.support import every_mail

pytestmark = pytest.mark.django_db

ONLY_BY_LINK = {
    "activation",
    "password_reset",
    "second_factor_link",
    "staff_invitation",
    "email_confirmation",
    "email_changed",
}
WITHOUT_CHOICES = {"petition_code"}  # its reader has no account
LINK = re.compile(r"\w+://[^\s\"'<>]+")
# What mail programs make a link of.
MADE_A_LINK = re.compile(r"(https?:|www\.|\b[\w-]+\.(example|tw)\b)", re.IGNORECASE)
WAY = {"zh-hant": "court 點 example", "en": "court dot example"}
SAID = {"zh-hant": "您已選擇信件不附連結", "en": "You have chosen emails without links"}


@pytest.fixture
def _site(settings):
    settings.CPOR = settings.CPOR | {"BASE_URL": "https://court.example"}
    settings.DEFAULT_FROM_EMAIL = "no-reply@testserver"


@pytest.mark.usefixtures("_site")
@pytest.mark.parametrize("language", WAY)
@pytest.mark.parametrize("name", sorted(every_mail.EVERY_MAIL.keys() - WITHOUT_CHOICES))
def test_a_mail_says_the_way_in_words(name, language, litigant, case):
    Court.objects.update(website="https://tpd.court.example")
    Litigant.objects.store(litigant, language=language, mails_without_links=True)
    mail = every_mail.post(name, litigant, case)

    written = rendering.render(mail)

    page = BeautifulSoup(written.html, "html.parser")
    targets = {link["href"] for link in page.select("a")}
    in_text = set(LINK.findall(written.body))
    assert WAY[language] in " ".join(written.body.split())
    assert WAY[language] in " ".join(page.text.split())
    if name in ONLY_BY_LINK:
        [link] = targets
        assert in_text == {link}
        assert len(link.rstrip("/").rsplit("/", 1)[1]) > 20  # the secret
        for text in (written.body, page.text):
            assert SAID[language] in " ".join(text.split())
    else:
        assert (targets, in_text) == (set(), set())
        for text in (written.body, page.text):
            assert not MADE_A_LINK.search(text.replace(litigant.email, "")), text
    assert (MESSAGES[mail.kind].can_be_switched_off) == ("List-Unsubscribe" in written.extra_headers)


@pytest.mark.parametrize("name", sorted(ONLY_BY_LINK))
def test_others_are_not_told_of_a_choice_they_did_not_make(name, litigant, case):
    written = rendering.render(every_mail.post(name, litigant, case))

    assert SAID["zh-hant"] not in written.body + written.html


def test_it_is_chosen_in_the_settings(litigant, case):
    factories.make_access(litigant, case)
    client = Client()
    client.force_login(litigant)
    chosen = {
        "mail_preference": "at_once",
        "digest_hour": "18",
        "reminder_days": "7,1",
        "language": "en",
        "mails_without_links": "on",
    }

    assert "Emails without links" in client.get("/en/cases/settings/").content.decode()
    client.post("/en/cases/settings/", chosen)
    assert Litigant.objects.get().mails_without_links

    client.post("/en/cases/settings/", chosen | {"mails_without_links": ""})
    assert not Litigant.objects.get().mails_without_links


def test_one_readers_choice_is_not_the_next_ones(litigant, other_litigant, case):
    """The way is not kept from one mail of a batch to the next."""
    Litigant.objects.store(litigant, mails_without_links=True)
    first, second = (every_mail.post("welcome", each, case) for each in (litigant, other_litigant))

    assert "http" not in rendering.render(first).body
    assert "http" in rendering.render(second).body
    assert "http" not in rendering.render(first).body
