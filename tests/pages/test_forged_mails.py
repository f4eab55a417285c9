"""The page on forged mails shows what the real ones are like, made from the mails themselves."""

import pytest
from bs4 import BeautifulSoup
from django.utils import translation

from cpor_cases.mail import check_codes, notifications, rendering
from cpor_cases.mail.messages import MESSAGES
from cpor_cases.mail.messages.account_notices import NOTICES
from cpor_cases.models import OutgoingMail
from cpor_core import signals
from cpor_pages.models import AnswerPage, PlainPage
from cpor_pages.office.broken_links import broken_links
from tests import factories

PAGES = {"zh-hant": "/forged-emails/", "en": "/en/forged-emails/"}


def words(html) -> str:
    return " ".join(BeautifulSoup(html, "html.parser").get_text(" ").split())


@pytest.mark.parametrize("language", PAGES)
def test_it_names_the_sender_and_every_subject(public_site, client, settings, language):
    settings.DEFAULT_FROM_EMAIL = "案件進度 <progress@court.example>"

    page = client.get(PAGES[language]).content.decode()

    assert "progress@court.example" in page
    with translation.override(language):
        kinds = [message for message in MESSAGES.values() if not message.is_for_staff]
        for message in [*kinds, *NOTICES.values()]:
            for subject in (message.subject, *message.other_subjects):
                assert str(subject) in words(page)


@pytest.mark.parametrize("language", PAGES)
def test_it_shows_a_mail_word_by_word_as_it_is_sent(public_site, client, court, language):
    """The text that the template writes today, with another case in it."""
    access = factories.make_access(factories.make_user(language=language), factories.make_case(court))
    notifications.case_added(access)
    mail = OutgoingMail.objects.get()
    sent = rendering.render(mail)
    real = " ".join(sent.body.split()).replace(check_codes.code_of(mail), check_codes.EXAMPLE)
    shown = words(client.get(PAGES[language]).content)

    with translation.override(language):
        for number in (str(access.case.court), access.case.full_number, str(access.case.public_id)):
            real = real.replace(str(number), "|")
    pieces = [piece.strip() for piece in real.split("|")]
    assert len(pieces) > 3
    assert [piece for piece in pieces if piece not in shown] == []


@pytest.mark.parametrize("language", PAGES)
def test_page_answer_check_and_footer_lead_to_each_other(public_site, client, language):
    prefix = PAGES[language].removesuffix("forged-emails/")
    home = BeautifulSoup(client.get(prefix).content, "html.parser")
    links_in_footer = {link["href"] for link in home.select("footer a")}
    answer = AnswerPage.objects.get(slug="real-or-forged", locale__language_code=language)

    assert {PAGES[language], f"{prefix}check/"} <= links_in_footer
    assert PAGES[language] in client.get(f"{prefix}check/").content.decode()
    for address in (PAGES[language], answer.url):
        assert f'href="{prefix}check/"' in client.get(address).content.decode()
    assert f'href="{PAGES[language]}"' in client.get(answer.url).content.decode()
    assert broken_links() == []


def test_editors_see_the_block_without_the_mails_of_a_service(public_site, client, monkeypatch):
    monkeypatch.setattr(signals.mails_described, "receivers", [])
    signals.mails_described.sender_receivers_cache.clear()

    response = client.get("/forged-emails/")

    assert response.status_code == 200
    assert "sample-mail" not in response.content.decode()
    assert PlainPage.objects.filter(slug="forged-emails").count() == 2
