"""Every link of every mail leads to a page in the reader's language."""

import re

import pytest

from cpor_cases.mail import rendering
from cpor_cases.mail.messages import MESSAGES
from cpor_cases.models import Litigant, OutgoingMail
from tests.support import every_mail

pytestmark = pytest.mark.django_db

# The office has one address: each member of staff chooses its language.
LANGUAGES = {"zh-hant": r"/(?!en/)", "en": r"/(en|office)/"}
SITE_LINK = re.compile(r"http://testserver(/[^\s\"'<>]*)")


def links_of(mail: OutgoingMail) -> set[str]:
    written = rendering.render(mail)
    headers = " ".join(written.extra_headers.values())
    return set(SITE_LINK.findall(f"{written.body} {written.html} {headers}"))


def test_every_kind_of_mail_is_tried():
    assert set(every_mail.POSTERS) - {"address_in_use", "staff_address_in_use"} == set(MESSAGES) - {
        "account_notice"
    }


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", every_mail.EVERY_MAIL)
def test_the_links_of_a_mail(name, language, litigant, case):
    Litigant.objects.store(litigant, language=language)
    found = links_of(every_mail.post(name, litigant, case))

    assert found
    assert [each for each in found if not re.match(LANGUAGES[language], each)] == []
