"""A hearing that changes within days: told at once, and by telephone where no mail reaches."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from cpor_cases.actions import hearing_notices
from cpor_cases.actions.imports import import_rows
from cpor_cases.actions.retention import applications as application_retention
from cpor_cases.hearings.urgent import urgent_dates
from cpor_cases.mail import bounces, delivery, links
from cpor_cases.models import (
    Application,
    CourtLogEntry,
    HearingNotice,
    ImportRun,
    OutgoingMail,
    ProgressEntry,
)
from tests import factories
from tests.support.mail_servers import Server

pytestmark = pytest.mark.django_db


def in_days(days: int) -> dt.datetime:
    return timezone.localtime().replace(hour=9, minute=30, second=0, microsecond=0) + dt.timedelta(days=days)


@pytest.fixture
def person(court):
    return factories.make_user(mail_preference="digest", last_login=timezone.now())


@pytest.fixture
def case(court, person):
    factories.make_word("訴")
    for code in ("hearing_set", "hearing_changed", "hearing_cancelled"):
        factories.make_kind(code)
    return factories.make_access(person, factories.make_case(court, number=98761)).case


@pytest.fixture
def call_off(case):
    def call_off(days: int, case=case) -> ImportRun:
        yesterday = timezone.now() - dt.timedelta(days=1)
        for each in (days, days + 30):
            factories.make_entry(
                case, "hearing_set", hearing_at=in_days(each), recorded_at=yesterday, first_seen_at=yesterday
            )
        sent = factories.row(case, kind="hearing_cancelled", hearing_at=f"{in_days(days):%Y-%m-%d %H:%M}")
        return import_rows([(2, sent | {"recorded_at": f"{timezone.localdate()}"})], source="command")

    return call_off


@pytest.mark.parametrize(("days", "is_urgent"), [(0, True), (1, True), (7, True), (8, False), (30, False)])
def test_within_a_week_it_is_mailed_at_once_whatever_the_digest_says(call_off, days, is_urgent):
    run = call_off(days)

    assert OutgoingMail.objects.of_run(run).exists() == is_urgent
    assert HearingNotice.objects.filter(run=run).exists() == is_urgent
    assert run.announcements.get().in_digest != is_urgent


def test_a_move_into_the_week_is_urgent_and_a_new_hearing_is_not(case):
    new = factories.row(case, kind="hearing_set", entry_id="N", hearing_at=f"{in_days(3):%Y-%m-%d %H:%M}")
    import_rows([(2, new)], source="command")
    assert not HearingNotice.objects.exists()

    moved = new | {"hearing_at": f"{in_days(40):%Y-%m-%d %H:%M}"}
    import_rows([(2, moved)], source="command")

    assert HearingNotice.objects.get().hearing_at == in_days(3)


@pytest.mark.parametrize(
    ("days", "first", "second", "is_urgent"),
    [
        (1, "第 1 法庭", "第 2 法庭", True),
        (1, "", "第 2 法庭", False),
        (1, "第 1 法庭", "第 1 法庭", False),
        (9, "第 1 法庭", "第 2 法庭", False),
    ],
)
def test_another_courtroom_within_days_is_mailed_at_once(case, days, first, second, is_urgent):
    told = factories.row(
        case, kind="hearing_set", entry_id="N", hearing_at=f"{in_days(days):%Y-%m-%d %H:%M}", courtroom=first
    )
    import_rows([(2, told)], source="command")

    run = import_rows([(2, told | {"courtroom": second, "detail": "請提早報到"})], source="command")

    assert HearingNotice.objects.filter(run=run).exists() == is_urgent
    assert OutgoingMail.objects.of_run(run).exists() == is_urgent


def test_another_courtroom_is_told_once_and_not_again_when_cases_are_merged(case):
    told = factories.row(
        case, kind="hearing_set", entry_id="N", hearing_at=f"{in_days(1):%Y-%m-%d %H:%M}", courtroom="1"
    )
    import_rows([(2, told)], source="command")
    run = import_rows([(2, told | {"courtroom": "2"})], source="command")
    assert urgent_dates(run, [case.pk])

    merging = factories.make_run()
    ProgressEntry.objects.update(corrected_at=timezone.now(), changed_in=merging)

    assert urgent_dates(merging, [case.pk]) == {}


def to_telephone(now=None) -> int:
    return HearingNotice.objects.to_telephone(now).count()


def test_who_got_the_mail_and_uses_the_account_need_not_be_called(call_off, person):
    call_off(3)
    later = timezone.now() + dt.timedelta(minutes=11)
    assert (to_telephone(), to_telephone(later)) == (0, 1)

    delivery.deliver.call_local()

    assert to_telephone(later) == 0


@pytest.mark.parametrize("facts", [{"last_login": None}, {"is_active": False}])
def test_an_account_that_is_not_used_is_called_at_once(call_off, person, facts):
    type(person).objects.filter(pk=person.pk).update(**facts)
    call_off(3)
    delivery.deliver.call_local()

    assert to_telephone() == 1


def test_an_address_that_bounces_afterwards_is_called(call_off, person):
    call_off(3)
    delivery.deliver.call_local()
    assert to_telephone() == 0

    bounces.mark(person.email, answer="550 5.1.1 no such user", hardness="hard")

    assert to_telephone() == 1


def test_who_wants_no_mail_is_called(call_off, person):
    type(person.litigant).objects.update(mail_preference="none")

    call_off(3)

    assert (OutgoingMail.objects.count(), to_telephone()) == (0, 1)


def test_i_know_is_pressed_without_log_in_and_a_scanner_presses_nothing(call_off, client, person):
    type(person).objects.filter(pk=person.pk).update(last_login=None)
    run = call_off(3)
    url = links.known_path(person.pk, run.pk)

    assert client.get(url).status_code == 200
    assert to_telephone() == 1
    page = client.post(url).content.decode()

    assert to_telephone() == 0
    assert str(HearingNotice.objects.get().access.case.number) not in page
    assert client.post(url.replace("/known/", "/known/x")).status_code == 404


def test_who_opens_the_case_has_seen_it(call_off, client, person, case):
    type(person).objects.filter(pk=person.pk).update(last_login=timezone.now() - dt.timedelta(days=99))
    call_off(3)
    assert to_telephone() == 1

    client.force_login(person)
    client.get(reverse("cpor_cases:case", args=[case.public_id]))

    assert to_telephone() == 0


def test_a_clerk_sees_whom_to_call_with_the_number_and_notes_that_they_were_told(
    call_off, client, person, case, clerk
):
    type(person).objects.filter(pk=person.pk).update(last_login=None)
    application = case.accesses.get().application
    application.phone = "02-2314-6871"
    application.save()
    call_off(1)
    client.force_login(clerk)
    home = client.get(reverse("wagtailadmin_home")).content.decode()
    notice = HearingNotice.objects.get()
    url = reverse("office_hearing_notices:inspect", args=[notice.pk])
    assert url in home
    assert "02-2314-6871" in home

    page = client.get(url).content.decode()
    assert "取消庭期" in page
    answer = client.post(url, {"told_at": f"{timezone.localtime() - dt.timedelta(minutes=2):%Y-%m-%d %H:%M}"})

    assert answer.status_code == 302
    notice.refresh_from_db()
    assert notice.told_by == clerk
    assert url not in client.get(reverse("wagtailadmin_home")).content.decode()


def test_nobody_was_told_before_the_hearing_was_changed_or_will_be_told_later(
    call_off, client, person, clerk
):
    type(person).objects.filter(pk=person.pk).update(last_login=None)
    call_off(1)
    client.force_login(clerk)
    url = reverse("office_hearing_notices:inspect", args=[HearingNotice.objects.get().pk])

    for days in (-1, 1):
        answer = client.post(url, {"told_at": f"{in_days(days):%Y-%m-%d %H:%M}"})
        assert answer.context["form"].errors["told_at"]
    assert to_telephone() == 1

    client.post(url, {"told_at": f"{timezone.localdate():%Y-%m-%d}"})
    assert to_telephone() == 0


def test_several_changes_are_one_call_and_the_latest_answer_is_about_all_of_them(
    call_off, case, person, client
):
    type(person).objects.filter(pk=person.pk).update(last_login=None)
    call_off(3)
    latest = call_off(5)

    assert HearingNotice.objects.to_telephone().one_each().get().run == latest
    client.post(links.known_path(person.pk, latest.pk))

    assert to_telephone() == 0


def test_what_is_over_or_has_ended_is_no_task(call_off, case, person):
    type(person).objects.filter(pk=person.pk).update(last_login=None)
    call_off(3)

    assert to_telephone(in_days(4)) == 0
    case.accesses.update(ended_at=timezone.now(), end_reason="left")
    assert to_telephone() == 0


def test_a_thousand_changes_with_dead_mailboxes_leave_nobody_unreached_off_the_list(
    court, clerk, monkeypatch
):
    """One mailbox in ten refuses the mail; one person in fifty wants none, one in forty has not been here for long."""
    server, expected, rows = Server(monkeypatch), set(), []
    factories.make_word("訴")
    facts = {"court": court, "kind": factories.make_kind("hearing_set"), "changed_in": factories.make_run()}
    kinds = [factories.make_kind(code).code for code in ("hearing_cancelled", "hearing_changed")]
    now = timezone.now()
    yesterday, long_ago = now - dt.timedelta(days=1), now - dt.timedelta(days=60)
    facts |= {"recorded_at": yesterday, "first_seen_at": yesterday}
    for number in range(1000):
        is_dead, wants_none, is_away = number % 10 == 3, number % 50 == 7, number % 40 == 11
        person = factories.make_user(
            f"p{number}",
            password=None,
            last_login=long_ago if is_away else now,
            mail_preference="none" if wants_none else ("digest", "at_once", "important")[number % 3],
        )
        case = factories.make_access(person, factories.make_case(court)).case
        hearing_at = in_days(1 + number % 6)
        ProgressEntry.objects.create(case=case, entry_id=f"S{number}", hearing_at=hearing_at, **facts)
        if is_dead:
            server.answers[person.email] = (550, b"5.1.1 no such user")
        if is_dead or wants_none or is_away:
            expected.add(person.pk)
        sent = {"kind": kinds[number % 2], "recorded_at": f"{timezone.localdate()}", "entry_id": f"C{number}"}
        sent |= {"hearing_at": f"{in_days(40):%Y-%m-%d %H:%M}"} if number % 2 else {}
        rows.append((number + 2, factories.row(case, **sent)))

    run = import_rows(rows, source="command", court=court)
    while OutgoingMail.objects.waiting().exists():
        delivery.deliver.call_local()

    assert run.rows_created == 1000
    listed = HearingNotice.objects.for_clerk(clerk).to_telephone()
    assert set(listed.values_list("access__account", flat=True)) == expected
    assert HearingNotice.objects.count() == 1000


def test_the_telephone_number_is_blanked_with_the_name_and_in_no_log(call_off, case, clerk):
    application = case.accesses.get().application
    Application.objects.filter(pk=application.pk).update(phone="02-2314-6871")
    call_off(1)
    hearing_notices.note_told(HearingNotice.objects.get(), at=timezone.now(), by=clerk)

    words = set()
    application_retention.blank(Application.objects.filter(pk=application.pk), words)

    application.refresh_from_db()
    assert application.phone == ""
    assert "02-2314-6871" in words
    assert "02-2314-6871" not in str(list(CourtLogEntry.objects.values()))
