"""The handbook for editors: a page of the office, in the help menu."""

import re

import pytest
from django.urls import reverse
from wagtail.users.models import UserProfile

pytestmark = pytest.mark.django_db


def test_help_menu_of_an_editor_leads_to_the_handbook(client, editor):
    client.force_login(editor)

    assert reverse("editors_handbook") in client.get(reverse("wagtailadmin_home")).content.decode()


@pytest.mark.parametrize(
    ("language", "heading"), [("zh-hant", "撰寫與發布網頁"), ("en", "Write and publish a page")]
)
def test_handbook_is_read_in_the_language_of_the_office(client, editor, language, heading):
    profile = UserProfile.get_for_user(editor)
    profile.preferred_language = language
    profile.save()
    client.force_login(editor)

    page = client.get(reverse("editors_handbook")).content.decode()

    text = re.search(r'<div class="office-sheet office-handbook">(.*?)</div>', page, re.DOTALL)[1]
    assert heading in text
    assert not re.search("[\u4e00-\u9fff]\n[\u4e00-\u9fff]", text)
