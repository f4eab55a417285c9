"""What was accepted later counts, whichever is stored first."""

import pytest

from cpor_cases.actions import imports
from cpor_cases.actions.imports import import_rows
from cpor_cases.intake import batches, store
from cpor_cases.intake import run as runs
from cpor_cases.intake.reading.rows import in_blocks
from cpor_cases.mail import delivery
from cpor_cases.models import ImportRun, LaterCaseText, LaterEntry, OutgoingMail, ProgressEntry
from tests import factories

pytestmark = pytest.mark.django_db
State = ImportRun.State


def accept(court=None):
    return imports.begin(source=ImportRun.Source.API, court=court)


def carry_out(run, *rows):
    return runs.carry_out(run, lambda: in_blocks(enumerate(rows, start=2)))


def texts_of(case):
    case.refresh_from_db()
    return case.division, case.cause


def counts(run):
    names = ("created", "changed", "unchanged", "withdrawn", "superseded", "rejected")
    return {name: figure for name in names if (figure := getattr(run, f"rows_{name}"))}


def test_of_an_entry_the_later_submission_counts_though_it_is_stored_first(case, court):
    row = factories.row(case)
    earlier, later = accept(court), accept(court)

    carry_out(later, row | {"detail": "後"})
    carry_out(earlier, row | {"detail": "先"})

    assert ProgressEntry.objects.get().detail == "後"
    earlier.refresh_from_db()
    assert (earlier.state, counts(earlier)) == (State.DONE, {"superseded": 1})


def test_what_the_later_submission_found_unchanged_counts_as_well(case, court):
    row = factories.row(case, detail="原")
    carry_out(accept(court), row)
    earlier, later = accept(court), accept(court)

    assert counts(carry_out(later, row)) == {"unchanged": 1}
    assert counts(carry_out(earlier, row | {"detail": "先"})) == {"superseded": 1}

    assert ProgressEntry.objects.get().detail == "原"


def test_other_entries_of_the_same_case_are_stored(case, court):
    row, other = factories.row(case), factories.row(case)
    earlier, later = accept(court), accept(court)

    carry_out(later, row)

    assert counts(carry_out(earlier, row, other)) == {"created": 1, "superseded": 1}


def test_a_withdrawal_that_overtakes_its_entry_stands_and_nobody_is_told(case, court, litigant):
    factories.make_access(litigant, case)
    row = factories.row(case)
    earlier, later = accept(court), accept(court)

    assert counts(carry_out(later, row | {"withdrawn": "1"})) == {"withdrawn": 1}
    assert counts(carry_out(earlier, row)) == {"superseded": 1}

    assert not ProgressEntry.objects.standing().exists()
    assert not OutgoingMail.objects.exists()


def test_of_a_case_each_text_counts_as_it_was_said_last(case, court):
    earlier, later = accept(court), accept(court)

    carry_out(later, factories.row(case, division="後"))
    carry_out(earlier, factories.row(case, division="先", cause="返還借款"))

    assert texts_of(case) == ("後", "返還借款")


def test_a_superseded_row_still_says_what_the_later_one_left_empty(case, court):
    row = factories.row(case)
    earlier, later = accept(court), accept(court)

    carry_out(later, row)
    carry_out(earlier, row | {"detail": "先", "division": "孝"})

    assert texts_of(case)[0] == "孝"
    assert ProgressEntry.objects.get().detail == ""


def test_a_typed_entry_overtakes_a_file_and_a_file_of_all_courts(case, court, clerk):
    row = factories.row(case, detail="原")
    carry_out(accept(court), row)
    of_court, of_all = accept(court), accept()

    import_rows([(1, row | {"detail": "更正"})], source=ImportRun.Source.TYPED, court=court, by=clerk)
    carry_out(of_court, row)
    carry_out(of_all, row)

    assert ProgressEntry.objects.get().detail == "更正"


