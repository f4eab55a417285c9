"""Rule 6, and the hold on what clerks type: whatever people could see and was changed, they are told of;
of what they could not see, nothing is said."""

import datetime as dt
import itertools

import pytest
from django.core import mail
from django.utils import timezone

from cpor_cases.actions import entries
from cpor_cases.actions.imports import import_rows
from cpor_cases.hearings.of_cases import of_case
from cpor_cases.mail import delivery
from cpor_cases.models import Case, CaseAccess, ImportRun, OutgoingMail, ProgressEntry
from tests import factories

pytestmark = pytest.mark.django_db

TYPED = {"recorded_at": "115/09/24", "kind": "judgment", "detail": "", "hearing_at": "", "courtroom": ""}


@pytest.fixture
def case(court):
    factories.make_word("訴")
    for code, facts in {"judgment": {}, "archived": {"ends_query": True}}.items():
        factories.make_kind(code, **facts)
    return factories.make_case(court)


@pytest.fixture
def access(litigant, case):
    return factories.make_access(litigant, case)


def let_the_hold_end():
    """The clock ticks when the hold is over, and the worker delivers."""
    entries.publish_due(timezone.now() + dt.timedelta(hours=1))
    OutgoingMail.objects.waiting().update(next_attempt_at=timezone.now())
    delivery.deliver_all()


def seen_by(account):
    shown = CaseAccess.objects.visible_to(account).with_latest_entries()
    return [
        (entry.detail, bool(entry.corrected_at)) for access in shown for entry in access.case.latest_entries
    ]


def told(account):
    return [message for message in mail.outbox if message.to == [account.email]]


def test_typed_entry_is_neither_shown_nor_mailed_before_its_hold_is_over(litigant, access, clerk):
    entries.record(access.case, TYPED | {"detail": "宣判"}, by=clerk)
    entries.publish_due()
    delivery.deliver_all()
    assert (seen_by(litigant), told(litigant)) == ([], [])

    let_the_hold_end()

    assert seen_by(litigant) == [("宣判", False)]
    assert len(told(litigant)) == 1


def test_what_was_taken_back_on_hold_was_never_there(litigant, access, clerk):
    entry = entries.record(access.case, TYPED, by=clerk)
    entries.withdraw(entry, by=clerk)

    let_the_hold_end()

    assert (seen_by(litigant), told(litigant)) == ([], [])
    assert not OutgoingMail.objects.exists()
    assert not CaseAccess.objects.with_news().exists()
    assert CaseAccess.objects.with_latest_entries().get().case.last_withdrawal_at is None


def test_other_news_goes_out_all_the_same(litigant, access, clerk):
    slip = entries.record(access.case, TYPED | {"detail": "誤"}, by=clerk)
    entries.record(access.case, TYPED | {"detail": "正"}, by=clerk)
    entries.withdraw(slip, by=clerk)

    let_the_hold_end()

    assert seen_by(litigant) == [("正", False)]
    assert len(told(litigant)) == 1


def test_correction_on_hold_is_the_entry_as_corrected_in_one_mail(litigant, access, clerk):
    CaseAccess.objects.update(mails_show_entry=True)
    entry = entries.record(access.case, TYPED | {"detail": "誤"}, by=clerk)
    entries.correct(entry, TYPED | {"detail": "正"}, by=clerk)

    let_the_hold_end()

    assert seen_by(litigant) == [("正", False)]
    [message] = told(litigant)
    assert "正" in message.body
    assert "誤" not in message.body


def test_correction_begins_the_hold_anew(access, clerk):
    entry = entries.record(access.case, TYPED, by=clerk)
    ProgressEntry.objects.update(held_until=timezone.now() - dt.timedelta(seconds=1))  # the clock is late
    entry = entries.correct(entry, TYPED | {"detail": "正"}, by=clerk)

    assert entries.publish_due() == 0
    assert entry.held_until > timezone.now() + dt.timedelta(minutes=4)


@pytest.mark.parametrize("action", ["correct", "withdraw"])
def test_what_people_could_see_is_announced_when_changed(litigant, access, clerk, action):
    entry = entries.record(access.case, TYPED, by=clerk)
    let_the_hold_end()
    entry.refresh_from_db()

    if action == "correct":
        entries.correct(entry, TYPED | {"detail": "正"}, by=clerk)
    else:
        entries.withdraw(entry, by=clerk)
    let_the_hold_end()

    assert len(told(litigant)) == 2


