"""Changed hearings of a large file are told when the whole file has been read, before the rest of it is stored."""

import datetime as dt

import pytest

from cpor_cases.actions import imports
from cpor_cases.intake import batches, store
from cpor_cases.intake import run as runs
from cpor_cases.intake.reading.formats import UnreadableFile
from cpor_cases.intake.reading.rows import in_blocks
from cpor_cases.mail import delivery, outbox
from cpor_cases.models import Announcement, HearingNotice, ImportRun, LaterEntry, OutgoingMail, ProgressEntry
from cpor_cases.self_check.run import verify
from tests import factories

pytestmark = pytest.mark.django_db
State = ImportRun.State
BATCH = 4
MOVED = {"kind": "hearing_changed", "hearing_at": "2026-12-20T09:30"}


@pytest.fixture(autouse=True)
def _kinds(monkeypatch):
    monkeypatch.setattr(batches, "BATCH", BATCH)
    factories.make_word("訴")
    for code in ("judgment", "hearing_set", "hearing_changed"):
        factories.make_kind(code)


@pytest.fixture
def followed(court, litigant):
    """Two cases that the litigant follows."""
    cases = [factories.make_case(court, number=number) for number in (901, 902)]
    for case in cases:
        factories.make_access(litigant, case, is_told=True)
    return cases


@pytest.fixture
def batches_stored(monkeypatch):
    """The entries that each batch stored, and the mails that were not held after it."""
    stored = []

    def noting(run, batch):
        before = set(ProgressEntry.objects.values_list("entry_id", flat=True))
        store.store(run, batch)
        new = ProgressEntry.objects.exclude(entry_id__in=before).order_by("pk")
        mails = OutgoingMail.objects.of_run(run).exclude(state=OutgoingMail.State.HELD)
        stored.append(([entry.entry_id for entry in new], mails.count()))

    monkeypatch.setattr(runs, "store", noting)
    return stored


def others(number):
    """Rows of cases that nobody follows."""
    return [factories.row(number=str(1000 + each), entry_id=f"other-{each}") for each in range(number)]


def begin(court):
    return imports.begin(source=ImportRun.Source.API, court=court)


def carry_out(run, rows):
    return runs.carry_out(run, lambda: in_blocks(list(enumerate(rows, start=2))))


def mails_of(run):
    return OutgoingMail.objects.of_run(run).order_by("-is_ahead", "pk")


def test_a_moved_hearing_and_what_else_the_file_says_of_its_case_come_first(court, followed, batches_stored):
    case = followed[0]
    rows = [factories.row(case, entry_id="first"), *others(6), factories.row(case, entry_id="moved", **MOVED)]

    run = carry_out(begin(court), rows)

    assert batches_stored[0] == (["first", "moved"], 1)
    assert [entry for stored, _mails in batches_stored[1:] for entry in stored] == [
        f"other-{each}" for each in range(6)
    ]
    assert (run.state, run.rows_read, run.rows_created) == (State.DONE, 8, 8)
    assert [mail.is_ahead for mail in mails_of(run)] == [True]
    assert verify() == []


@pytest.mark.parametrize("correction", [{"hearing_at": "2026-12-22T09:30"}, {"withdrawn": "1"}])
def test_so_does_a_hearing_that_is_corrected_or_withdrawn(court, followed, batches_stored, correction):
    row = factories.row(followed[0], kind="hearing_set", hearing_at="2026-12-20T09:30")
    carry_out(begin(court), [row])

    run = carry_out(begin(court), [*others(6), row | correction])

    assert batches_stored[1] == ([], 1)
    assert mails_of(run).get().is_ahead


@pytest.mark.parametrize("what", ["nothing new", "nobody follows", "no hearing", "one batch"])
def test_nothing_else_comes_first(court, followed, batches_stored, what):
    moved = factories.row(followed[0], **MOVED)
    if what == "nothing new":
        carry_out(begin(court), [moved])
    rows = {
        "nothing new": [*others(6), moved],
        "nobody follows": [*others(6), factories.row(number="77", **MOVED)],
        "no hearing": [*others(6), factories.row(followed[0])],
        "one batch": [*others(3), moved],
    }[what]

    run = carry_out(begin(court), rows)

    assert not mails_of(run).filter(is_ahead=True).exists()
    assert not Announcement.objects.filter(is_ahead=True).exists()


def test_what_is_told_ahead_is_not_told_again_and_the_rest_a_minute_later(
    court, followed, litigant, mailoutbox
):
    moved, plain = followed
    rows = [factories.row(plain), *others(6), factories.row(moved, **MOVED)]

    run = carry_out(begin(court), rows)

    ahead, rest = mails_of(run)
    assert rest.not_before - ahead.not_before == outbox.BETWEEN_TWO
    assert ahead.accepted_at == rest.accepted_at == run.started_at
    OutgoingMail.objects.filter(pk=rest.pk).update(next_attempt_at=ahead.next_attempt_at)
    delivery.deliver_all()
    of_run = [mail.body for mail in mailoutbox if "901" in mail.body or "902" in mail.body]
    assert [("901" in body, "902" in body) for body in of_run] == [(True, False), (False, True)]
    assert verify() == []


