"""Transfer of a case to another division; merging of a case made twice."""

import datetime as dt

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from cpor_cases.actions import applications, case_merging, case_transfer, entries, reminders, view_log
from cpor_cases.actions.imports import import_rows
from cpor_cases.intake.columns import CASE_TEXTS
from cpor_cases.mail import delivery
from cpor_cases.models import (
    Application,
    Case,
    CaseAccess,
    CourtLogEntry,
    ImportRun,
    MergedCase,
    OutgoingMail,
    ProgressEntry,
)
from cpor_cases.models.merged_cases import with_merged_number
from cpor_core import conf
from cpor_core.models import Category
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def kept(court):
    factories.make_word("訴")
    return factories.make_case(court, number=123, cause="返還借款")


@pytest.fixture
def dropped(court):
    return factories.make_case(court, number=132, division="孝", cause="借款")


@pytest.fixture
def merged(kept, dropped, clerk):
    def merge():
        return case_merging.merge(dropped=dropped, kept=kept, by=clerk)

    return merge


def told(account):
    mail.outbox.clear()
    delivery.deliver_all()
    return [message for message in mail.outbox if message.to == [account.email]]


# Transfer


def test_transfer_is_shown_and_logged_and_mailed_to_no_one(dropped, litigant, clerk):
    factories.make_access(litigant, dropped)

    assert case_transfer.transfer(case=dropped, division="廉股", by=clerk)

    dropped.refresh_from_db()
    assert dropped.division == "廉"
    logged = CourtLogEntry.objects.get(action="cpor_cases.case.transfer", user=clerk)
    assert logged.data == {"from_division": "孝", "to_division": "廉"}
    assert not OutgoingMail.objects.exists()


@pytest.mark.parametrize("column", CASE_TEXTS, ids=lambda column: column.key)
def test_what_courts_said_of_the_dropped_case_alone_is_kept(column, kept, dropped, merged):
    Case.objects.filter(pk=kept.pk).update(**{column.key: ""})
    Case.objects.filter(pk=dropped.pk).update(**{column.key: "甲"})

    merged()

    kept.refresh_from_db()
    assert getattr(kept, column.key) == "甲"


def test_transfer_to_the_division_it_is_with_is_none(dropped, clerk):
    assert not case_transfer.transfer(case=dropped, division=" 孝 ", by=clerk)
    assert not CourtLogEntry.objects.filter(action="cpor_cases.case.transfer").exists()


def test_another_courts_clerk_transfers_nothing(dropped, clerk_elsewhere):
    with pytest.raises(PermissionDenied):
        case_transfer.transfer(case=dropped, division="廉", by=clerk_elsewhere)


# Merging


def test_all_that_hangs_on_the_dropped_case_follows(kept, dropped, merged, litigant, clerk):
    entry = factories.make_entry(dropped)
    access = factories.make_access(litigant, dropped)
    pending = factories.make_application(case=dropped, by=clerk)

    merged()

    assert not Case.objects.filter(pk=dropped.pk).exists()
    assert ProgressEntry.objects.get(pk=entry.pk).case == kept
    assert CaseAccess.objects.get(pk=access.pk).case == kept
    assert set(kept.applications.all()) == {access.application, pending}


def test_blank_facts_are_filled_and_others_kept(kept, merged):
    merged()

    kept.refresh_from_db()
    assert (kept.division, kept.cause) == ("孝", "返還借款")


def test_who_followed_the_dropped_case_is_told_once_that_the_right_one_was_added(
    kept, dropped, merged, litigant
):
    factories.make_entry(kept)
    factories.make_entry(dropped)
    factories.make_access(litigant, dropped)

    merged()

    [message] = told(litigant)
    assert str(kept.full_number) in message.body
    assert OutgoingMail.objects.get().kind == OutgoingMail.Kind.CASE_ADDED


def test_who_followed_the_kept_case_is_told_once_of_what_came_to_it(kept, dropped, merged, litigant):
    for _each in range(3):
        factories.make_entry(dropped, first_seen_at=timezone.now() - dt.timedelta(days=3))
    access = factories.make_access(litigant, kept, last_seen_at=timezone.now() - dt.timedelta(hours=1))

    merged()

    assert len(told(litigant)) == 1
    assert CaseAccess.objects.with_news().get() == access


