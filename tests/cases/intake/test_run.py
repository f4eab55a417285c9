"""An import from end to end."""

import datetime as dt
import tracemalloc
from itertools import count

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cpor_cases.actions import imports
from cpor_cases.actions.imports import import_rows
from cpor_cases.intake import batches, store
from cpor_cases.intake import run as runs
from cpor_cases.intake.reading.rows import in_blocks
from cpor_cases.intake.run import abort_silent_runs, carry_out
from cpor_cases.mail import delivery
from cpor_cases.models import Case, ImportRun, OutgoingMail, ProgressEntry
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(court):
    factories.make_word("訴")
    factories.make_kind("judgment", name_zh="判決", name_en="Judgment")
    return factories.make_case(court, number=123)


def take(*rows, **over):
    return import_rows(enumerate(rows, start=2), source=ImportRun.Source.COMMAND, **over)


def test_a_row_makes_its_case_and_its_entry(court):
    factories.make_word("訴更一")
    factories.make_kind("judgment")

    run = take(
        factories.row(
            word="訴更(一)", number="００７", division="孝股", cause="返還借款", hearing_at="115/10/1 0930"
        )
    )

    assert run.rows_created == 1
    case = Case.objects.get()
    assert str(case.full_number) == "115年度訴更一字第7號"
    assert (case.division, case.cause) == ("孝", "返還借款")
    entry = ProgressEntry.objects.get()
    assert entry.hearing_at == timezone.make_aware(dt.datetime(2026, 10, 1, 9, 30))


def test_running_text_keeps_its_punctuation_and_narrows_its_figures(case):
    take(factories.row(case, detail="　兩造到庭，第１２法庭（Ａ）。"))

    assert ProgressEntry.objects.get().detail == "兩造到庭，第12法庭（A）。"


@pytest.mark.parametrize("court_as", ["TPD", "tpd", "臺灣臺北地方法院", "Taiwan Taipei District Court"])
@pytest.mark.parametrize("kind_as", ["judgment", "判決", "Judgment"])
def test_courts_and_kinds_go_by_code_or_name(case, court_as, kind_as):
    run = take(factories.row(case, court=court_as, kind=kind_as))

    assert run.rows_created == 1


@pytest.mark.parametrize(
    ("malformed", "named"),
    [
        ({"court": "XXX"}, "法院"),
        ({"category": "稅務"}, "類別"),
        ({"year": "0"}, "年度"),
        ({"year": "壹"}, "年度"),
        ({"word": "不存在"}, "字別"),
        ({"number": "-1"}, "號"),
        ({"kind": "散步"}, "進行事項"),
        ({"recorded_at": "115/02/30"}, "日期"),
        ({"hearing_at": "115/10/01 25:00"}, "庭期"),
        ({"detail": "長" * 501}, "說明"),
        ({"withdrawn": "maybe"}, "撤銷"),
        ({"entry_id": " "}, "事項序號"),
    ],
)
def test_a_row_that_cannot_be_taken_is_rejected_alone_with_its_column_named(case, malformed, named):
    good, bad = factories.row(case), factories.row(case, **malformed)

    run = take(bad, good)

    assert (run.rows_read, run.rows_created, run.rows_rejected) == (2, 1, 1)
    rejected = run.rejected_rows.get()
    assert rejected.line == 2
    assert named in rejected.reason
    assert rejected.row == bad


def test_the_counts_account_for_every_row(case):
    old, withdrawn = factories.row(case), factories.row(case)
    take(old, withdrawn)

    run = take(
        old,
        withdrawn | {"withdrawn": "是"},
        factories.row(case),
        factories.row(case, kind="?"),
        factories.row(case),
    )

    assert (run.rows_read, run.rows_created, run.rows_unchanged) == (5, 2, 1)
    assert (run.rows_changed, run.rows_withdrawn, run.rows_rejected) == (0, 1, 1)


def test_of_several_rows_of_one_entry_the_last_counts_and_the_others_are_said(case):
    first = factories.row(case, detail="第一次")
    last = first | {"detail": "第二次"}

    run = take(first, last)
    again = take(first, last)

    assert ProgressEntry.objects.get().detail == "第二次"
    assert "3" in run.rejected_rows.get().reason
    assert again.rows_unchanged == 1


def test_entry_numbers_of_another_width_are_one_entry_and_of_another_case_are_two(case):
    first = factories.row(case, entry_id="E1", detail="第一次")

    run = take(first, first | {"entry_id": "e1"}, first | {"entry_id": "Ｅ１", "detail": "第二次"})

    assert dict(ProgressEntry.objects.values_list("entry_id", "detail")) == {"E1": "第二次", "e1": "第一次"}
    rejected = run.rejected_rows.get()
    assert (rejected.line, "4" in rejected.reason) == (2, True)


def test_a_withdrawn_entry_that_is_sent_again_stands_again(case):
    row = factories.row(case)
    take(row)
    take(row | {"withdrawn": "1"})

    run = take(row)

    assert run.rows_changed == 1
    assert ProgressEntry.objects.standing().count() == 1


def test_an_entry_number_cannot_move_to_another_case(case):
    row = factories.row(case)
    take(row)

    run = take(row | {"number": "999"})

    assert run.rows_rejected == 1
    assert ProgressEntry.objects.get().case == case


def test_division_and_cause_follow_the_latest_export_and_an_empty_cell_changes_nothing(case):
    take(factories.row(case, division="孝", cause="返還借款"))
    take(factories.row(case, division="廉"))

    case.refresh_from_db()
    assert (case.division, case.cause) == ("廉", "返還借款")


