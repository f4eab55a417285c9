"""`/cases/` of one person among few cases and among very many: the whole view, and its query for the latest entries.

The view stands beside another page of the same frame and a bare view of the same bytes; the query beside Django's sliced
prefetch, which its documentation recommends, and beside reading the cases alone, the limit.
"""

import argparse

from django.conf import settings
from django.db import connection, models
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cpor_cases.models import Case, CaseAccess, ImportRun, ProgressEntry
from cpor_core import conf
from cpor_core.models import Court
from tests import factories

from .timing import Contender, bare_view, medians, print_table

SQL = {
    "postgresql": {
        "uuid": "gen_random_uuid()",
        "days_ago": "now() - e.i * interval '9 days'",
        "now": "now()",
    },
    "sqlite": {
        "uuid": "lower(hex(randomblob(16)))",
        "days_ago": "datetime('now', '-' || (e.i * 9) || ' days')",
        "now": "datetime('now')",
    },
}
MAKE_CASES = """
INSERT INTO cpor_cases_case (court_id, category, year, word, number, division, cause, closed_on, public_id)
WITH RECURSIVE n(i) AS (SELECT {first} UNION ALL SELECT i + 1 FROM n WHERE i < {last})
SELECT {court} + i % {courts}, 'civil', 115, '訴', i, '孝', '返還借款', NULL, {uuid} FROM n
"""
MAKE_ENTRIES = """
INSERT INTO cpor_cases_progressentry
    (case_id, court_id, entry_id, recorded_at, kind_id, detail, courtroom, first_seen_at, changed_in_id)
WITH RECURSIVE e(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM e WHERE i < {entries})
SELECT c.id, c.court_id, 'B' || c.id || '-' || e.i, {days_ago}, {kind}, '', '', {now}, {run}
FROM cpor_cases_case c CROSS JOIN e WHERE c.number BETWEEN {first} AND {last}
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--few-cases", type=int, default=10_000, help="all cases of the smaller run of the part `cases`"
    )
    parser.add_argument(
        "--own-cases", type=int, nargs="+", default=[1, 20, 300], help="how many cases each person follows"
    )
    parser.add_argument(
        "--entries-a-case", type=int, default=10, help="of the part `cases`; a slice pays for each of them"
    )
    parser.add_argument(
        "--many-cases",
        type=int,
        default=100_000,
        help="of the larger run; 1000000 takes a quarter of an hour",
    )


def run(options: argparse.Namespace) -> None:
    settings.ALLOWED_HOSTS = ["testserver"]
    people = {}
    took = {}
    for first, total in ((1, options.few_cases), (options.few_cases + 1, options.many_cases)):
        _fill(first, total, options.entries_a_case)
        people = people or {count: _follower(count) for count in options.own_cases}
        took[total] = _print_views(people, total, options)
    few, many = (took[total] for total in (options.few_cases, options.many_cases))
    for count in options.own_cases:
        print(f"  {count} cases: among the many {many[count] / few[count]:.2f} × the time among the few")


def _fill(first: int, last: int, entries_a_case: int) -> None:
    """Make the cases numbered from `first` to `last` over all courts, with their entries."""
    courts = Court.objects.aggregate(first=models.Min("pk"), count=models.Count("pk"))
    words = SQL[connection.vendor] | {"first": first, "last": last, "entries": entries_a_case}
    words |= {"court": courts["first"], "courts": courts["count"]}
    words |= {
        "kind": factories.make_kind("judgment").pk,
        "run": factories.make_run(source=ImportRun.Source.COMMAND).pk,
    }
    with connection.cursor() as cursor:
        cursor.execute(MAKE_CASES.format(**words))
        cursor.execute(MAKE_ENTRIES.format(**words))
        cursor.execute("ANALYZE")


def _follower(count: int):
    """Return somebody who follows `count` cases, spread over all of them."""
    person = factories.make_user(f"follower-{count}")
    step = Case.objects.count() // count
    for case in Case.objects.filter(number__in=[1 + step * i for i in range(count)]):
        factories.make_access(person, case)
    return person


def _print_views(people: dict, total: int, options: argparse.Namespace) -> dict[int, float]:
    seconds, rounds = {}, options.rounds
    entries = total * options.entries_a_case
    for count, person in people.items():
        pages = _pages(person)
        views = medians(pages, rounds=rounds * 5)
        seconds[count] = views["whole view"]
        asked = [_ours(person), _sliced_prefetch(person), _cases_alone(person)]
        taken = medians(asked, rounds=rounds * 5)
        title = f"/cases/ with {count} of {total:,} cases, {entries:,} entries ({_queries(person)} queries of ours)"
        print_table(title, views | taken, work=1, unit="answers", against=["same frame", "cases alone"])
        bare = medians([_bare_statements(contender) for contender in asked], rounds=rounds * 25)
        print_table("The same, statements alone", bare, work=1, unit="answers", against=list(bare)[1:])
    return seconds


def _bare_statements(contender: Contender) -> Contender:
    """Return the same queries as the database gets them; each answer is fetched and left as it comes."""
    with CaptureQueriesContext(connection) as captured:
        contender.run()
    statements = [query["sql"] for query in captured]

    def ask() -> None:
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
                cursor.fetchall()

    return Contender(contender.name, ask)


def _client(person) -> Client:
    client = Client()
    client.force_login(person)
    client.get("/cases/")
    return client


def _pages(person) -> list[Contender]:
    client = _client(person)
    return [
        Contender("whole view", lambda: client.get("/cases/")),
        Contender("same frame", lambda: client.get("/accounts/")),
        bare_view(client.get("/cases/").content),
    ]


def _queries(person) -> int:
    client = _client(person)
    with CaptureQueriesContext(connection) as queries:
        client.get("/cases/")
    return sum("cpor_cases_" in query["sql"] for query in queries)


def _first_page(person):
    return CaseAccess.objects.visible_to(person).order_by("-pk")


def _ours(person) -> Contender:
    return Contender("cases with latest three", lambda: list(_first_page(person).with_latest_entries()[:20]))


def _sliced_prefetch(person) -> Contender:
    latest = ProgressEntry.objects.standing().select_related("kind").newest_first()[: conf.ENTRIES_SHOWN]
    prefetch = models.Prefetch("case__entries", queryset=latest, to_attr="sliced_entries")
    cases = _first_page(person).select_related("case__court").prefetch_related(prefetch)
    return Contender("sliced prefetch", lambda: list(cases.all()[:20]))


def _cases_alone(person) -> Contender:
    return Contender("cases alone", lambda: list(_first_page(person).select_related("case__court")[:20]))