def test_who_followed_both_is_told_at_most_once(kept, dropped, merged, litigant):
    for case in (kept, dropped):
        factories.make_entry(case)
        factories.make_access(litigant, case)

    merged()

    assert len(told(litigant)) == 1


@pytest.mark.parametrize("with_entry", [{"withdrawn_at": timezone.now()}, None])
def test_who_followed_the_kept_case_is_not_told_of_nothing(kept, dropped, merged, litigant, with_entry):
    if with_entry:
        factories.make_entry(dropped, **with_entry)
    factories.make_access(litigant, kept)

    merged()

    assert told(litigant) == []


def test_inactive_accounts_are_told_nothing(court, kept, dropped, merged, clerk):
    applications.approve(application=factories.make_application(case=dropped, by=clerk), by=clerk)
    before = OutgoingMail.objects.count()

    merged()

    assert OutgoingMail.objects.count() == before


def test_who_followed_both_keeps_the_earlier_access_and_every_own_word(kept, dropped, merged, litigant):
    earlier = factories.make_access(
        litigant,
        dropped,
        granted_at=timezone.now() - dt.timedelta(days=9),
        own_name="房東",
        note="帶收據",
        mail_preference="none",
        mails_show_entry=True,
        reminders=False,
    )
    later = factories.make_access(litigant, kept, own_name="借款案", note="問律師")

    merged()

    stays = CaseAccess.objects.live().get()
    assert (stays.pk, stays.case, stays.own_name) == (earlier.pk, kept, "房東")
    for word in ("帶收據", "借款案", "問律師"):
        assert word in stays.note
    assert (stays.mail_preference, stays.mails_show_entry, stays.reminders) == ("at_once", False, True)
    later.refresh_from_db()
    assert (later.end_reason, later.ended_at is None) == (CaseAccess.EndReason.MERGED, False)


def test_nobody_is_reminded_of_one_hearing_twice(kept, dropped, merged, litigant, settings):
    factories.make_kind("hearing", hearing_effect="sets")
    in_a_week = timezone.now() + dt.timedelta(days=conf.HEARING_REMINDER_DAYS[0])
    factories.make_access(litigant, kept, granted_at=timezone.now() - dt.timedelta(days=1))
    factories.make_access(litigant, dropped)
    factories.make_entry(dropped, "hearing", hearing_at=in_a_week)
    reminders.remind()
    assert OutgoingMail.objects.filter(kind="hearing_reminder").count() == 1

    merged()
    reminders.remind()

    reminder = OutgoingMail.objects.get(kind="hearing_reminder")
    assert reminder.occasions.get().access == CaseAccess.objects.live().get()


def test_mail_that_waited_about_a_moved_entry_does_not_tell_of_it_a_second_time(
    kept, dropped, merged, litigant
):
    factories.make_kind("judgment")
    factories.make_access(litigant, dropped)
    import_rows([(2, factories.row(dropped))], source=ImportRun.Source.COMMAND)

    merged()

    assert len(told(litigant)) == 1


def test_entries_stand_in_one_order_and_the_closing_day_is_counted_anew(kept, dropped, merged):
    factories.make_kind("archived", ends_query=True)
    day = timezone.now() - dt.timedelta(days=30)
    old = factories.make_entry(dropped, "archived", recorded_at=day)
    new = factories.make_entry(kept)

    merged()

    kept.refresh_from_db()
    assert kept.closed_on == timezone.localdate(day)
    assert list(kept.entries.newest_first()) == [new, old]


def test_entry_on_hold_follows_and_is_published_in_its_time(kept, dropped, merged, litigant):
    run = factories.make_run(source=ImportRun.Source.TYPED, court=kept.court)
    factories.make_entry(dropped, changed_in=run, held_until=timezone.now())
    factories.make_access(litigant, kept)
    merged()
    assert told(litigant) == []

    entries.publish_due()

    assert len(told(litigant)) == 1


def test_merge_is_logged_with_both_numbers_and_the_views_follow(kept, dropped, merged, litigant, clerk):
    access = factories.make_access(litigant, dropped)
    view_log.log_case_views([access], by=litigant, opened=True)

    merged()

    logged = CourtLogEntry.objects.get(action="cpor_cases.case.merge", user=clerk)
    assert logged.object_id == str(kept.pk)
    assert logged.data == {
        "merged_number": str(dropped.full_number),
        "into_number": str(kept.full_number),
    }
    assert CourtLogEntry.objects.get(action="cpor_cases.case.view").object_id == str(kept.pk)