@pytest.mark.parametrize(
    "actions", list(itertools.product(["correct", "withdraw", "the hold ends"], repeat=3))
)
def test_no_change_of_what_is_shown_ever_goes_untold(litigant, access, clerk, actions):
    """Whatever a clerk does in whatever order: each time the page differs, a mail goes out that was not out before."""
    entry = entries.record(access.case, TYPED | {"detail": "0"}, by=clerk)
    shown, messages = seen_by(litigant), 0
    is_owed = False
    for number, action in enumerate(actions, start=1):
        entry.refresh_from_db()
        if action == "the hold ends":
            let_the_hold_end()
        elif entry.withdrawn_at is None:
            if action == "correct":
                entries.correct(entry, TYPED | {"detail": str(number)}, by=clerk)
            else:
                entries.withdraw(entry, by=clerk)
        is_owed |= seen_by(litigant) != shown
        shown = seen_by(litigant)
        if action == "the hold ends":
            assert (len(told(litigant)) > messages) == is_owed
            messages, is_owed = len(told(litigant)), False
    let_the_hold_end()

    changed_at_the_end = seen_by(litigant) != shown
    assert (len(told(litigant)) > messages) == (is_owed or changed_at_the_end)


def test_entry_on_hold_ends_no_query(litigant, access, clerk):
    long_ago = TYPED | {"kind": "archived", "recorded_at": "114/01/02"}
    entry = entries.record(access.case, long_ago, by=clerk)
    assert Case.objects.get().closed_on is None
    assert CaseAccess.objects.visible_to(litigant).exists()

    entries.correct(entry, TYPED | {"kind": "archived", "recorded_at": "115/09/24"}, by=clerk)
    let_the_hold_end()

    assert Case.objects.get().closed_on == dt.date(2026, 9, 24)


def test_hearing_on_hold_is_in_no_calendar_and_no_reminder(litigant, access, clerk):
    factories.make_kind("hearing", hearing_effect="sets")
    tomorrow = f"{timezone.localdate() + dt.timedelta(days=1)} 09:30"
    entries.record(access.case, TYPED | {"kind": "hearing", "hearing_at": tomorrow}, by=clerk)

    assert not of_case(access.case_id).to_come()
    let_the_hold_end()

    assert of_case(access.case_id).to_come()


def test_who_was_let_in_during_the_hold_is_told_as_well(litigant, other_litigant, access, clerk):
    entries.record(access.case, TYPED, by=clerk)
    factories.make_access(other_litigant, access.case)

    let_the_hold_end()

    assert (len(told(litigant)), len(told(other_litigant))) == (1, 1)


def test_whose_access_ended_during_the_hold_is_not_told(litigant, access, clerk):
    entries.record(access.case, TYPED, by=clerk)
    CaseAccess.objects.update(ended_at=timezone.now(), end_reason=CaseAccess.EndReason.REVOKED)

    let_the_hold_end()

    assert told(litigant) == []


def test_what_a_court_sends_is_never_on_hold(litigant, access):
    import_rows([(2, factories.row(access.case))], source=ImportRun.Source.COMMAND)

    assert len(seen_by(litigant)) == 1


def test_what_a_court_sends_under_the_number_of_an_entry_on_hold_is_published_at_once(
    litigant, access, clerk
):
    entry = entries.record(access.case, TYPED, by=clerk)
    sent = factories.row(access.case, entry_id=entry.entry_id, detail="正")

    import_rows([(2, sent)], source=ImportRun.Source.COMMAND)
    delivery.deliver_all()
    let_the_hold_end()

    assert seen_by(litigant) == [("正", False)]
    assert len(told(litigant)) == 1


def test_worker_that_dies_while_publishing_leaves_it_to_the_next_one(litigant, access, clerk, monkeypatch):
    entries.record(access.case, TYPED, by=clerk)

    def die(*_args, **_named):
        raise KeyboardInterrupt

    with monkeypatch.context() as dying:
        dying.setattr(entries.outbox, "release_progress_mails", die)
        with pytest.raises(KeyboardInterrupt):
            let_the_hold_end()
    assert (seen_by(litigant), OutgoingMail.objects.count()) == ([], 0)

    let_the_hold_end()

    assert len(seen_by(litigant)) == len(told(litigant)) == 1


def test_two_workers_publish_once(litigant, access, clerk):
    run = entries.record(access.case, TYPED, by=clerk).changed_in

    assert [entries.publish(run), entries.publish(run)] == [True, False]
    assert OutgoingMail.objects.count() == 1


def test_publishing_takes_a_constant_number_of_queries(access, clerk, django_assert_max_num_queries):
    def hold(cases):
        run = factories.make_run(source=ImportRun.Source.TYPED, court=access.case.court)
        for _each in range(cases):
            case = factories.make_case(access.case.court)
            factories.make_access(factories.make_user(), case)
            factories.make_entry(case, changed_in=run, held_until=timezone.now())
        return run

    one, many = hold(1), hold(9)
    with django_assert_max_num_queries(40) as few:
        entries.publish(one)

    with django_assert_max_num_queries(len(few)):
        entries.publish(many)
