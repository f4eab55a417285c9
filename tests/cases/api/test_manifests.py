"""A court's system says what it holds, and is told where the service holds others."""

import datetime as dt
import json

import pytest
from django.utils import timezone

from cpor_cases import tasks
from cpor_cases.actions import manifests
from cpor_cases.manifests.canonical import NOTHING
from cpor_cases.models import ImportRun, Manifest, ManifestDifference
from tests import factories
from tests.support.examples import load_example

pytestmark = pytest.mark.django_db
court_side = load_example("send_manifest")


@pytest.fixture
def state(client, secret, worker):
    """Send a manifest, let the worker compare it, and return what is answered then."""

    def send(rows, *, token=secret, query="", **headers):
        names = {"Authorization": f"Bearer {token}", "Accept-Language": "en", **headers}
        body = rows if isinstance(rows, str) else json.dumps(rows)
        kind = "application/json" if not isinstance(rows, str) or rows[:1] == "[" else "text/csv"
        address = f"/api/v1/manifest{query}"
        answer = worker(lambda: client.post(address, body, content_type=kind, headers=names))
        if answer.status_code != 202:
            return answer
        return client.get(answer.headers["Location"], headers=names).json()

    return send


@pytest.fixture
def rows(case, send, worker):
    """What the court holds and has sent, of two cases."""
    other = factories.make_case(case.court)
    day = timezone.localdate().isoformat()
    held = [factories.row(each, recorded_at=day) for each in (case, case, other)]
    worker(lambda: send(held))
    assert ImportRun.objects.get().rows_created == 3
    return held


def named(rows, by="case") -> list[dict]:
    return list(court_side.manifest(court_side.in_groups(rows, by), by))


def test_what_agrees_is_said_to(rows, state):
    told = state(named(rows), query="?complete=1")

    assert told["state"] == "compared"
    assert told["counts"] == {"stated": 2, "equal": 2, "different": 0, "left_out": 0}
    assert told["differences"] == []


def test_what_is_missing_extra_and_different_is_listed_to_be_sent_again(rows, state, case):
    lost = factories.row(factories.make_case(case.court), recorded_at="2026-01-05")
    altered = rows[0] | {"detail": "改期"}

    told = state(named([altered, rows[1], lost]), query="?complete=1")

    found = {each["number"]: (each["kind"], each["send_again"]) for each in told["differences"]}
    assert found == {
        case.number: ("different", True),
        int(lost["number"]): ("missing", True),
        int(rows[2]["number"]): ("extra", False),
    }


def test_by_day_as_well(rows, state):
    lost = rows[0] | {"entry_id": "LOST", "recorded_at": "2026-01-05"}

    told = state(named([*rows, lost], by="day"))

    [difference] = told["differences"]
    assert (difference["day"], difference["kind"]) == ("2026-01-05", "missing")


def test_which_entries_differ_is_asked_in_a_second_call(rows, state):
    altered = [rows[0] | {"detail": "改期"}, rows[1] | {"entry_id": "LOST"}]
    groups = court_side.in_groups(altered, "case")

    told = state(list(court_side.manifest_of_entries(groups, "case", groups)))

    [difference] = told["differences"]
    assert difference["entries"] == {
        "missing": ["LOST"],
        "extra": [rows[1]["entry_id"]],
        "different": [rows[0]["entry_id"]],
    }


def test_what_is_not_named_is_not_compared_unless_the_manifest_is_complete(rows, state):
    assert state(named(rows[:2]))["counts"]["different"] == 0
    assert state(named(rows[:2]), query="?complete=1")["counts"]["different"] == 1


def test_a_difference_is_open_until_a_later_manifest_agrees(rows, state):
    state(named(rows[:1]))
    first = ManifestDifference.objects.open().get()
    state(named(rows[:1]))
    again = ManifestDifference.objects.open().get()
    assert (again.since, again.manifest_id > first.manifest_id) == (first.since, True)

    state(named(rows))

    assert not ManifestDifference.objects.open().exists()