def test_merge_opens_no_case_to_whom_an_application_could_not(court, dropped, litigant, clerk):
    factories.make_word("家調", openness="no")
    closed = factories.make_case(court, word="家調")
    factories.make_access(litigant, dropped)

    with pytest.raises(case_merging.NotMergeable) as refusal:
        case_merging.merge(dropped=dropped, kept=closed, by=clerk)

    assert len(refusal.value.obstacles) == 1
    assert CaseAccess.objects.get().case == dropped


def test_role_counts_in_the_category_of_the_case_that_stays(court, dropped, litigant, clerk):
    factories.make_word("家訴", category=Category.FAMILY)
    family = factories.make_case(court, word="家訴", category=Category.FAMILY)
    factories.make_access(litigant, dropped)

    with pytest.raises(case_merging.NotMergeable):
        case_merging.merge(dropped=dropped, kept=family, by=clerk)


def test_cases_of_two_courts_are_never_merged(dropped, other_court, clerk, clerk_elsewhere):
    elsewhere = factories.make_case(other_court)
    for by in (clerk, clerk_elsewhere):
        with pytest.raises(PermissionDenied):
            case_merging.merge(dropped=dropped, kept=elsewhere, by=by)
    clerk.posts.create(court=other_court)

    with pytest.raises(case_merging.NotMergeable):
        case_merging.merge(dropped=dropped, kept=elsewhere, by=clerk)


def test_case_is_not_merged_into_itself(kept, clerk):
    with pytest.raises(case_merging.NotMergeable):
        case_merging.merge(dropped=kept, kept=kept, by=clerk)

    assert Case.objects.filter(pk=kept.pk).exists()


def test_second_merge_of_the_same_finds_it_gone_and_tells_no_one(kept, dropped, merged, litigant):
    factories.make_access(litigant, dropped)
    merged()
    told(litigant)

    with pytest.raises(Case.DoesNotExist):
        merged()

    assert told(litigant) == []
    assert MergedCase.objects.count() == 1


def test_what_was_merged_into_a_case_goes_on_with_it(court, kept, dropped, merged, clerk):
    first = factories.make_case(court, number=231)
    case_merging.merge(dropped=first, kept=dropped, by=clerk)

    merged()

    assert set(MergedCase.objects.values_list("case", flat=True)) == {kept.pk}


def test_court_that_sends_the_old_number_again_makes_a_case_of_its_own(kept, dropped, merged, litigant):
    """The number may be a real one, of other people: nothing of it is shown to who follows the kept case."""
    factories.make_kind("judgment")
    factories.make_access(litigant, kept)
    row = factories.row(dropped)
    merged()

    import_rows([(2, row)], source=ImportRun.Source.COMMAND)

    [again] = with_merged_number(Case.objects.all(), MergedCase.objects.all())
    assert again.full_number == dropped.full_number
    assert not kept.entries.exists()
    assert told(litigant) == []


def test_court_that_sends_a_moved_entry_under_the_old_number_is_told(kept, dropped, merged):
    factories.make_kind("judgment")
    entry = factories.make_entry(dropped)
    merged()

    run = import_rows([(2, factories.row(dropped, entry_id=entry.entry_id))], source=ImportRun.Source.COMMAND)

    assert run.rows_rejected == 1


def test_application_that_is_decided_after_the_merge_opens_the_kept_case(kept, dropped, merged, clerk):
    application = factories.make_application(case=dropped, by=clerk)
    as_drawn_before = Application.objects.select_related("case__court", "role").get(pk=application.pk)
    merged()

    access = applications.approve(application=as_drawn_before, by=clerk)

    assert access.case == kept


def test_merging_takes_as_many_queries_for_many_entries_as_for_few(
    court, clerk, litigant, django_assert_max_num_queries
):
    def two(entries):
        both = [factories.make_case(court) for _each in range(2)]
        for case in both:
            factories.make_access(litigant, case)
            for _each in range(entries):
                factories.make_entry(case)
        return both

    factories.make_word("訴")
    few, many = two(1), two(12)
    with django_assert_max_num_queries(100) as captured:
        case_merging.merge(dropped=few[0], kept=few[1], by=clerk)

    with django_assert_max_num_queries(len(captured)):
        case_merging.merge(dropped=many[0], kept=many[1], by=clerk)
