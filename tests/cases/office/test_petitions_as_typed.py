"""Whatever a person types on the site is, once scanned at the office, what the form sends and what is recorded."""

import datetime as dt
import random

import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from cpor_cases.actions import petition_papers
from cpor_cases.office.applications.petition_forms import PetitionForm
from cpor_core.case_numbers import CaseNumber
from cpor_core.models import Category
from tests.factories import make_role, make_word
from tests.support.made_petitions import make_petition

pytestmark = pytest.mark.django_db

WORDS = {
    "civil": ["訴", "重訴", "板簡"],
    "family": ["婚"],
    "criminal": ["易", "交易"],
    "administrative": ["簡"],
}
ROLES = {
    "civil": ["當事人", "原告", "訴訟代理人"],
    "family": ["聲請人", "法定代理人"],
    "criminal": ["被告", "告訴人法定代理人", "辯護人"],
    "administrative": ["原告", "參加人"],
}
CHARACTERS = st.sampled_from("王李陳𠮷龘小明美·‧.-' O'Neill＆&<>\"ＡＢ㈱éß")
NAMES = (
    st.text(CHARACTERS, min_size=1, max_size=30)
    .map(str.strip)
    .filter(lambda text: any(map(str.isalpha, text)))
)
ADDRESSES = st.from_regex(
    r"[a-z][a-z0-9_+.-]{0,20}[a-z0-9]@(?:mail|xn--kpry57d|a-b)\.example", fullmatch=True
).filter(lambda text: ".." not in text)
NUMBERS = st.builds(lambda year, number: (year, number), st.integers(90, 115), st.integers(1, 9_999_999))


def spelled_by_a_scanner(number: str) -> str:
    """Return a number as scanners and people send it: grouped, wide, with blanks."""
    wide = number.translate({ord(digit): chr(ord(digit) + 0xFEE0) for digit in "0123456789"})
    grouped = f"{number[:5]}-{number[5:]}"
    return random.Random(number).choice([number, wide, grouped, f" {grouped} ", f"{number[:5]} {number[5:]}"])


def sent_unchanged(form: PetitionForm) -> dict:
    """Return what a browser sends of a form that nobody has changed."""
    page, sent = BeautifulSoup(form.as_div(), "html.parser"), {}
    for each in page.find_all("input"):
        if each.get("type") not in {"radio", "checkbox"} or each.has_attr("checked"):
            sent[each["name"]] = each.get("value", "")
    for select in page.find_all("select"):
        chosen = select.find("option", selected=True)
        sent[select["name"]] = chosen["value"] if chosen else ""
    return sent


@given(data=st.data())
@examples(
    max_examples=200,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_two_hundred_petitions_are_recorded_as_they_were_typed(clerk, court, data):
    category = data.draw(st.sampled_from(Category.values))
    word = make_word(data.draw(st.sampled_from(WORDS[category])), category=category).word
    year, number = data.draw(NUMBERS)
    typed = {
        "category": category,
        "number": CaseNumber(year, word, number),
        "role": make_role(data.draw(st.sampled_from(ROLES[category])), category=category),
        "applicant_name": data.draw(NAMES),
        "address": data.draw(ADDRESSES),
        "phone": data.draw(st.sampled_from(["", "02-2314-6871", "0912345678 轉 3"])),
        "language": data.draw(st.sampled_from([code for code, _name in settings.LANGUAGES])),
        "is_address_proved": data.draw(st.booleans()),
    }
    petition = make_petition(court, **typed)

    found = petition_papers.find(spelled_by_a_scanner(petition.number), by=clerk)
    form = PetitionForm(
        sent_unchanged(PetitionForm(petition=found, clerk=clerk)), petition=found, clerk=clerk
    )
    assert form.is_valid(), form.errors
    recorded = petition_papers.record(petition=found, by=clerk, is_approved=False, **form.facts)

    recorded.refresh_from_db()
    assert {
        "category": recorded.case.category,
        "number": recorded.case.full_number,
        "role": recorded.role,
        "applicant_name": recorded.applicant_name,
        "address": recorded.email,
        "phone": recorded.phone,
        "language": recorded.language,
        "is_address_proved": recorded.address_proved_at is not None,
    } == typed
    assert recorded.court == court
    assert petition_papers.differences(petition, form.facts) == []
    assert isinstance(recorded.received_on, dt.date)
