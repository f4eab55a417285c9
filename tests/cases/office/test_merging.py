"""Transfer and merging in the office, and where old links lead."""

import datetime as dt

import pytest
from django.urls import reverse

from cpor_cases.actions import case_merging, merge_plan
from cpor_cases.models import Case, CaseAccess
from cpor_cases.office.applications.check_results import CheckResults
from cpor_cases.office.cases.duplicates import duplicate_groups
from tests.factories import make_access, make_application, make_case, make_clerk, make_entry, make_word

pytestmark = pytest.mark.django_db


def url(name, *rows):
    return reverse(f"office_cases:{name}", args=[row.pk for row in rows])


@pytest.fixture
def kept(court):
    make_word("訴")
    return make_case(court, number=123)


@pytest.fixture
def dropped(court):
    return make_case(court, number=132)


def test_division_is_typed_and_shown(office, kept):
    office.post(url("transfer", kept), {"division": "孝股"})

    kept.refresh_from_db()
    assert kept.division == "孝"
    page = office.get(url("inspect", kept)).content.decode()
    assert "Case transferred" in page or "孝" in page


def test_case_that_stays_is_named_by_its_number(office, kept, dropped):
    answer = office.post(url("merge", dropped), {"category": "civil", "number": "115年度訴字第123號"})

    assert answer.url == url("merge_into", dropped, kept)


@pytest.mark.parametrize("number", ["115訴132", "115訴999", "whatever"])
def test_number_that_cannot_be_meant_is_said_so_and_stays(office, kept, dropped, number):
    answer = office.post(url("merge", dropped), {"category": "civil", "number": number})

    assert "number" in answer.context["form"].errors
    assert answer.context["form"]["number"].value() == number


def test_case_of_another_court_is_not_found_by_its_number(office, dropped, other_court):
    make_case(other_court, number=77)

    answer = office.post(url("merge", dropped), {"category": "civil", "number": "115訴77"})

    assert "number" in answer.context["form"].errors


def test_preview_shows_what_would_happen_and_does_nothing(office, kept, dropped, litigant):
    make_access(litigant, dropped)
    make_entry(dropped, detail="誤植案號")

    page = office.get(url("merge_into", dropped, kept)).content.decode()

    for said in ("誤植案號", "王大明", str(kept.full_number), str(dropped.full_number)):
        assert said in page
    assert Case.objects.filter(pk=dropped.pk).exists()


def test_merge_leads_to_the_case_that_stays(office, kept, dropped):
    answer = office.post(url("merge_into", dropped, kept))

    assert answer.url == url("inspect", kept)
    assert str(dropped.full_number) in office.get(url("inspect", kept)).content.decode()


def test_merging_again_leads_to_the_case_that_stays(office, kept, dropped):
    office.post(url("merge_into", dropped, kept))

    answer = office.post(url("merge_into", dropped, kept))

    assert answer.url == url("inspect", kept)


def test_what_stands_against_it_is_said_and_no_button_is_there(office, court, dropped, litigant):
    make_word("家調", openness="no")
    closed = make_case(court, word="家調")
    make_access(litigant, dropped)

    for answer in (
        office.get(url("merge_into", dropped, closed)),
        office.post(url("merge_into", dropped, closed)),
    ):
        assert answer.context["obstacles"]
        assert 'class="button serious"' not in answer.content.decode()
    assert Case.objects.filter(pk=dropped.pk).exists()


def test_other_case_must_lie_within_the_horizon_too(office, dropped, other_court):
    elsewhere = make_case(other_court)

    assert office.get(url("merge_into", dropped, elsewhere)).status_code == 404
    assert office.post(url("merge_into", dropped, elsewhere)).status_code == 404
    assert office.post(url("merge_into", elsewhere, dropped)).status_code == 404


def test_who_only_oversees_merges_nothing(client, court, kept, dropped):
    client.force_login(make_clerk(court, group="Service managers"))

    client.post(url("merge_into", dropped, kept))

    assert Case.objects.filter(pk=dropped.pk).exists()


def test_old_link_leads_whoever_may_see_the_case_to_its_page(client, litigant, kept, dropped, clerk):
    make_access(litigant, dropped)
    old = reverse("cpor_cases:case", args=[dropped.public_id])
    case_merging.merge(dropped=dropped, kept=kept, by=clerk)
    client.force_login(litigant)

    answer = client.get(old)

    assert answer.url == reverse("cpor_cases:case", args=[kept.public_id])


