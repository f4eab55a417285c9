"""Recording and deciding applications in the office."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import timezone

from cpor_cases.actions import applications
from cpor_cases.models import Application, Case, CaseAccess, OutgoingMail
from tests.factories import (
    make_access,
    make_application,
    make_case,
    make_clerk,
    make_entry,
    make_reason,
    make_role,
    make_user,
    make_word,
)

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"office_applications:{name}", args=args)


def test_record_form_picks_the_only_court_silently(office, court):
    page = office.get(url("add")).content.decode()

    assert f'<input type="hidden" name="court" value="{court.pk}"' in page


def test_record_form_lets_a_clerk_of_two_courts_choose(client, court, other_court):
    clerk = make_clerk(court)
    clerk.posts.create(court=other_court)
    client.force_login(clerk)

    form = client.get(url("add")).context["form"]

    assert not form["court"].is_hidden
    assert set(form.fields["court"].queryset) == {court, other_court}


def test_recording_leads_to_the_decision(office, court, paper):
    answer = office.post(url("add"), paper, follow=True)

    application = Application.objects.get()
    assert answer.redirect_chain[-1][0] == url("inspect", application.pk)
    assert application.is_pending
    assert application.email == "wang@example.com"
    assert application.received_on == dt.date(2026, 9, 24)
    assert str(application.case.full_number) == "115年度訴字第123號"


@pytest.mark.parametrize(
    "typed",
    [
        "115訴123",
        "115-訴-123",
        "115年訴123號",
        "１１５訴１２３",
        "臺灣臺北地方法院115年度訴字第123號民事判決",
        "台北地院 115 年度訴字第 123 號",
    ],
)
def test_whole_case_numbers_are_understood(office, paper, typed):
    office.post(url("add"), paper | {"case_number": typed})

    assert Case.objects.get().full_number == (115, "訴", 123)


@pytest.mark.parametrize(
    "typed", ["臺灣士林地方法院115年度訴字第123號", "台灣高等法院115年度訴字第123號判決"]
)
def test_number_copied_from_another_courts_judgment_is_not_recorded_at_this_one(office, paper, typed):
    answer = office.post(url("add"), paper | {"case_number": typed})

    assert "case_number" in answer.context["form"].errors
    assert not Case.objects.exists()


def test_case_number_may_be_typed_in_parts(office, paper):
    parts = {"case_number": "", "year": "115", "word": "訴字", "number": "9"}

    office.post(url("add"), paper | parts)

    assert Case.objects.get().full_number == (115, "訴", 9)


@pytest.mark.parametrize(
    ("malformed", "field"),
    [
        ({"case_number": "nonsense"}, "case_number"),
        ({"case_number": ""}, "case_number"),
        ({"case_number": "", "year": "115"}, "case_number"),
        ({"email_again": "other@example.com"}, "email_again"),
        ({"received_on": "yesterday"}, "received_on"),
        ({"received_on": "2999-01-01"}, "received_on"),
        ({"applicant_name": " "}, "applicant_name"),
        ({"applicant_name": "‧‧"}, "applicant_name"),
    ],
)
def test_what_was_typed_stays_when_it_cannot_be_taken(office, paper, malformed, field):
    answer = office.post(url("add"), paper | malformed)

    assert field in answer.context["form"].errors
    assert answer.context["form"]["receipt_number"].value() == "R-1"
    assert not Application.objects.exists()


def test_role_of_another_category_is_refused(office, paper):
    paper["role"] = make_role("被告", category="criminal").pk

    answer = office.post(url("add"), paper)

    assert "role" in answer.context["form"].errors


def test_form_without_address_is_recorded_and_cannot_be_approved(office, paper):
    office.post(url("add"), paper | {"email": "", "email_again": ""})
    application = Application.objects.get()

    page = office.get(url("inspect", application.pk))
    office.post(url("approve", application.pk))

    assert len(page.context["check_results"].obstacles) == 1
    application.refresh_from_db()
    assert application.is_pending


def test_court_of_another_clerk_cannot_be_chosen(office, paper, other_court):
    answer = office.post(url("add"), paper | {"court": other_court.pk})

    assert "court" in answer.context["form"].errors
    assert not Application.objects.exists()


def test_person_of_an_earlier_application_is_taken_over(office, court):
    earlier = make_application(court, applicant_name="李小華")

    form = office.get(url("add"), {"like": earlier.pk}).context["form"]

    assert form["applicant_name"].value() == "李小華"
    assert not form["case_number"].value()


def test_nobody_of_another_court_is_taken_over(office, other_court):
    earlier = make_application(other_court, applicant_name="李小華")

    form = office.get(url("add"), {"like": earlier.pk}).context["form"]

    assert not form["applicant_name"].value()


def test_check_tells_what_the_law_forbids(office, paper):
    make_word("司促", openness="no")

    page = office.post(url("check"), paper | {"case_number": "115司促1", "email": "", "email_again": ""})

    assert len(page.context["check_results"].obstacles) == 2


def test_check_tells_who_may_see_the_case(office, court, paper):
    case = make_case(court, number=123)
    make_access(make_user(), case)

    page = office.post(url("check"), paper)

    assert [access.case for access in page.context["check_results"].accesses] == [case]


def test_check_shows_the_case_by_what_a_clerk_knows_it(office, court, paper):
    case = make_case(court, number=123, division="孝", cause="返還借款")
    make_entry(case, recorded_at=timezone.now() - dt.timedelta(days=9))
    latest = make_entry(case, "hearing_set")
    make_entry(case, "slip", withdrawn_at=timezone.now())

    answer = office.post(url("check"), paper)

    page = answer.content.decode()
    assert reverse("office_cases:inspect", args=[case.pk]) in page
    assert "孝" in page
    assert "返還借款" in page
    assert answer.context["check_results"].latest_entry == latest


def test_check_says_nothing_before_there_is_a_case(office):
    assert office.post(url("check"), {"case_number": "115"}).context["check_results"] is None


def test_approving_opens_the_case_and_writes_the_mail(office, court, clerk):
    application = make_application(court)

    answer = office.post(url("approve", application.pk), follow=True)

    application.refresh_from_db()
    assert application.status == Application.Status.APPROVED
    assert application.decided_by == clerk
    assert CaseAccess.objects.live().get().case == application.case
    assert OutgoingMail.objects.get().kind == OutgoingMail.Kind.ACTIVATION
    assert answer.status_code == 200


def test_refusing_takes_a_reason_and_sends_nothing(office, court):
    application = make_application(court)
    reason = make_reason()

    office.post(url("refuse", application.pk), {"reason": reason.pk})

    application.refresh_from_db()
    assert application.refusal_reason == reason
    assert not OutgoingMail.objects.exists()


def test_refusing_without_a_reason_comes_back(office, court):
    application = make_application(court)

    answer = office.post(url("refuse", application.pk), {"reason": ""})

    assert answer.context["refusal_form"].errors
    application.refresh_from_db()
    assert application.is_pending


def test_second_clerk_is_told_who_decided(office, court):
    application = make_application(court)
    faster = make_clerk(court, first_name="美", last_name="林")
    applications.refuse(application=application, by=faster, reason=make_reason())

    answer = office.post(url("approve", application.pk), follow=True)

    assert "林美" in answer.content.decode()
    application.refresh_from_db()
    assert application.status == Application.Status.REFUSED


def test_account_under_another_name_needs_the_clerks_word(office, court):
    first = make_application(court, applicant_name="王大明")
    office.post(url("approve", first.pk))
    second = make_application(court, applicant_name="陳美玲")

    office.post(url("approve", second.pk))
    second.refresh_from_db()
    assert second.is_pending

    office.post(url("approve", second.pk), {"same_person": "on"})
    second.refresh_from_db()
    assert second.status == Application.Status.APPROVED


def test_name_recorded_at_another_court_is_not_shown(office, court, other_court):
    first = make_application(other_court, applicant_name="王大明")
    applications.approve(application=first, by=make_clerk(other_court))
    second = make_application(court, applicant_name="陳美玲")

    page = office.get(url("inspect", second.pk))

    assert page.context["check_results"].is_under_other_name
    assert "王大明" not in page.content.decode()


def test_one_tab_leads_from_the_recorded_paper_to_its_approval(office, court, paper):
    make_application(court)  # another paper of this person, which is linked beside
    answer = office.post(url("add"), paper, follow=True)

    page = BeautifulSoup(answer.content, "html.parser")

    start = page.select_one("[autofocus]")
    following = (each for each in start.find_all_next(["a", "button", "input", "select", "summary"]))
    first = next(each for each in following if each.get("type") != "hidden")
    assert first.find_parent("form")["action"] == url("approve", Application.objects.latest("pk").pk)
    assert first.name == "button"


def test_same_application_twice_is_noticed(office, court):
    case = make_case(court)
    make_application(case=case, applicant_name="王 大明", email="a@example.com")
    second = make_application(case=case, applicant_name="王大明", email="b@example.com")

    page = office.get(url("inspect", second.pk))

    assert len(page.context["check_results"].duplicates) == 1


def test_pending_application_can_be_edited(office, court, paper):
    application = make_application(court)
    case_before = application.case

    office.post(url("edit", application.pk), paper | {"applicant_name": "王小明"})

    application.refresh_from_db()
    assert application.applicant_name == "王小明"
    assert application.case.number == 123
    assert not Case.objects.filter(pk=case_before.pk).exists()


def test_decided_application_cannot_be_edited(office, court, paper):
    application = make_application(court)
    office.post(url("approve", application.pk))

    office.post(url("edit", application.pk), paper | {"applicant_name": "王小明"})

    application.refresh_from_db()
    assert application.applicant_name == "王大明"


def test_timeline_tells_everything(office, court):
    application = make_application(court)
    office.post(url("approve", application.pk))

    happenings = office.get(url("inspect", application.pk)).context["happenings"]

    assert len(happenings) == 4  # recorded, approved, access granted, the mail
    assert happenings == sorted(happenings, key=lambda happening: happening.at, reverse=True)


@pytest.mark.parametrize("text", ["王大", "WANG@", "R-77", "115訴4321", "115年度訴字第4321號"])
def test_search_finds_by_name_address_number_and_receipt(office, court, text):
    case = make_case(court, number=4321)
    wanted = make_application(case=case, receipt_number="R-77")
    make_application(court, applicant_name="李", email="li@example.com")

    found = office.get(url("index"), {"q": text}, follow=True).context["object_list"]

    assert list(found) == [wanted]


def test_list_filters_by_state_category_and_period(office, court):
    wanted = make_application(court, received_on=dt.date(2026, 9, 24))
    make_application(court, received_on=dt.date(2026, 8, 1))

    found = office.get(
        url("index"),
        {
            "status": "pending",
            "category": "civil",
            "received_on_from": "115/09/01",
            "received_on_to": "2026-09-30",
        },
    ).context["object_list"]

    assert list(found) == [wanted]


def test_list_filters_by_case_word(office, court):
    wanted = make_application(case=make_case(court, word="簡"))
    make_application(court)

    found = office.get(url("index"), {"word": " 簡字 "}).context["object_list"]

    assert list(found) == [wanted]


def test_list_filters_by_who_recorded_or_decided(office, court, clerk):
    colleague = make_clerk(court)
    recorded = make_application(court, by=colleague)
    decided = make_application(court, by=clerk)
    applications.approve(application=decided, by=colleague)
    make_application(court, by=clerk)

    found = office.get(url("index"), {"clerk": colleague.pk}).context["object_list"]

    assert set(found) == {recorded, decided}


def test_only_those_who_worked_at_ones_own_court_can_be_chosen(
    office, court, clerk, other_court, clerk_elsewhere
):
    make_application(court, by=clerk)
    make_application(other_court, by=clerk_elsewhere)

    page = office.get(url("index"))

    assert clerk_elsewhere.username not in page.content.decode()
    assert not office.get(url("index"), {"clerk": clerk_elsewhere.pk}).context["filters"].is_valid()


def test_list_takes_a_constant_number_of_queries(office, court, django_assert_max_num_queries):
    for _each in range(3):
        make_application(court)
    office.get(url("index"))
    with django_assert_max_num_queries(100) as few:
        office.get(url("index"))
    for _each in range(20):
        make_application(court)

    with django_assert_max_num_queries(len(few) + 1):  # that other rows were viewed goes on record
        office.get(url("index"))


def test_list_that_is_empty_says_what_to_do(office):
    assert "office" in office.get(url("index")).content.decode()


def test_court_of_the_list_is_named_only_where_there_are_two(client, court, other_court):
    clerk = make_clerk(court)
    clerk.posts.create(court=other_court)
    make_application(other_court)
    client.force_login(clerk)

    assert other_court.name in client.get(url("index")).content.decode()


def test_cursor_stands_on_the_first_choice_of_the_form(office):
    page = office.get(url("add")).content.decode()

    assert page.count("autofocus") == 1
    assert 'value="civil"' in next(line for line in page.splitlines() if "autofocus" in line)