def test_a_hearing_of_the_next_days_is_told_before_all_else(court, followed):
    soon = (dt.date.today() + dt.timedelta(days=1)).isoformat()
    rows = [factories.row(followed[1]), *others(6)]
    rows += [factories.row(followed[0], kind="hearing_changed", hearing_at=f"{soon}T09:30")]

    run = carry_out(begin(court), rows)

    ahead, rest = mails_of(run)
    assert HearingNotice.objects.mailed().get(run=run).is_ahead
    assert (ahead.priority, rest.priority) == (outbox.URGENT, OutgoingMail.LOWEST_PRIORITY)


def test_nothing_is_told_of_a_file_that_turns_out_to_be_incomplete(court, followed):
    def read():
        yield from in_blocks(list(enumerate([factories.row(followed[0], **MOVED), *others(6)], start=2)))
        raise UnreadableFile("It is incomplete.")

    run = begin(court)
    with pytest.raises(UnreadableFile):
        runs.carry_out(run, read)

    assert not ProgressEntry.objects.exists()
    assert not mails_of(run).exists()


def test_a_batch_is_not_larger_because_many_hearings_have_changed(court, litigant, batches_stored):
    rows = []
    for number in range(1, 7):
        case = factories.make_case(court, number=number)
        factories.make_access(litigant, case, is_told=True)
        rows.append(factories.row(case, entry_id=f"moved-{number}", **MOVED))

    run = carry_out(begin(court), [*others(6), *rows])

    assert batches_stored[0] == ([f"moved-{number}" for number in range(1, BATCH + 1)], 1)
    assert max(len(stored) for stored, _mails in batches_stored) == BATCH
    assert mails_of(run).count() == 2
    assert Announcement.objects.filter(is_ahead=True).count() == BATCH


def test_rejected_rows_and_warnings_keep_the_lines_of_the_file(court, followed):
    stands = factories.row(followed[1], entry_id="elsewhere")
    carry_out(begin(court), [stands])
    dates = [
        factories.row(followed[0], kind="hearing_set", hearing_at=f"2026-12-{day}T09:30") for day in (20, 21)
    ]
    carry_out(begin(court), dates)
    unclear = factories.row(followed[0], kind="hearing_changed", hearing_at="2026-12-28T09:30")

    run = carry_out(begin(court), [*others(6), unclear, factories.row(followed[0], entry_id="elsewhere")])

    assert mails_of(run).filter(is_ahead=True).exists()
    assert list(run.warnings.values_list("line", flat=True)) == [8]
    assert list(run.rejected_rows.values_list("line", "code")) == [(9, "entry_of_another_case")]


def test_texts_of_the_case_are_as_the_file_says_them_last(court, followed):
    case = followed[0]
    said = [factories.row(case, division="天"), *others(6), factories.row(case, division="地", **MOVED)]

    carry_out(begin(court), [*said, factories.row(case)])

    case.refresh_from_db()
    assert case.division == "地"


def test_a_later_import_counts_over_what_comes_first(court, followed):
    moved = factories.row(followed[0], **MOVED)
    earlier, later = begin(court), begin(court)
    carry_out(later, [moved | {"hearing_at": "2026-12-21T09:30"}])

    carry_out(earlier, [*others(6), moved])

    earlier.refresh_from_db()
    assert (earlier.rows_superseded, mails_of(earlier).count()) == (1, 0)
    assert not LaterEntry.objects.exists()


class Killed(BaseException):
    """The process of a run has died."""


def test_a_run_resumed_after_the_first_batch_tells_the_rest_once(court, followed, monkeypatch):
    rows = [factories.row(followed[1]), *others(6), factories.row(followed[0], **MOVED)]
    run, calls = begin(court), []

    def dying(run, batch):
        calls.append(batch)
        if len(calls) == 2:
            raise Killed
        store.store(run, batch)

    monkeypatch.setattr(runs, "store", dying)
    with pytest.raises(Killed):
        carry_out(run, rows)
    told_ahead = mails_of(run).get()
    assert runs.resume(run)
    carry_out(run, rows)

    run.refresh_from_db()
    assert (run.state, run.rows_created, run.rows_unchanged) == (State.DONE, 8, 0)
    assert list(mails_of(run))[0] == told_ahead
    assert sorted(Announcement.objects.values_list("access__case__number", "is_ahead")) == [
        (901, True),
        (902, False),
    ]
    assert verify() == []


def test_what_changes_again_after_it_was_told_ahead_is_told_with_the_rest(court, followed, monkeypatch):
    """A clerk has changed it between the death of a run and its resumption: the file is taken at its word, and people told."""
    rows = [*others(6), factories.row(followed[0], entry_id="moved", **MOVED)]
    run, calls = begin(court), []

    def dying(run, batch):
        calls.append(batch)
        if len(calls) == 2:
            raise Killed
        store.store(run, batch)

    monkeypatch.setattr(runs, "store", dying)
    with pytest.raises(Killed):
        carry_out(run, rows)
    ProgressEntry.objects.filter(entry_id="moved").update(courtroom="第五法庭")
    runs.resume(run)
    carry_out(run, rows)

    assert [mail.is_ahead for mail in mails_of(run)] == [True, False]
    assert not Announcement.objects.get().is_ahead
    assert verify() == []
