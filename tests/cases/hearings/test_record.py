"""What courts send and clerks type about hearings, from the row to the hearings that follow from it."""

import datetime as dt
import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cpor_cases.actions import entries
from cpor_cases.actions.imports import import_file, import_rows
from cpor_cases.hearings.of_cases import of_case
from cpor_cases.intake import batches
from cpor_cases.intake.dry_run import simulate
from cpor_cases.intake.reading.rows import in_blocks
from cpor_cases.models import Case, ImportRun, PastEntry, ProgressEntry
from tests import factories

pytestmark = pytest.mark.django_db


def in_days(days: int) -> dt.datetime:
    return timezone.localtime().replace(hour=9, minute=30, second=0, microsecond=0) + dt.timedelta(days=days)


def as_sent(moment: dt.datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"


@pytest.fixture
def case(court):
    factories.make_word("訴")
    for code in ("hearing_set", "hearing_changed", "hearing_cancelled", "notice_served"):
        factories.make_kind(code)
    return factories.make_case(court)


@pytest.fixture
def send(case):
    def send(kind: str, number: int, **over) -> ImportRun:
        row = factories.row(case, kind=kind, entry_id=f"H{number}", **over)
        return import_rows([(number, row)], source=ImportRun.Source.COMMAND)

    return send


def row(case, kind: str, number: int, at: dt.datetime | None = None, **over) -> dict:
    its_date = {"hearing_at": as_sent(at)} if at else {}
    return factories.row(case, kind=kind, entry_id=f"H{number}", **its_date, **over)


def standing(case) -> list[dt.datetime]:
    return [hearing.at for hearing in of_case(case.pk).to_come()]


def test_a_move_names_its_original_in_a_column_of_its_own(case, send):
    send("hearing_set", 1, hearing_at=as_sent(in_days(5)))
    send("hearing_set", 2, hearing_at=as_sent(in_days(7)))

    run = send("hearing_changed", 3, hearing_at=as_sent(in_days(20)), moved_from=as_sent(in_days(5)))

    assert standing(case) == [in_days(7), in_days(20)]
    assert not run.warnings.exists()


def test_a_cancellation_of_one_of_several_is_taken_and_reported_with_a_code(case, send):
    send("hearing_set", 1, hearing_at=as_sent(in_days(5)))
    send("hearing_set", 2, hearing_at=as_sent(in_days(7)))

    run = send("hearing_cancelled", 3)

    assert (run.rows_created, run.rows_rejected) == (1, 0)
    warning = run.warnings.get()
    assert (warning.line, warning.entry_id, warning.code) == (3, "H3", "hearing_unclear")
    assert as_sent(in_days(5)) in warning.sentence
    assert standing(case) == [in_days(5), in_days(7)]


def test_the_hearing_that_a_clerk_chooses_is_called_off_and_the_same_row_again_does_not_undo_it(
    case, send, clerk
):
    follower = factories.make_access(factories.make_user(), case)
    send("hearing_set", 1, hearing_at=as_sent(in_days(15)))
    send("hearing_set", 2, hearing_at=as_sent(in_days(17)))
    send("hearing_cancelled", 3)
    entry = ProgressEntry.objects.get(entry_id="H3")
    told = follower.announcements.count()

    entries.choose_hearing(entry, in_days(17), by=clerk)
    again = send("hearing_cancelled", 3)

    assert again.rows_unchanged == 1
    assert standing(case) == [in_days(15)]
    assert follower.announcements.count() == told + 1
    with pytest.raises(entries.NotTaken):
        entries.choose_hearing(entry, in_days(15), by=clerk)


@pytest.mark.parametrize(
    ("kind", "dates"),
    [
        ("hearing_cancelled", {"hearing_at": as_sent(in_days(15) + dt.timedelta(hours=4))}),
        (
            "hearing_changed",
            {
                "hearing_at": as_sent(in_days(20)),
                "moved_from": as_sent(in_days(15) + dt.timedelta(hours=4)),
            },
        ),
    ],
)
def test_the_hearing_that_a_clerk_chooses_for_a_wrong_hour_is_the_one(case, send, clerk, kind, dates):
    send("hearing_set", 1, hearing_at=as_sent(in_days(15)))
    send(kind, 2, **dates)
    entry = ProgressEntry.objects.get(entry_id="H2")
    assert of_case(case.pk).mentions[entry.pk].is_unclear

    entries.choose_hearing(entry, in_days(15), by=clerk)

    assert not of_case(case.pk).mentions[entry.pk].is_unclear
    assert in_days(15) not in standing(case)
    case.refresh_from_db()
    assert case.unclear_until is None


def test_what_a_correction_replaced_is_on_record_and_the_hearing_was_there(case, send):
    send("hearing_set", 1, hearing_at=as_sent(in_days(5)), courtroom="第 1 法庭")
    send("hearing_set", 1, hearing_at=as_sent(in_days(6)), courtroom="第 2 法庭")
    send("hearing_set", 1, hearing_at=as_sent(in_days(6)), courtroom="第 2 法庭", detail="請攜帶證件")

    first, second = PastEntry.objects.all()
    assert (first.hearing_at, first.courtroom) == (in_days(5), "第 1 法庭")
    assert second.differences_from(ProgressEntry.objects.get()) == {"detail": ""}
    (hearing,) = of_case(case.pk).hearings
    assert (hearing.at, hearing.was) == (in_days(6), [in_days(5)])


def test_a_hearing_taken_out_by_a_correction_does_not_take_place(case, send):
    send("hearing_set", 1, hearing_at=as_sent(in_days(5)))
    send("hearing_set", 1, hearing_at="")

    assert [(each.at, each.stands) for each in of_case(case.pk).hearings] == [(in_days(5), False)]


def test_the_warning_of_a_repeated_file_is_told_again(case, send, tmp_path):
    send("hearing_set", 1, hearing_at=as_sent(in_days(5)))
    send("hearing_set", 2, hearing_at=as_sent(in_days(7)))
    file = tmp_path / "export.ndjson"
    file.write_text(
        json.dumps(factories.row(case, kind="hearing_cancelled", entry_id="H3")), encoding="utf-8"
    )

    first, again = (import_file(file, source=ImportRun.Source.COMMAND) for _each in range(2))

    assert again.repeats == first
    assert [warning.code for warning in again.warnings.all()] == ["hearing_unclear"]


class TestDryRun:
    """A dry run lists the warnings that the import then has."""

    @pytest.fixture
    def warnings(self, case):
        def told(found) -> list:
            return [(each.line, each.entry_id, each.code, each.parameters) for each in found]

        def warnings(*rows: dict) -> list:
            numbered = list(enumerate(rows, start=2))
            foreseen = told(simulate(lambda: in_blocks(numbered)).warnings)
            run = import_rows(numbered, source=ImportRun.Source.COMMAND)
            assert foreseen == told(run.warnings.order_by("line"))
            return foreseen

        return warnings

    def test_of_hearings_on_record(self, case, send, warnings):
        send("hearing_set", 1, hearing_at=as_sent(in_days(5)))
        send("hearing_set", 2, hearing_at=as_sent(in_days(7)))

        ((line, entry_id, code, parameters),) = warnings(row(case, "hearing_cancelled", 3))

        assert (line, entry_id, code) == (2, "H3", "hearing_unclear")
        assert parameters == {"dates": [as_sent(in_days(5)), as_sent(in_days(7))]}

    @pytest.mark.parametrize("batch", [1, 2, 100])
    def test_of_a_case_and_hearings_that_are_new_with_the_file(self, court, warnings, monkeypatch, batch):
        monkeypatch.setattr(batches, "BATCH", batch)
        new = Case(court=court, category="civil", year=115, word="訴", number=99)
        other = Case(court=court, category="civil", year=115, word="訴", number=98)

        found = warnings(
            row(new, "hearing_set", 1, in_days(5)),
            row(other, "hearing_set", 2, in_days(6)),
            row(new, "hearing_set", 3, in_days(7)),
            row(other, "hearing_cancelled", 4),
            row(new, "hearing_changed", 5, in_days(20)),
            row(new, "hearing_cancelled", 6, in_days(5)),
        )

        assert [line for line, *_rest in found] == [6]

    def test_of_hearings_that_the_file_takes_back_corrects_or_sets_again(self, case, send, warnings):
        for number, day in ((1, 5), (2, 7), (3, 9)):
            send("hearing_set", number, hearing_at=as_sent(in_days(day)))

        found = warnings(
            row(case, "hearing_set", 1, withdrawn="1"),
            row(case, "hearing_set", 2, in_days(8)),
            row(case, "hearing_set", 4, in_days(30), withdrawn="1"),
            row(case, "hearing_cancelled", 5),
        )

        ((line, *_rest, parameters),) = found
        assert (line, parameters) == (5, {"dates": [as_sent(in_days(8)), as_sent(in_days(9))]})
        assert warnings(row(case, "hearing_set", 3, withdrawn="1"), row(case, "hearing_changed", 6)) == []

    def test_of_a_row_on_record_none(self, case, send, warnings):
        send("hearing_set", 1, hearing_at=as_sent(in_days(5)))
        send("hearing_set", 2, hearing_at=as_sent(in_days(7)))
        send("hearing_cancelled", 3)

        assert warnings(row(case, "hearing_cancelled", 3)) == []

    def test_it_takes_as_many_queries_for_many_cases(self, court, case):
        def queries_of(cases: int) -> int:
            found = [
                Case(court=court, category="civil", year=115, word="訴", number=n)
                for n in range(1, cases + 1)
            ]
            rows = [row(each, "hearing_cancelled", each.number) for each in found]
            with CaptureQueriesContext(connection) as queries:
                simulate(lambda: in_blocks(enumerate(rows, start=2)))
            return len(queries)

        assert queries_of(2) == queries_of(12)


class TestOffice:
    @pytest.fixture
    def office(self, client, clerk):
        client.force_login(clerk)
        return client

    def type_in(self, office, case, kind: str, **over):
        facts = {"recorded_at": f"{timezone.localdate()}", "kind": f"種類{kind}", "detail": ""}
        facts |= {"hearing_at": "", "courtroom": ""} | over
        answer = office.post(reverse("office_cases:record_entry", args=[case.pk]), facts)
        ProgressEntry.objects.update(held_until=None)
        return answer

    def test_a_hearing_is_typed_moved_and_called_off(self, office, case):
        for kind, days in (("hearing_set", 5), ("notice_served", 7)):
            assert self.type_in(office, case, kind, hearing_at=as_sent(in_days(days))).status_code == 302
        moved = {"hearing_at": as_sent(in_days(20)), "which_hearing": as_sent(in_days(5))}
        assert self.type_in(office, case, "hearing_changed", **moved).status_code == 302
        off = {"which_hearing": as_sent(in_days(7))}
        assert self.type_in(office, case, "hearing_cancelled", **off).status_code == 302

        assert standing(case) == [in_days(20)]

    @pytest.mark.parametrize("kind", ["hearing_changed", "hearing_cancelled"])
    def test_one_of_several_hearings_has_to_be_chosen(self, office, case, send, kind):
        send("hearing_set", 1, hearing_at=as_sent(in_days(5)))
        send("hearing_set", 2, hearing_at=as_sent(in_days(7)))

        answer = self.type_in(office, case, kind)

        assert answer.context["form"].errors["which_hearing"]

    def test_an_unclear_cancellation_is_a_task_on_the_first_page_until_the_hearing_is_chosen(
        self, office, case, send
    ):
        send("hearing_set", 1, hearing_at=as_sent(in_days(5)))
        send("hearing_set", 2, hearing_at=as_sent(in_days(7)))
        send("hearing_cancelled", 3)
        url = reverse("office_cases:choose_hearing", args=[ProgressEntry.objects.get(entry_id="H3").pk])
        home = reverse("wagtailadmin_home")
        assert url in office.get(home).content.decode()

        page = office.get(url)
        chosen = page.context["form"].fields["hearing"].choices[1][0]
        assert office.post(url, {"hearing": chosen}).status_code == 302

        assert standing(case) == [in_days(5)]
        assert url not in office.get(home).content.decode()

    def test_the_case_shows_what_an_entry_said_before(self, office, case, send):
        send("hearing_set", 1, hearing_at=as_sent(in_days(5)), detail="第一次")
        send("hearing_set", 1, hearing_at=as_sent(in_days(6)), detail="第二次")

        page = office.get(reverse("office_cases:inspect", args=[case.pk])).content.decode()

        assert "第一次</del>" in page
        assert "改期" in page
