"""The handbook for clerks: a page of the office, in the help menu."""

import re

import pytest
from django.urls import reverse
from wagtail.users.models import UserProfile

pytestmark = pytest.mark.django_db


def test_help_menu_of_a_clerk_leads_to_the_handbook_alone(office):
    page = office.get(reverse("wagtailadmin_home")).content.decode()

    assert reverse("office_handbook") in page
    assert "editor-manual" not in page
    assert "guide.wagtail.org" not in page


@pytest.mark.parametrize(("language", "heading"), [("zh-hant", "書記官的一天"), ("en", "A clerk's day")])
def test_handbook_is_read_in_the_language_of_the_office(office, clerk, language, heading):
    profile = UserProfile.get_for_user(clerk)
    profile.preferred_language = language
    profile.save()

    page = office.get(reverse("office_handbook")).content.decode()

    text = re.search(r'<div class="office-sheet office-handbook">(.*?)</div>', page, re.DOTALL)[1]
    assert heading in text.replace("&#x27;", "'")
    assert not re.search("[\u4e00-\u9fff]\n[\u4e00-\u9fff]", text)