def test_it_waits_for_what_the_court_sent_before(rows, state, court):
    run = ImportRun.objects.create(court=court, source=ImportRun.Source.API)

    told = state(named(rows))
    assert (told["state"], told["waits_for_imports"]) == ("waiting", 1)

    ImportRun.objects.filter(pk=run.pk).update(state="done", ended_at=timezone.now())
    tasks.compare_manifests.call_local()
    manifests.compare_waiting.call_local()
    assert Manifest.objects.get().state == Manifest.State.COMPARED


def test_what_changed_after_it_came_is_left_out(rows, court):
    kept = Manifest.objects.create(court=court, by="case", stated=1, last_import=0)
    key = "/".join(str(rows[0][name]) for name in court_side.GROUPS["case"])
    kept.parts.create(number=0, rows=[[key, 9, NOTHING]])

    manifests.compare(kept)

    kept.refresh_from_db()
    assert (kept.left_out, kept.equal, kept.differences.count()) == (1, 0, 0)


def test_what_was_withdrawn_or_typed_by_a_clerk_counts_nowhere(rows, state, send, worker, case):
    worker(lambda: send([rows[2] | {"withdrawn": "1"}]))
    factories.make_entry(case, entry_id="typed-1")

    told = state(named(rows[:2]), query="?complete=1")

    assert told["counts"]["different"] == 0


def test_a_worker_that_died_over_it_is_followed_by_another(rows, state, court):
    stated = named(rows[:1])
    ImportRun.objects.create(court=court, source=ImportRun.Source.API, started_at=timezone.now())
    state(stated)
    kept = Manifest.objects.get()
    ImportRun.objects.filter(ended_at=None).update(state="done", ended_at=timezone.now())
    Manifest.objects.update(claimed_at=timezone.now())
    manifests.compare_waiting.call_local()
    assert not kept.differences.exists()

    Manifest.objects.update(claimed_at=timezone.now() - dt.timedelta(hours=1))
    manifests.compare_waiting.call_local()

    assert kept.differences.count() == 1
    assert not kept.parts.exists()


def test_the_same_key_and_body_are_one_manifest(rows, state):
    first = state(named(rows), **{"Idempotency-Key": "one"})
    again = state(named(rows), **{"Idempotency-Key": "one"})
    other = state(named(rows[:1]), **{"Idempotency-Key": "one"})

    assert first["id"] == again["id"]
    assert other.status_code == 422
    assert other.json()["type"].endswith("#key-reused")


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("[]", "no-rows"),
        ('[{"category": "civil"}]', "rows-unreadable"),
        ('[{"number": 1, "digest": "00"}]', "rows-unreadable"),
        ("[1]", "rows-unreadable"),
        ("年度,號\n115,1\n", "rows-unreadable"),
        ('[{"day": "2026-09-24", "entries": 1,', "body-incomplete"),
        (json.dumps([{"day": "2026-09-24", "entries": 0, "digest": NOTHING}] * 2), "rows-unreadable"),
        (json.dumps([{"day": "2026-99-24", "entries": 0, "digest": NOTHING}]), "rows-unreadable"),
        (json.dumps([{"day": "2026-09-24", "entries": "many", "digest": NOTHING}]), "rows-unreadable"),
        (
            json.dumps([{"court": "SLD", "day": "2026-09-24", "entries": 0, "digest": NOTHING}]),
            "rows-unreadable",
        ),
    ],
)
def test_what_cannot_be_read_is_refused_whole(state, body, kind):
    answer = state(body)

    assert answer.json()["type"].endswith(f"#{kind}"), answer.json()
    assert answer.json()["detail"]
    assert not Manifest.objects.exists()


def test_a_table_is_taken_with_chinese_headings(rows, state):
    lines = ["類別,年度,字別,號,筆數,摘要"]
    lines += [",".join(map(str, row.values())) for row in named(rows)]

    assert state("\n".join(lines) + "\n")["counts"]["equal"] == 2


def test_another_courts_manifest_is_not_there(rows, state, see, other_court):
    told = state(named(rows))
    _token, other = factories.make_token(other_court)

    assert see(told["url"], token=other).status_code == 404
    assert state(named(rows), token=other)["differences"][0]["kind"] == "missing"