def test_a_number_too_long_to_be_one_rejects_its_row_alone(case):
    run = take(factories.row(case, entry_id="E" * 61), factories.row(case))

    assert (run.state, run.rows_created, run.rows_rejected) == (ImportRun.State.DONE, 1, 1)


@pytest.mark.parametrize("rows_a_batch", [1, 3, 100])
def test_of_several_divisions_in_one_file_the_last_counts(case, monkeypatch, rows_a_batch):
    monkeypatch.setattr(batches, "BATCH", rows_a_batch)
    sent = [
        {"division": "孝", "cause": "返還借款"},
        {"division": "廉"},
        {"division": "孝"},
        {"cause": "給付價金"},
    ]

    take(*(factories.row(case, **facts) for facts in sent))

    case.refresh_from_db()
    assert (case.division, case.cause) == ("孝", "給付價金")


def test_a_row_that_is_rejected_says_nothing_of_its_case(case, court):
    entry = factories.make_entry(case)
    factories.make_case(court, number=5)
    repeated, standing = factories.row(case, division="孝"), factories.row(case, division="廉")

    run = take(
        standing,
        repeated,
        repeated | {"division": "", "number": "6"},
        factories.row(number="5", division="愛", entry_id=entry.entry_id),
    )

    assert sorted(run.rejected_rows.values_list("line", flat=True)) == [3, 5]
    assert dict(Case.objects.values_list("number", "division")) == {123: "廉", 5: "", 6: ""}


def test_an_empty_cell_takes_nothing_back_within_one_file_either(court):
    factories.make_word("訴")
    factories.make_kind("judgment")

    take(factories.row(division="孝", cause="返還借款"), factories.row())

    assert Case.objects.values_list("division", "cause").get() == ("孝", "返還借款")


@pytest.fixture
def between_batches(monkeypatch):
    """Batches of so many rows, with something done before each: called with the number of the batch."""

    def arrange(rows, between):
        numbers = count(1)

        def store_after(run, batch):
            between(next(numbers))
            return store.store(run, batch)

        monkeypatch.setattr(batches, "BATCH", rows)
        monkeypatch.setattr(runs, "store", store_after)

    return arrange


def test_mails_of_a_run_wait_until_it_has_ended(litigant, case, between_batches):
    factories.make_access(litigant, case)
    seen = []
    between_batches(1, lambda _number: seen.append(delivery.deliver.call_local()))

    take(*(factories.row(case) for _ in range(3)))
    delivery.deliver.call_local()

    assert seen == [0, 0, 0]
    assert len(mail.outbox) == 1


def test_an_aborted_run_keeps_whole_batches_tells_of_them_and_is_completed_by_the_same_file(
    litigant, case, between_batches
):
    factories.make_access(litigant, case)
    rows = [factories.row(case) for _ in range(5)]

    def stumble(number):
        if number == 2:
            raise RuntimeError("the machine stumbles")

    between_batches(2, stumble)
    with pytest.raises(RuntimeError):
        take(*rows)
    between_batches(2, lambda _number: None)

    assert ProgressEntry.objects.count() == 2
    assert OutgoingMail.objects.get().state == OutgoingMail.State.WAITING
    completed = take(*rows)
    assert (completed.rows_unchanged, completed.rows_created) == (2, 3)


def test_a_run_whose_process_died_is_ended_by_the_clock_and_its_mails_go(litigant, case, between_batches):
    factories.make_access(litigant, case)
    run = imports.begin(source=ImportRun.Source.COMMAND)

    def die(number):
        if number == 2:
            raise SystemExit

    between_batches(1, die)
    with pytest.raises(SystemExit):
        carry_out(run, lambda: in_blocks([(2, factories.row(case)), (3, factories.row(case))]))
    assert OutgoingMail.objects.get().state == OutgoingMail.State.HELD

    assert abort_silent_runs(timezone.now()) == 0
    assert abort_silent_runs(timezone.now() + runs.HEARTBEAT_TIMEOUT + dt.timedelta(minutes=1)) == 1

    assert OutgoingMail.objects.get().state == OutgoingMail.State.WAITING
    with pytest.raises(store.RunEnded):
        store.store(run, batches.Batch(2, 3, 2, {case.court_id}))


def test_the_number_of_queries_does_not_grow_with_the_rows_of_a_batch(case):
    rows = [factories.row(case, number=str(n)) for n in range(1, 301)]

    take(rows[0])  # reads what is kept from then on
    with CaptureQueriesContext(connection) as for_few:
        take(*rows[1:30])
    with CaptureQueriesContext(connection) as for_many:
        take(*rows[30:])

    assert len(for_many) == len(for_few) <= 88


def test_memory_does_not_grow_with_the_file_though_every_row_is_a_case_of_its_own(court, monkeypatch):
    factories.make_word("訴")
    factories.make_kind("judgment")
    monkeypatch.setattr(batches, "BATCH", 200)
    peaks, numbers = [], count(1)

    for rows in (400, 400, 4000):  # the first fills what is kept for all
        kept = range(2, rows + 2)
        tracemalloc.start()
        run = imports.import_stream(
            lambda kept=kept: ((line, factories.row(number=str(next(numbers)))) for line in kept),
            source=ImportRun.Source.COMMAND,
        )
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert run.rows_created == rows

    assert peaks[2] < peaks[1] + (1 << 19), peaks


def test_one_typed_entry_is_an_import_of_one_row(clerk, court, case):
    run = import_rows([(1, factories.row(case))], source=ImportRun.Source.TYPED, court=court, by=clerk)

    assert (run.rows_created, run.started_by, run.court) == (1, clerk, court)