def test_old_link_tells_nobody_else_that_there_was_a_case(
    client, litigant, other_litigant, kept, dropped, clerk
):
    make_access(litigant, dropped)
    old = reverse("cpor_cases:case", args=[dropped.public_id])
    case_merging.merge(dropped=dropped, kept=kept, by=clerk)

    client.force_login(other_litigant)
    assert client.get(old).status_code == 404
    CaseAccess.objects.update(ended_at=kept.accesses.first().granted_at, end_reason="revoked")
    client.force_login(litigant)
    assert client.get(old).status_code == 404


def test_number_that_comes_again_is_on_the_first_page_and_on_its_page(office, court, kept, dropped, clerk):
    case_merging.merge(dropped=dropped, kept=kept, by=clerk)
    again = make_application(court, by=clerk, number=dropped.full_number).case

    assert url("inspect", again) in office.get(reverse("wagtailadmin_home")).content.decode()
    assert url("merge_into", again, kept) in office.get(url("inspect", again)).content.decode()


def test_clerk_who_types_the_slip_again_is_warned(court, kept, dropped, clerk):
    case_merging.merge(dropped=dropped, kept=kept, by=clerk)
    application = make_application(court, by=clerk, number=dropped.full_number)

    check_results = CheckResults.about(application, clerk)

    assert check_results.merged_into == kept
    assert any(str(kept.full_number) in sentence for sentence in check_results.sentences)


# The number that was merged is still typed, told and bookmarked.


@pytest.fixture
def merged(kept, dropped, clerk):
    """The number and the address that the dropped case had, after the merge."""
    number, address = dropped.full_number, url("inspect", dropped)
    case_merging.merge(dropped=dropped, kept=kept, by=clerk)
    return number, address


def find(client, screen, text):
    answer = client.get(reverse(screen), {"q": text}, follow=True)
    return answer, answer.content.decode()


@pytest.mark.parametrize("text", ["115年度訴字第132號", "115訴132", "132"])
def test_merged_number_finds_the_case_that_stays(office, kept, merged, text):
    answer, _page = find(office, "office_cases:index", text)

    assert list(answer.context["object_list"]) == [kept]


@pytest.mark.parametrize("screen", ["office_cases", "office_applications", "office_mails", "office_calls"])
def test_every_search_says_where_a_merged_number_is_now(office, kept, merged, screen):
    _answer, page = find(office, f"{screen}:index", "115訴132")

    assert url("inspect", kept) in page
    assert str(merged[0]) in page


def test_caller_with_a_merged_number_is_not_sent_to_another_court(office, kept, merged):
    _answer, page = find(office, "office_calls:index", "115訴132")

    assert "其他法院" not in page


def test_caller_with_a_merged_number_is_answered(office, court, kept, dropped, clerk):
    application = make_application(case=dropped, by=clerk)
    case_merging.merge(dropped=dropped, kept=kept, by=clerk)

    answer, _page = find(office, "office_calls:index", "115訴132")

    assert [each.application for each in answer.context["advice"]] == [application]


def test_clerk_of_another_court_learns_nothing_of_a_merge(client, merged, clerk_elsewhere):
    client.force_login(clerk_elsewhere)
    number, address = merged

    _answer, page = find(client, "office_cases:index", "115訴132")

    assert str(number) not in page.split("<main")[-1].replace("115訴132", "")
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("name", ["inspect", "record_entry", "transfer", "merge"])
def test_old_office_address_leads_to_the_case_that_stays(office, kept, dropped, clerk, name):
    old = url(name, dropped)
    number = dropped.full_number
    case_merging.merge(dropped=dropped, kept=kept, by=clerk)

    answer = office.get(old, follow=True)

    assert answer.redirect_chain == [(url("inspect", kept), 302)]
    assert any(str(number) in str(message) for message in answer.context["messages"])


def test_form_of_a_case_merged_meanwhile_records_nothing(office, kept, dropped, clerk):
    old = url("transfer", dropped)
    case_merging.merge(dropped=dropped, kept=kept, by=clerk)

    answer = office.post(old, {"division": "勤"})

    kept.refresh_from_db()
    assert answer.url == url("inspect", kept)
    assert kept.division == ""


def test_merging_into_a_number_that_was_merged_itself_means_the_case_that_stays(office, court, kept, merged):
    third = make_case(court, number=321)

    answer = office.post(url("merge", third), {"category": "civil", "number": "115訴132"})

    assert answer.url == url("merge_into", third, kept)


def test_an_old_address_leads_on_over_two_merges(office, court, kept, merged, clerk):
    last = make_case(court, number=321)
    case_merging.merge(dropped=kept, kept=last, by=clerk)

    assert office.get(merged[1]).url == url("inspect", last)


