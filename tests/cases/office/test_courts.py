"""The court's own settings: its manager sets them, litigants read what follows, nothing overwrites them."""

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.urls import reverse

from cpor_cases.actions import courts
from cpor_cases.models import CourtLogEntry
from cpor_core.models import Court
from cpor_core.translated.fields import texts
from tests.factories import make_access, make_case, make_clerk, make_court

pytestmark = pytest.mark.django_db

FACTS = {
    "phone": "02-2314-6871 #123",
    "hours_zh-hant": "週一至週五 8:30–17:30",
    "hours_en": "Monday to Friday 8:30–17:30",
    "tells_waiting_times": "on",
}
HOURS = {"zh-hant": FACTS["hours_zh-hant"], "en": FACTS["hours_en"]}


def page(court) -> str:
    return reverse("office_courts:edit", args=[court.pk])


def test_manager_sets_telephone_and_hours_and_litigants_read_them(client, manager, court, litigant):
    case = make_access(litigant, make_case(court)).case
    client.force_login(manager)

    client.post(page(court), FACTS)

    client.force_login(litigant)
    text = client.get(reverse("cpor_cases:case", args=[case.public_id])).content.decode()
    assert FACTS["phone"] in text
    assert "tel:0223146871;ext=123" in text
    assert FACTS["hours_zh-hant"] in text
    english = client.get(f"/en/cases/{case.public_id}/").content.decode()
    assert FACTS["hours_en"] in english


def test_change_is_on_record_in_the_audit_of_the_court(client, manager, court):
    client.force_login(manager)

    client.post(page(court), FACTS | {"phone": ""})
    client.post(page(court), FACTS | {"phone": ""})

    entry = CourtLogEntry.objects.get(action="cpor_cases.court.edit")
    assert (entry.court, entry.user, entry.data) == (court, manager, {"changed": ["hours"]})
    assert str(Court._meta.get_field("hours").verbose_name) in (
        client.get(reverse("office_audit:index")).content.decode()
    )


def test_whether_waiting_times_are_told_is_the_managers_choice_and_on_record(client, manager, court):
    client.force_login(manager)
    assert court.tells_waiting_times

    client.post(page(court), {key: FACTS[key] for key in FACTS if key != "tells_waiting_times"})

    court.refresh_from_db()
    assert not court.tells_waiting_times
    entry = CourtLogEntry.objects.get(action="cpor_cases.court.edit")
    assert "tells_waiting_times" in entry.data["changed"]
    client.post(page(court), FACTS)
    court.refresh_from_db()
    assert court.tells_waiting_times


@pytest.mark.parametrize(
    "phone",
    ["02-2314-6871", "(02)2314-6871", "０２－２３１４６８７１", "02-23146871 轉 12", "+886 2 2314 6871"],
)
def test_telephone_numbers_as_people_write_them_are_taken(client, manager, court, phone):
    client.force_login(manager)

    client.post(page(court), {"phone": phone})

    court.refresh_from_db()
    assert court.phone
    assert court.phone_link.removeprefix("tel:").replace(";ext=", "").removeprefix("+").isdecimal()


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"phone": "call us"}, "phone"),
        ({"phone": "12"}, "phone"),
        ({"phone": "javascript:alert(1)"}, "phone"),
        ({"hours_zh-hant": "週一"}, "hours"),
        ({"hours_en": "Mon"}, "hours"),
        ({"hours_en": "x" * 201, "hours_zh-hant": "週一"}, "hours"),
    ],
)
def test_what_cannot_be_taken_is_kept_in_the_form_with_a_sentence(client, manager, court, typed, field):
    client.force_login(manager)

    answer = client.post(page(court), typed)

    assert answer.context["form"].errors[field]
    assert next(iter(typed.values())) in answer.content.decode()
    assert Court.objects.get(pk=court.pk).hours == ""


def test_manager_of_another_court_a_clerk_and_who_oversees_all_cannot(client, court, other_court, clerk):
    overseer = make_clerk(other_court, group="Service managers")
    for person in (make_clerk(other_court, group="Court managers"), clerk, overseer):
        client.force_login(person)
        assert client.post(page(court), FACTS).status_code in {302, 404}
        with pytest.raises(PermissionDenied):
            courts.change_settings(court=court, by=person, phone="", hours={}, tells_waiting_times=False)
    assert Court.objects.get(pk=court.pk).phone == court.phone


def test_manager_of_one_court_goes_straight_there_and_of_two_chooses(client, manager, court, other_court):
    client.force_login(manager)
    assert client.get(reverse("office_courts:index")).url == page(court)

    manager.posts.create(court=other_court)

    assert page(other_court) in client.get(reverse("office_courts:index")).content.decode()


def test_loading_the_reference_data_again_leaves_them_as_they_are(manager):
    call_command("load_reference_data", verbosity=0)
    court = make_court("TPD")
    courts.change_settings(
        court=court, by=manager, phone=FACTS["phone"], hours=HOURS, tells_waiting_times=False
    )

    call_command("load_reference_data", verbosity=0)

    court.refresh_from_db()
    assert (court.phone, texts(court, "hours")) == (FACTS["phone"], HOURS)
    assert not court.tells_waiting_times