def test_another_court_s_submission_overtakes_nothing(case, court, other_court):
    earlier, later = accept(other_court), accept(court)

    carry_out(later, factories.row(case))

    assert not LaterEntry.objects.exists()
    # Of another court than the sender's
    assert counts(carry_out(earlier, factories.row(case))) == {"rejected": 1}


@pytest.mark.parametrize("end", [runs.stop, lambda run: runs.abort(run, failure="")])
def test_the_notes_go_when_no_earlier_submission_is_under_way(case, court, end):
    first, second = accept(court), accept(court)

    carry_out(accept(court), factories.row(case, division="孝"))
    carry_out(second, factories.row(case))
    assert LaterEntry.objects.count() == 2
    end(first)

    assert not LaterEntry.objects.exists()
    assert not LaterCaseText.objects.exists()


def test_where_nothing_is_overtaken_nothing_is_noted(case, court):
    noted = []
    carry_out(accept(court), factories.row(case))
    noted.append(LaterEntry.objects.count())
    import_rows([(1, factories.row(case))], source=ImportRun.Source.TYPED, court=court)
    noted.append(LaterEntry.objects.count())

    assert noted == [0, 0]


def test_an_entry_stays_in_its_case_and_the_row_that_names_another_is_rejected(case, court):
    row = factories.row(case)
    earlier, later = accept(court), accept(court)

    carry_out(later, row)

    assert counts(carry_out(earlier, row | {"number": "999"})) == {"rejected": 1}
    assert ProgressEntry.objects.get().case == case


def test_a_resumed_import_leaves_what_was_said_since_it_stored_the_row(case, court, litigant, monkeypatch):
    factories.make_access(litigant, case)
    monkeypatch.setattr(batches, "BATCH", 1)
    rows = [factories.row(case, detail="先") for _ in range(3)]
    earlier, stored = accept(court), []

    def die_at_the_third(run, batch):
        if len(stored) == 2 and run == earlier:
            raise SystemExit
        stored.append(batch)
        return store.store(run, batch)

    monkeypatch.setattr(runs, "store", die_at_the_third)
    with pytest.raises(SystemExit):
        carry_out(earlier, *rows)
    monkeypatch.setattr(runs, "store", store.store)
    carry_out(accept(court), rows[0] | {"detail": "後"})
    assert runs.resume(earlier)
    carry_out(earlier, *rows)

    assert sorted(ProgressEntry.objects.values_list("detail", flat=True)) == ["先", "先", "後"]
    earlier.refresh_from_db()
    assert (earlier.rows_read, earlier.rows_created) == (3, 3)
    delivery.deliver.call_local()
    assert set(OutgoingMail.objects.values_list("state", flat=True)) == {OutgoingMail.State.SENT}
    assert OutgoingMail.objects.count() == 2


def test_a_repeated_file_is_read_if_something_accepted_later_has_changed_the_record(case, court, tmp_path):
    row = factories.row(case, detail="先")
    file = tmp_path / "export.csv"
    file.write_text(",".join(row) + "\n" + ",".join(row.values()) + "\n", encoding="utf-8")

    def take():
        return imports.import_file(file, source=ImportRun.Source.COMMAND, court=court)

    take()
    assert take().repeats is not None
    import_rows([(1, row | {"detail": "後"})], source=ImportRun.Source.TYPED, court=court)
    again = take()

    assert (again.repeats, again.rows_changed) == (None, 1)
    assert ProgressEntry.objects.get().detail == "先"


def test_a_typed_entry_is_accepted_and_stored_in_one_transaction(case, court, monkeypatch):
    """A web process that dies meanwhile leaves no import under way, which later ones would have to note for an hour."""

    def fail(run, batch):
        raise RuntimeError("the machine stumbles")

    monkeypatch.setattr(runs, "store", fail)
    with pytest.raises(RuntimeError):
        import_rows([(1, factories.row(case))], source=ImportRun.Source.TYPED, court=court)

    assert not ImportRun.objects.exists()
