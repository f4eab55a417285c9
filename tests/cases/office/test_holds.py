"""The hold on typed entries, as the clerk sees it."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import timezone

from cpor_cases.actions import entries
from cpor_cases.models import CourtLogEntry, OutgoingMail, ProgressEntry
from tests.factories import make_access, make_case, make_clerk, make_entry, make_kind, make_word

pytestmark = pytest.mark.django_db


def url(name, row):
    return reverse(f"office_cases:{name}", args=[row.pk])


@pytest.fixture
def case(court, litigant):
    make_word("訴")
    case = make_case(court)
    make_access(litigant, case)
    return case


@pytest.fixture
def typed():
    make_kind("judgment", name_zh="判決")
    return {"recorded_at": "115/09/24", "kind": "判決", "detail": "主文如附件"}


@pytest.fixture
def held(office, case, typed) -> ProgressEntry:
    office.post(url("record_entry", case), typed)
    return ProgressEntry.objects.get()


def page_of(client, case):
    return client.get(url("inspect", case)).content.decode()


def test_case_page_says_when_the_mails_go_and_how_to_take_the_entry_back(office, case, held):
    page = page_of(office, case)

    assert f"{timezone.localtime(held.held_until):%H:%M}" in page
    for name in ("withdraw_entry", "correct_entry", "publish_entry"):
        assert url(name, held) in page


def test_clerk_sees_what_the_people_will_read_of_the_kind_while_choosing_and_on_hold(office, case, typed):
    parts = {"meaning": "作成了。", "to_do": "請等候。", "next_step": "會送達。"}
    make_kind("ruling", name_zh="裁定", **{f"{name}_zh": text for name, text in parts.items()})

    form = BeautifulSoup(office.get(url("record_entry", case)).content, "html.parser")
    office.post(url("record_entry", case), typed | {"kind": "裁定"})
    waiting = BeautifulSoup(page_of(office, case), "html.parser").select_one(".office-hold .office-reads")

    option = form.find("option", value="裁定")
    assert {name: option[f"data-{name.replace('_', '-')}"] for name in parts} == parts
    assert all(text in waiting.text for text in parts.values())


def test_entry_on_hold_is_taken_back_without_a_reason_and_nobody_is_told(office, case, held):
    office.post(url("withdraw_entry", held), {"reason": ""})
    entries.publish_due(timezone.now() + dt.timedelta(hours=1))

    held.refresh_from_db()
    assert held.withdrawn_at
    assert not OutgoingMail.objects.exists()
    assert CourtLogEntry.objects.filter(action="cpor_cases.entry.withdraw").exists()


def test_published_entry_needs_a_reason_even_if_the_form_was_drawn_before(office, held):
    entries.publish_due(timezone.now() + dt.timedelta(hours=1))

    answer = office.post(url("withdraw_entry", held), {"reason": ""})

    assert "reason" in answer.context["form"].errors
    held.refresh_from_db()
    assert held.withdrawn_at is None


def test_entry_on_hold_is_corrected_without_a_mark(office, case, typed, held):
    office.post(url("correct_entry", held), typed | {"detail": "主文如次"})

    held.refresh_from_db()
    assert (held.detail, held.corrected_at) == ("主文如次", None)
    assert held.held_until


def test_clerk_who_is_sure_tells_people_at_once(office, clerk, case, held, litigant):
    office.post(url("publish_entry", held))

    held.refresh_from_db()
    assert held.held_until is None
    mail = OutgoingMail.objects.get()
    assert mail.account == litigant
    assert mail.not_before <= timezone.now()
    assert CourtLogEntry.objects.filter(action="cpor_cases.entry.publish", user=clerk).exists()


def test_sending_now_twice_tells_once(office, held):
    for _time in range(2):
        answer = office.post(url("publish_entry", held), follow=True)

    assert answer.status_code == 200
    assert OutgoingMail.objects.count() == 1
    assert CourtLogEntry.objects.filter(action="cpor_cases.entry.publish").count() == 1


def test_mail_of_a_correction_waits_too_and_can_be_hurried(office, case, typed, held):
    office.post(url("publish_entry", held))
    office.post(url("correct_entry", held), typed | {"detail": "主文如次"})
    mail = OutgoingMail.objects.latest("pk")
    assert mail.not_before > timezone.now()
    assert f"{timezone.localtime(mail.not_before):%H:%M}" in page_of(office, case)

    office.post(url("publish_entry", held))

    mail.refresh_from_db()
    assert mail.not_before <= timezone.now()


def test_another_courts_clerk_and_an_overseer_cannot_hurry_it(client, held, clerk_elsewhere, court):
    client.force_login(clerk_elsewhere)
    assert client.post(url("publish_entry", held)).status_code == 404

    client.force_login(make_clerk(court, group="Service managers"))
    client.post(url("publish_entry", held))
    held.refresh_from_db()
    assert held.held_until


def test_without_a_hold_people_are_told_as_soon_as_it_is_typed(office, case, typed, settings):
    settings.CPOR = settings.CPOR | {"TYPED_ENTRY_HOLD_MINUTES": 0}

    office.post(url("record_entry", case), typed)

    assert ProgressEntry.objects.get().held_until is None
    assert OutgoingMail.objects.get().not_before <= timezone.now()


def test_queries_of_the_case_page_do_not_grow_with_what_waits(office, case, django_assert_max_num_queries):
    def fill(times):
        for _each in range(times):
            make_entry(case, held_until=timezone.now() + dt.timedelta(minutes=3))

    fill(1)
    page_of(office, case)
    with django_assert_max_num_queries(100) as few:
        page_of(office, case)
    fill(6)

    with django_assert_max_num_queries(len(few)):
        page_of(office, case)
