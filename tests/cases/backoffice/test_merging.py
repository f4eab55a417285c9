"""Transfer and merging at the desk, and where old links lead."""

import pytest
from django.urls import reverse

from cpor_cases.actions import dockets
from cpor_cases.backoffice.findings import Findings
from cpor_cases.models import Case, CaseAccess
from tests.factories import make_access, make_application, make_case, make_clerk, make_entry, make_word

pytestmark = pytest.mark.django_db


def url(name, *rows):
    return reverse(f"desk_cases:{name}", args=[row.pk for row in rows])


@pytest.fixture
def kept(court):
    make_word("訴")
    return make_case(court, number=123)


@pytest.fixture
def dropped(court):
    return make_case(court, number=132)


def test_division_is_typed_and_shown(desk, kept):
    desk.post(url("transfer", kept), {"division": "孝股"})

    kept.refresh_from_db()
    assert kept.division == "孝"
    page = desk.get(url("inspect", kept)).content.decode()
    assert "Case transferred" in page or "孝" in page


def test_case_that_stays_is_named_by_its_number(desk, kept, dropped):
    answer = desk.post(url("merge", dropped), {"category": "civil", "number": "115年度訴字第123號"})

    assert answer.url == url("merge_into", dropped, kept)


@pytest.mark.parametrize("number", ["115訴132", "115訴999", "whatever"])
def test_number_that_cannot_be_meant_is_said_so_and_stays(desk, kept, dropped, number):
    answer = desk.post(url("merge", dropped), {"category": "civil", "number": number})

    assert "number" in answer.context["form"].errors
    assert answer.context["form"]["number"].value() == number


def test_case_of_another_court_is_not_found_by_its_number(desk, dropped, other_court):
    make_case(other_court, number=77)

    answer = desk.post(url("merge", dropped), {"category": "civil", "number": "115訴77"})

    assert "number" in answer.context["form"].errors


def test_preview_shows_what_would_happen_and_does_nothing(desk, kept, dropped, litigant):
    make_access(litigant, dropped)
    make_entry(dropped, detail="誤植案號")

    page = desk.get(url("merge_into", dropped, kept)).content.decode()

    for said in ("誤植案號", "王大明", str(kept.full_number), str(dropped.full_number)):
        assert said in page
    assert Case.objects.filter(pk=dropped.pk).exists()


def test_merge_leads_to_the_case_that_stays(desk, kept, dropped):
    answer = desk.post(url("merge_into", dropped, kept))

    assert answer.url == url("inspect", kept)
    assert str(dropped.full_number) in desk.get(url("inspect", kept)).content.decode()


def test_merging_again_says_it_is_gone(desk, kept, dropped):
    desk.post(url("merge_into", dropped, kept))

    assert desk.post(url("merge_into", dropped, kept)).status_code == 404


def test_what_stands_against_it_is_said_and_no_button_is_there(desk, court, dropped, litigant):
    make_word("家調", openness="no")
    closed = make_case(court, word="家調")
    make_access(litigant, dropped)

    for answer in (
        desk.get(url("merge_into", dropped, closed)),
        desk.post(url("merge_into", dropped, closed)),
    ):
        assert answer.context["hindrances"]
        assert 'class="button serious"' not in answer.content.decode()
    assert Case.objects.filter(pk=dropped.pk).exists()


def test_other_case_must_lie_within_the_horizon_too(desk, dropped, other_court):
    elsewhere = make_case(other_court)

    assert desk.get(url("merge_into", dropped, elsewhere)).status_code == 404
    assert desk.post(url("merge_into", dropped, elsewhere)).status_code == 404
    assert desk.post(url("merge_into", elsewhere, dropped)).status_code == 404


def test_who_only_oversees_merges_nothing(client, court, kept, dropped):
    client.force_login(make_clerk(court, group="Service managers"))

    client.post(url("merge_into", dropped, kept))

    assert Case.objects.filter(pk=dropped.pk).exists()


def test_old_link_leads_whoever_may_see_the_case_to_its_page(client, litigant, kept, dropped, clerk):
    make_access(litigant, dropped)
    old = reverse("cpor_cases:case", args=[dropped.public_id])
    dockets.merge(dropped=dropped, kept=kept, by=clerk)
    client.force_login(litigant)

    answer = client.get(old)

    assert answer.url == reverse("cpor_cases:case", args=[kept.public_id])


def test_old_link_tells_nobody_else_that_there_was_a_case(client, litigant, stranger, kept, dropped, clerk):
    make_access(litigant, dropped)
    old = reverse("cpor_cases:case", args=[dropped.public_id])
    dockets.merge(dropped=dropped, kept=kept, by=clerk)

    client.force_login(stranger)
    assert client.get(old).status_code == 404
    CaseAccess.objects.update(ended_at=kept.accesses.first().granted_at, end_reason="revoked")
    client.force_login(litigant)
    assert client.get(old).status_code == 404


def test_number_that_comes_again_is_on_the_desk_and_on_its_page(desk, court, kept, dropped, clerk):
    dockets.merge(dropped=dropped, kept=kept, by=clerk)
    again = make_application(court, by=clerk, number=dropped.full_number).case

    assert url("inspect", again) in desk.get(reverse("wagtailadmin_home")).content.decode()
    assert url("merge_into", again, kept) in desk.get(url("inspect", again)).content.decode()


def test_clerk_who_types_the_slip_again_is_warned(court, kept, dropped, clerk):
    dockets.merge(dropped=dropped, kept=kept, by=clerk)
    application = make_application(court, by=clerk, number=dropped.full_number)

    findings = Findings.about(application, clerk)

    assert findings.merged_into == kept
    assert any(str(kept.full_number) in sentence for sentence in findings.sentences)
