"""Ten thousand entries are dropped, altered, moved or added at random: all of it is found, and nothing else.

The court computes its digests with the program of `examples/`, which imports nothing of ours.
"""

import datetime as dt
import random
from itertools import count

import pytest
from django.utils import timezone

from cpor_cases.actions import imports, manifests
from cpor_cases.models import ImportRun, Manifest, ManifestDifference, ManifestPart
from tests import factories
from tests.support.examples import load_example

pytestmark = pytest.mark.django_db

CASES, ENTRIES_A_CASE, CHANGES_A_ROUND = 700, 3, 1000
court_side = load_example("send_manifest")


def entry_of(case: int, number: int, day: dt.date) -> dict:
    return {
        "court": "TPD",
        "category": "civil",
        "year": "115",
        "word": "訴",
        "number": str(case),
        "entry_id": f"Ｅ-{case} {number}",
        "recorded_at": (day + dt.timedelta(days=(case + number) % 60)).isoformat(),
        "kind": "hearing_set" if number == 1 else "judgment",
        "detail": f"兩造  到庭，第{number}次　A b",
        "hearing_at": "2027-01-04T09:30" if number == 1 else "",
        "courtroom": "第３法庭" if number == 1 else "",
        "moved_from": "",
    }


@pytest.fixture
def rows(court):
    """What the court holds, and has sent."""
    factories.make_word("訴")
    for code in ("judgment", "hearing_set"):
        factories.make_kind(code)
    day = timezone.localdate() - dt.timedelta(days=70)
    rows = [entry_of(case, number, day) for case in range(1, CASES + 1) for number in range(ENTRIES_A_CASE)]
    run = imports.import_rows(list(enumerate(rows, start=2)), source=ImportRun.Source.COMMAND, court=court)
    assert run.rows_created == len(rows), list(run.rejected_rows.all()[:3])
    return rows


def altered(rows: list[dict], dice: random.Random, serial: count) -> tuple[list[dict], set]:
    """Return the rows with some changes at random, and the entries that were dropped, altered or added."""
    held, touched = [dict(row) for row in rows], set()
    for place in dice.sample(range(len(held)), CHANGES_A_ROUND):
        row = held[place]
        touched.add(row["entry_id"])
        match dice.randrange(7):
            case 0:
                held[place] = {}
            case 1:
                row["detail"] += dice.choice("甲乙丙x")
            case 2:
                row["kind"] = "judgment" if row["kind"] != "judgment" else "hearing_set"
            case 3:
                row["recorded_at"] = row["recorded_at"] + "T10:31"
            case 4:
                row["courtroom"] = row["courtroom"] + "之1"
            case 5:
                row["hearing_at"] = "2027-02-01T14:00"
            case 6:
                added = row | {"entry_id": f"NEW-{next(serial)}"}
                held.append(added)
                touched.remove(row["entry_id"])
                touched.add(added["entry_id"])
    return [row for row in held if row], touched


def send(court, rows: list, *, is_complete=True) -> Manifest:
    by = "day" if "day" in rows[0] else "case"
    keys = [
        row["day"] if by == "day" else f"{row['category']}/{row['year']}/{row['word']}/{row['number']}"
        for row in rows
    ]
    is_detailed = "entry_id" in rows[0]
    manifest = Manifest.objects.create(
        court=court,
        by=by,
        is_complete=is_complete,
        is_detailed=is_detailed,
        stated=len(rows),
        last_import=ImportRun.objects.latest("pk").pk,
    )
    last = "entry_id" if is_detailed else "entries"
    parts = [[key, row[last], row["digest"]] for key, row in zip(keys, rows, strict=True)]
    for number, start in enumerate(range(0, len(parts), 150)):
        ManifestPart.objects.create(manifest=manifest, number=number, rows=parts[start : start + 150])
    manifests.compare(manifest)
    manifest.refresh_from_db()
    return manifest


def differing_groups(here: dict, there: dict) -> set:
    return {group for group in here.keys() | there.keys() if here.get(group) != there.get(group)}


def key_of(group: tuple) -> str:
    return "/".join(map(str, group))


@pytest.mark.parametrize(("by", "rounds"), [("case", 8), ("day", 2)])
def test_every_change_is_found_and_none_is_invented(rows, court, by, rounds):
    dice, serial, changes = random.Random(20261130), count(), 0
    here = court_side.in_groups(rows, by)

    for _round in range(rounds):
        held, touched = altered(rows, dice, serial)
        there = court_side.in_groups(held, by)
        expected = differing_groups(here, there)
        changes += len(touched)

        manifest = send(court, list(court_side.manifest(there, by)))

        found = {each.group: each for each in manifest.differences.all()}
        assert set(found) == set(map(key_of, expected))
        assert manifest.equal == len(here.keys() | there.keys()) - len(expected)
        for group in expected:
            each = found[key_of(group)]
            assert (each.entries_here, each.entries_there) == (
                len(here.get(group, ())),
                len(there.get(group, ())),
            )
        assert entries_found(court, there, by, expected) == entries_expected(here, there, expected)

    assert changes == rounds * CHANGES_A_ROUND
    assert send(court, list(court_side.manifest(here, by))).equal == len(here)
    assert not ManifestDifference.objects.open().exists()


def entries_expected(here: dict, there: dict, groups: set) -> set:
    """Return which entries of the groups that the court still has differ, and how."""
    expected = set()
    for group in groups & there.keys():
        own, theirs = here.get(group, {}), there[group]
        expected |= {("missing", each) for each in theirs.keys() - own.keys()}
        expected |= {("extra", each) for each in own.keys() - theirs.keys()}
        expected |= {("different", each) for each in own.keys() & theirs.keys() if own[each] != theirs[each]}
    return expected


def entries_found(court, there: dict, by: str, groups: set) -> set:
    """Send the digests of the single entries of these groups, and return what is found of them."""
    rows = list(court_side.manifest_of_entries(there, by, sorted(groups & there.keys())))
    manifest = send(court, rows, is_complete=False)
    return {
        (kind, court_side.canonical_text(entry_id))
        for each in manifest.differences.all()
        for kind, entry_ids in each.entries.items()
        for entry_id in entry_ids
    }
