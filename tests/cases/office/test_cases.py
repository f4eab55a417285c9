"""Cases in the office: entries typed by hand, accesses revoked."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import timezone

from cpor_cases.actions import access as accesses
from cpor_cases.actions import account_closing, entries
from cpor_cases.models import CaseAccess, CourtLogEntry, ImportRun, OutgoingMail, ProgressEntry
from cpor_cases.office import timeline
from tests.factories import (
    make_access,
    make_application,
    make_case,
    make_entry,
    make_kind,
    make_user,
    make_word,
)

pytestmark = pytest.mark.django_db


def url(name, row):
    return reverse(f"office_cases:{name}", args=[row.pk])


def publish_all():
    """Let the hold be over."""
    entries.publish_due(timezone.now() + dt.timedelta(hours=1))


@pytest.fixture
def case(court):
    make_word("訴")
    return make_case(court)


@pytest.fixture
def typed():
    make_kind("hearing", name_zh="言詞辯論", name_en="Oral argument", hearing_effect="sets")
    return {
        "recorded_at": "115/09/24 09:30",
        "kind": "言詞辯論",
        "detail": "請攜帶證件",
        "hearing_at": "115/10/20 14:00",
        "courtroom": "第三法庭",
    }


def test_entry_is_typed_in_both_calendars(office, case, typed, clerk):
    office.post(url("record_entry", case), typed)

    entry = ProgressEntry.objects.get()
    assert entry.case == case
    assert timezone.localtime(entry.recorded_at).replace(tzinfo=None) == dt.datetime(2026, 9, 24, 9, 30)
    assert timezone.localtime(entry.hearing_at).hour == 14
    assert entry.entry_id.startswith("typed-")
    run = ImportRun.objects.get()
    assert (run.source, run.court, run.started_by) == (ImportRun.Source.TYPED, case.court, clerk)
    assert CourtLogEntry.objects.filter(action="cpor_cases.entry.record", user=clerk).exists()


@pytest.mark.parametrize(
    ("kind", "may"), [("定期", True), ("改期", True), ("言詞辯論", True), ("勘驗", True), ("收案", False)]
)
def test_hearing_is_asked_for_wherever_the_kind_can_name_one(office, case, kind, may):
    make_kind("hearing_set", name_zh="定期", stage="hearing")
    make_kind("hearing_changed", name_zh="改期", stage="hearing")
    make_kind("oral_argument", name_zh="言詞辯論", stage="hearing", hearing_effect="sets")
    make_kind("site_inspection", name_zh="勘驗", stage="evidence", hearing_effect="sets")
    make_kind("received", name_zh="收案", stage="filing")

    page = BeautifulSoup(office.get(url("record_entry", case)).content, "html.parser")

    assert page.find("option", value=kind).has_attr("data-hearing") == may


def test_typed_entry_is_announced(office, case, typed):
    make_access(make_user(), case)

    office.post(url("record_entry", case), typed)
    assert not OutgoingMail.objects.exists()
    publish_all()

    assert OutgoingMail.objects.get().kind == OutgoingMail.Kind.PROGRESS


@pytest.mark.parametrize(
    ("malformed", "field"),
    [
        ({"kind": "喝茶"}, "kind"),
        ({"recorded_at": "115/13/40"}, "recorded_at"),
        ({"hearing_at": "soon"}, "hearing_at"),
        ({"hearing_at": ""}, "hearing_at"),
    ],
)
def test_what_was_typed_stays_when_the_entry_cannot_be_taken(office, case, typed, malformed, field):
    answer = office.post(url("record_entry", case), typed | malformed)

    assert field in answer.context["form"].errors
    assert answer.context["form"]["detail"].value() == "請攜帶證件"
    assert not ProgressEntry.objects.exists()


def test_reason_of_the_intake_is_shown_in_the_form(office, court, typed):
    case = make_case(court, word="無此字")

    answer = office.post(url("record_entry", case), typed)

    assert answer.context["form"].non_field_errors()
    assert not ProgressEntry.objects.exists()


def test_entry_is_corrected_under_its_own_number(office, case, typed):
    office.post(url("record_entry", case), typed)
    publish_all()
    entry = ProgressEntry.objects.get()

    office.post(url("correct_entry", entry), typed | {"courtroom": "第五法庭"})

    entry.refresh_from_db()
    assert entry.courtroom == "第五法庭"
    assert entry.corrected_at
    assert ProgressEntry.objects.count() == 1


def test_correction_form_shows_the_entry_as_it_stands(office, case, typed):
    office.post(url("record_entry", case), typed)

    form = office.get(url("correct_entry", ProgressEntry.objects.get())).context["form"]

    assert form["recorded_at"].value() == "2026-09-24 09:30"
    assert form["kind"].value() == "言詞辯論"


def test_entry_is_withdrawn_for_a_reason(office, case, typed):
    office.post(url("record_entry", case), typed)
    publish_all()
    entry = ProgressEntry.objects.get()

    office.post(url("withdraw_entry", entry), {"reason": ""})
    entry.refresh_from_db()
    assert entry.withdrawn_at is None

    office.post(url("withdraw_entry", entry), {"reason": "wrong case"})
    entry.refresh_from_db()
    assert entry.withdrawn_at
    logged = CourtLogEntry.objects.get(action="cpor_cases.entry.withdraw")
    assert logged.data == {"reason_given": "wrong case"}


def test_withdrawn_entry_is_no_longer_corrected(office, case):
    entry = make_entry(case, withdrawn_at=timezone.now())

    assert office.get(url("correct_entry", entry)).status_code == 404


def test_revoking_asks_why_and_ends_the_access(office, case, clerk):
    access = make_access(make_user(), case)

    for answer in (office.get(url("revoke_access", access)), office.post(url("revoke_access", access), {})):
        assert answer.status_code == 200
        access.refresh_from_db()
        assert access.ended_at is None

    office.post(url("revoke_access", access), {"reason": "mandate_ended", "remark": "終止委任狀 R-7"})
    access.refresh_from_db()
    assert (access.end_reason, access.ended_by) == (CaseAccess.EndReason.MANDATE_ENDED, clerk)
    logged = CourtLogEntry.objects.get(action="cpor_cases.access.revoke")
    assert timeline.note_of(logged).endswith("終止委任狀 R-7")


def happened(office, case):
    return [
        (each.what, each.by, each.note) for each in office.get(url("inspect", case)).context["happenings"]
    ]


def test_history_of_the_case_names_whose_access_ended_why_and_by_whom(office, case, clerk):
    access = make_access(make_user(), case)

    office.post(url("revoke_access", access), {"reason": "mandate_ended", "remark": "R-7"})

    what, by, note = happened(office, case)[0]
    assert what == "案件查詢已終止"
    assert by.startswith(clerk.username)
    assert note.startswith("王大明 · ")
    assert "R-7" in note


@pytest.mark.parametrize("reason", ["left", "account_closed", "never_activated", "merged"])
def test_history_of_the_case_tells_of_every_end_of_an_access(office, case, reason):
    person = make_user()
    access = make_access(person, case)
    if reason == "left":
        accesses.leave(access=access)
    elif reason == "account_closed":
        account_closing.close(account=person)
    else:
        CaseAccess.objects.filter(pk=access.pk).update(ended_at=timezone.now(), end_reason=reason)

    [(_what, by, note)] = happened(office, case)

    assert by
    assert "王大明" in note


def test_access_is_not_revoked_for_what_only_a_person_can_say(office, case):
    access = make_access(make_user(), case)

    answer = office.post(url("revoke_access", access), {"reason": "left"})

    assert "reason" in answer.context["form"].errors
    access.refresh_from_db()
    assert access.ended_at is None


@pytest.mark.parametrize("text", ["115訴4321", "4321"])
def test_case_is_found_by_its_number(office, court, text):
    wanted = make_case(court, number=4321)
    make_case(court)

    assert list(
        office.get(reverse("office_cases:index"), {"q": text}, follow=True).context["object_list"]
    ) == [wanted]


@pytest.mark.parametrize(
    "text", ["重訴45", "115重訴", "115年度重訴字", "重訴字第45號", "孝", "孝股", "王大明", "大明", "工程款"]
)
def test_case_is_found_by_a_part_of_its_number_its_division_its_cause_and_its_party(
    office, court, clerk, text
):
    found = make_case(court, word="重訴", number=45, division="孝", cause="給付工程款")
    make_application(case=found, by=clerk, applicant_name="王大明")
    make_application(case=make_case(court, number=45, division="忠"), by=clerk, applicant_name="陳小美")

    page = office.post(reverse("office_cases:index"), {"q": text}, follow=True)

    assert list(page.context["object_list"]) == [found]


def test_search_of_cases_knows_no_party_of_another_court(office, other_court, clerk_elsewhere):
    make_application(case=make_case(other_court), by=clerk_elsewhere, applicant_name="王大明")

    page = office.post(reverse("office_cases:index"), {"q": "王大明"}, follow=True)

    assert list(page.context["object_list"]) == []


@pytest.mark.parametrize("typed", ["孝", "孝股", " 孝 "])
def test_cases_are_filtered_by_their_division(office, court, typed):
    found = make_case(court, division="孝")
    make_case(court, division="忠", cause="不孝")

    page = office.get(reverse("office_cases:index"), {"division": typed})

    assert list(page.context["object_list"]) == [found]


def test_case_page_takes_a_constant_number_of_queries(office, case, django_assert_max_num_queries):
    def fill(times):
        for _each in range(times):
            make_entry(case)
            make_access(make_user(), case)

    fill(2)
    office.get(url("inspect", case))
    with django_assert_max_num_queries(100) as few:
        office.get(url("inspect", case))
    fill(8)

    with django_assert_max_num_queries(len(few)):
        office.get(url("inspect", case))


def listed(client, **query):
    return list(client.get(reverse("office_cases:index"), query).context["object_list"])


def test_cases_are_filtered_by_the_day_of_their_hearing_in_either_calendar(office, court):
    day = dt.datetime(2027, 3, 5, 9, 30, tzinfo=timezone.get_current_timezone())
    early, late, none = make_case(court), make_case(court), make_case(court)
    make_entry(early, hearing_at=day)
    make_entry(late, hearing_at=day + dt.timedelta(hours=14))  # still the same day in Taipei
    make_entry(none, hearing_at=day + dt.timedelta(days=1))

    query = {"hearing_from": "116/03/05", "hearing_to": "2027-03-05", "ordering": "next_hearing_at"}

    assert listed(office, **query) == [early, late]


def test_cases_are_filtered_by_whether_they_can_be_followed(office, court):
    today = timezone.localdate()
    running, ending = make_case(court), make_case(court, closed_on=today)
    over = make_case(court, closed_on=today - dt.timedelta(days=100))

    found = {name: set(listed(office, query=name)) for name in ("open", "ending", "over")}

    assert found == {"open": {running, ending}, "ending": {ending}, "over": {over}}
