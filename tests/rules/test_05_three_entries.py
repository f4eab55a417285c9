"""Rule 5: the latest three entries of each case, newest first, and no more."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(litigant):
    case = factories.make_access(litigant).case
    for day in (3, 1, 5, 2, 4):
        moment = timezone.make_aware(dt.datetime(2026, 9, day))
        factories.make_entry(case, recorded_at=moment, detail=f"第{day}筆")
    return case


@pytest.mark.parametrize("page", ["all", "one"])
def test_the_latest_three_are_shown_newest_first_and_no_more(client, litigant, case, page):
    client.force_login(litigant)
    url = reverse("cpor_cases:cases") if page == "all" else reverse("cpor_cases:case", args=[case.public_id])

    text = client.get(url).content.decode()

    assert text.index("第5筆") < text.index("第4筆") < text.index("第3筆")
    assert "第2筆" not in text
    assert "第1筆" not in text


def test_a_withdrawn_entry_is_not_among_them(client, litigant, case):
    case.entries.filter(detail="第5筆").update(withdrawn_at=timezone.now())
    client.force_login(litigant)

    text = client.get(reverse("cpor_cases:cases")).content.decode()

    assert "第5筆" not in text
    assert "第2筆" in text


def test_of_two_entries_of_one_moment_the_later_recorded_stands_first(client, litigant):
    case = factories.make_access(litigant).case
    moment = timezone.make_aware(dt.datetime(2026, 9, 1))
    for detail in ("先", "後"):
        factories.make_entry(case, recorded_at=moment, detail=f"{detail}到")
    client.force_login(litigant)

    text = client.get(reverse("cpor_cases:case", args=[case.public_id])).content.decode()

    assert text.index("後到") < text.index("先到")