def test_person_finds_the_case_by_its_old_number(client, litigant, kept, dropped, clerk):
    make_access(litigant, dropped)
    case_merging.merge(dropped=dropped, kept=kept, by=clerk)
    client.force_login(litigant)

    for text in ("115年度訴字第132號", "訴132", "132"):
        answer = client.get(reverse("cpor_cases:cases"), {"q": text}, follow=True)
        assert [access.case for access in answer.context["accesses"]] == [kept]


@pytest.mark.parametrize("name", ["case", "sheet", "leave"])
def test_every_old_page_of_a_person_leads_on_and_says_why(client, litigant, kept, dropped, clerk, name):
    make_access(litigant, dropped)
    old = reverse(f"cpor_cases:{name}", args=[dropped.public_id])
    case_merging.merge(dropped=dropped, kept=kept, by=clerk)
    client.force_login(litigant)

    answer = client.get(old, follow=True)

    assert answer.redirect_chain == [(reverse(f"cpor_cases:{name}", args=[kept.public_id]), 302)]
    assert str(kept.full_number) in " ".join(map(str, answer.context["messages"]))


def test_old_addresses_by_parameter_lead_on_as_well(client, litigant, kept, dropped, clerk):
    make_access(litigant, dropped)
    public_id = dropped.public_id
    case_merging.merge(dropped=dropped, kept=kept, by=clerk)
    client.force_login(litigant)

    case_page = reverse("cpor_cases:case", args=[kept.public_id])
    assert client.get(reverse("cpor_cases:cases"), {"case": public_id}).url == case_page
    assert client.get(reverse("cpor_cases:mails"), {"case": public_id}).context["chosen"].case == kept


def test_words_sent_to_an_old_page_stay_typed_and_overwrite_nothing(client, litigant, kept, dropped, clerk):
    access = make_access(litigant, dropped, note="先前的註記")
    old = reverse("cpor_cases:case", args=[dropped.public_id])
    case_merging.merge(dropped=dropped, kept=kept, by=clerk)
    client.force_login(litigant)

    page = client.post(old, {"own_name": "房東", "note": "剛輸入的"}).content.decode()

    access.refresh_from_db()
    assert access.note == "先前的註記"
    assert "剛輸入的" in page
    assert str(kept.full_number) in page


def test_who_stops_following_on_an_old_page_is_asked_again(client, litigant, kept, dropped, clerk):
    access = make_access(litigant, dropped)
    old = reverse("cpor_cases:leave", args=[dropped.public_id])
    case_merging.merge(dropped=dropped, kept=kept, by=clerk)
    client.force_login(litigant)

    answer = client.post(old)

    access.refresh_from_db()
    assert access.ended_at is None
    assert answer.url == reverse("cpor_cases:leave", args=[kept.public_id])


# Entries that say the same thing twice


def duplicates_in(dropped, kept):
    return duplicate_groups(merge_plan.MergePlan(dropped, kept))


HEARING = dt.datetime(2026, 12, 3, 1, 30, tzinfo=dt.UTC)


def test_one_hearing_three_times_is_shown_before_the_merge(office, kept, dropped):
    for case, detail in ((dropped, "言詞辯論"), (kept, "言詞辯論 第一法庭"), (kept, "")):
        make_entry(case, kind="hearing", hearing_at=HEARING, detail=detail)

    [alike] = duplicates_in(dropped, kept)
    page = office.get(url("merge_into", dropped, kept)).content.decode()

    assert len(alike) == 3
    for entry in alike:
        assert reverse("office_cases:withdraw_entry", args=[entry.pk]) in page
    assert "相似" in page


def test_the_same_text_on_one_day_is_a_duplicate_however_they_are_spelled(kept, dropped):
    for case, detail in ((dropped, "原告勝訴。"), (kept, "原告勝訴。 ")):
        make_entry(case, detail=detail)

    assert len(duplicates_in(dropped, kept)) == 1


def test_what_differs_is_withdrawn_or_stood_there_already_is_no_duplicate(kept, dropped):
    make_entry(kept, kind="hearing", hearing_at=HEARING)
    make_entry(kept, kind="hearing", hearing_at=HEARING)
    make_entry(dropped, kind="hearing", hearing_at=HEARING + dt.timedelta(minutes=30))
    make_entry(dropped, kind="hearing", hearing_at=HEARING, withdrawn_at=HEARING)
    make_entry(dropped, detail="一")
    make_entry(kept, detail="二")

    assert duplicates_in(dropped, kept) == []


def test_merge_of_duplicates_says_on_the_case_what_is_left_to_do(office, kept, dropped):
    for case in (kept, dropped):
        make_entry(case, kind="hearing", hearing_at=HEARING)

    answer = office.post(url("merge_into", dropped, kept), follow=True)

    assert [message.level_tag for message in answer.context["messages"]] == ["success", "warning"]
