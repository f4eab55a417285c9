"""Papers of petitions at the office: scanned, compared with the paper, recorded and approved."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import timezone

from cpor_cases.actions import application_corrections, applications, petition_papers, refusals
from cpor_cases.models import Application, CaseAccess, CourtLogEntry, OutgoingMail, Petition
from cpor_cases.office.audit.log_wording import note_of
from tests.factories import make_access, make_clerk, make_reason, make_role, make_user
from tests.support.made_petitions import make_petition

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"office_applications:{name}", args=args)


def scan(office, typed: str):
    return office.post(url("scan"), {"number": typed})


def sent(page) -> dict:
    """Return what the form sends if the clerk changes nothing."""
    form = BeautifulSoup(page.content, "html.parser").find("form", class_="office-form")
    fields = {
        each["name"]: each.get("value", "")
        for each in form.find_all("input")
        if each.get("type") not in {"radio", "checkbox"} or each.has_attr("checked")
    }
    for select in form.find_all("select"):
        chosen = select.find("option", selected=True)
        fields[select["name"]] = chosen["value"] if chosen else ""
    return fields


def record(office, petition, action="approve", **changes):
    page = office.get(url("petition", petition.pk))
    return office.post(url("petition", petition.pk), sent(page) | changes | {"action": action})


def errors(answer) -> str:
    return BeautifulSoup(answer.content, "html.parser").find("main").get_text(" ", strip=True)


# The number


@pytest.mark.parametrize(
    "spell",
    [str, lambda n: f" {n[:5]} - {n[5:]}\r\n", lambda n: n.translate(WIDE), lambda n: f"]Q1{n}\t"],
)
def test_a_number_opens_its_petition_however_it_is_typed(office, court, spell):
    petition = make_petition(court)

    answer = scan(office, spell(petition.number))

    assert answer["Location"] == url("petition", petition.pk)


WIDE = {ord(digit): chr(ord(digit) + 0xFEE0) for digit in "0123456789"}


def test_a_mistyped_number_is_said_to_be_none(office, court):
    number = make_petition(court).number
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)

    assert "十位數字中有誤" in errors(scan(office, wrong))


def test_a_number_that_no_petition_has_is_said_to_be_unknown(office, court):
    petition = make_petition(court)
    petition.delete()

    assert "查無此編號" in errors(scan(office, petition.number))


@pytest.mark.parametrize("state", ["new", "expired", "recorded"])
def test_nothing_is_told_of_a_petition_for_another_court_but_that_it_is(office, other_court, state):
    petition = make_petition(other_court, applicant_name="林他院")
    if state == "expired":
        Petition.objects.update(expires_at=timezone.now())
    if state == "recorded":
        there = make_clerk(other_court)
        petition_papers.record(petition=petition, by=there, is_approved=True, **facts_of(petition))

    said = errors(scan(office, petition.number))

    assert "是向其他法院聲請的" in said
    assert "林他院" not in said
    assert str(other_court) not in said
    assert office.get(url("petition", petition.pk)).status_code == 404
    assert not CourtLogEntry.objects.filter(action="cpor_cases.petition.inspect").exists()


def test_an_expired_petition_is_said_to_be_so_and_its_paper_still_counts(office, court):
    petition = make_petition(court)
    Petition.objects.update(expires_at=timezone.now())

    assert "書狀仍屬有效" in errors(scan(office, petition.number))
    assert office.get(url("petition", petition.pk))["Location"] == url("scan")


def test_a_paper_scanned_twice_leads_to_its_application(office, court):
    petition = make_petition(court)
    record(office, petition)

    answer = scan(office, petition.number)

    assert "已經登錄過" in errors(answer)
    assert url("inspect", Application.objects.get().pk) in answer.content.decode()


def test_the_field_is_empty_and_has_the_focus_after_a_wrong_number(office):
    field = BeautifulSoup(scan(office, "123").content, "html.parser").find(id="id_number")

    assert field.get("value", "") == ""
    assert field.has_attr("autofocus")


# The form


def test_the_form_shows_what_was_typed_and_that_the_address_was_proved(office, court):
    petition = make_petition(court)

    page = office.get(url("petition", petition.pk))

    fields = sent(page)
    assert fields["case_number"] == "115年度訴字第123號"
    assert fields["applicant_name"] == "王小明"
    assert fields["email"] == fields["email_again"] == "wang@example.org"
    text = BeautifulSoup(page.content, "html.parser").get_text(" ", strip=True)
    assert "線上填寫：王小明" in text
    assert "以驗證碼證明。" in text
    assert petition.grouped_number in text


def test_an_address_that_was_not_proved_is_said_not_to_be(office, court):
    page = office.get(url("petition", make_petition(court, is_address_proved=False).pk))

    assert "未以驗證碼證明" in page.content.decode()


def test_a_scan_is_on_record_as_a_view_of_a_person(office, clerk, court):
    petition = make_petition(court)

    office.get(url("petition", petition.pk))

    entry = CourtLogEntry.objects.get(action="cpor_cases.petition.inspect")
    assert (entry.user, entry.court, entry.object_id) == (clerk, court, str(petition.pk))
    assert petition.number not in entry.label
    assert petition.grouped_number not in entry.label


def test_no_field_has_the_focus_so_that_a_scanner_s_second_enter_approves_nothing(office, court):
    page = BeautifulSoup(office.get(url("petition", make_petition(court).pk)).content, "html.parser")

    assert [each.get("id") for each in page.find_all(autofocus=True)] == ["compare-title"]


# Recording and approving


def facts_of(petition, **over) -> dict:
    return {
        "court": petition.court,
        "category": petition.category,
        "number": petition.case_number,
        "applicant_name": petition.applicant_name,
        "role": petition.role,
        "email": petition.address,
        "phone": petition.phone,
        "language": petition.language,
        "received_on": timezone.localdate(),
    } | over


def test_one_step_records_and_approves_and_leads_to_the_next_scan(office, clerk, court):
    petition = make_petition(court)

    answer = record(office, petition, received_on="115/09/24")

    assert answer["Location"] == url("scan")
    application = Application.objects.get()
    assert application.petition == petition
    assert application.received_on == dt.date(2026, 9, 24)
    assert application.address_proved_at == petition.address_proved_at
    assert application.status == Application.Status.APPROVED
    assert CaseAccess.objects.live().count() == 1
    assert OutgoingMail.objects.get().kind == OutgoingMail.Kind.ACTIVATION
    assert petition.state == Petition.State.APPROVED


def test_recording_only_leads_to_the_decision(office, court):
    petition = make_petition(court)

    answer = record(office, petition, action="record")

    application = Application.objects.get()
    assert application.is_pending
    assert answer["Location"] == url("inspect", application.pk)
    assert petition.state == Petition.State.RECEIVED


def test_a_difference_is_on_record_by_its_field_and_not_by_its_value(office, court):
    petition = make_petition(court)

    record(office, petition, applicant_name="王曉明", case_number="115訴124")

    entry = CourtLogEntry.objects.get(action="wagtail.create")
    assert entry.data == {"differs": ["applicant_name", "case"]}
    assert note_of(entry) == "依聲請狀登錄，下列欄位與線上填寫的內容不同：聲請人姓名、案件"
    assert Application.objects.get().applicant_name == "王曉明"


def test_no_difference_is_on_record_as_such(office, court):
    record(office, make_petition(court))

    entry = CourtLogEntry.objects.get(action="wagtail.create")
    assert note_of(entry) == "依聲請狀登錄，與線上填寫的內容相同"


def test_another_address_than_the_proved_one_is_not_proved(office, court):
    record(office, make_petition(court), email="other@example.org", email_again="other@example.org")

    assert Application.objects.get().address_proved_at is None


def test_an_address_corrected_later_is_not_proved_any_more(office, clerk, court):
    petition = make_petition(court)
    application = petition_papers.record(petition=petition, by=clerk, is_approved=False, **facts_of(petition))
    assert application.address_proved_at

    facts = facts_of(petition, email="other@example.org", receipt_number="")
    application_corrections.edit(application=application, by=clerk, **facts)

    application.refresh_from_db()
    assert application.address_proved_at is None


def test_the_page_of_the_application_says_that_the_address_was_proved(office, court):
    record(office, make_petition(court), action="record")

    page = office.get(url("inspect", Application.objects.get().pk)).content.decode()

    assert "以驗證碼證明" in page


def test_a_case_without_a_number_yet_gets_it_from_the_clerk(office, court):
    petition = make_petition(court, number=None)

    assert "案號必填" in errors(record(office, petition)) or not Application.objects.exists()
    record(office, petition, case_number="115訴77")

    assert str(Application.objects.get().case.full_number) == "115年度訴字第77號"
    assert CourtLogEntry.objects.get(action="wagtail.create").data == {"differs": []}


def test_what_the_rules_forbid_is_recorded_but_not_approved(office, court):
    petition = make_petition(court)
    role = make_role("關係人", is_entitled=False)

    answer = record(office, petition, role=role.pk)

    assert answer.status_code == 200
    assert not Application.objects.exists()
    record(office, petition, action="record", role=role.pk)
    assert Application.objects.get().is_pending


def test_an_account_under_another_name_must_be_confirmed(office, court):
    follower = make_user(email="wang@example.org", is_active=True)
    make_access(follower)
    petition = make_petition(court)

    assert record(office, petition).status_code == 200
    assert not petition.applications.exists()
    record(office, petition, same_person="on")

    assert petition.application.account == follower


def test_two_clerks_record_one_paper_once(office, clerk, court):
    petition = make_petition(court)
    page = office.get(url("petition", petition.pk))
    petition_papers.record(petition=petition, by=clerk, is_approved=True, **facts_of(petition))

    answer = office.post(url("petition", petition.pk), sent(page) | {"action": "approve"}, follow=True)

    assert "已經登錄過" in errors(answer)
    assert petition.applications.count() == 1


def test_a_refused_paper_decided_again_is_still_that_petition_s(office, clerk, court):
    petition = make_petition(court)
    application = petition_papers.record(petition=petition, by=clerk, is_approved=False, **facts_of(petition))
    applications.refuse(application=application, by=clerk, reason=make_reason())

    anew = refusals.decide_again(application=application, by=clerk)

    assert petition.application == anew
    assert anew.address_proved_at == petition.address_proved_at


# Callers


def test_a_caller_s_petition_that_has_not_come_in_is_found_by_its_number(office, court):
    petition = make_petition(court)

    page = office.post(reverse("office_calls:index"), {"q": petition.grouped_number}, follow=True)

    assert "本院尚未登錄書狀" in page.content.decode()
    assert url("petition", petition.pk) in page.content.decode()
    assert CourtLogEntry.objects.filter(action="cpor_cases.petition.inspect").count() == 1


def test_a_caller_s_application_is_found_by_the_number_of_its_petition(office, court):
    petition = make_petition(court)
    record(office, petition)

    page = office.post(reverse("office_calls:index"), {"q": petition.number}, follow=True)

    assert url("inspect", Application.objects.get().pk) in page.content.decode()


def test_a_petition_for_another_court_is_not_found(office, other_court):
    petition = make_petition(other_court, applicant_name="林他院")

    page = office.post(reverse("office_calls:index"), {"q": petition.number}, follow=True)

    assert "林他院" not in page.content.decode()
