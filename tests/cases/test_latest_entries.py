"""The latest three entries of many cases, and when one was last withdrawn, in one query."""

import datetime as dt
import random

import pytest
from django.db.models import Prefetch
from django.utils import timezone

from cpor_cases.models import Case, ProgressEntry
from tests import factories

pytestmark = pytest.mark.django_db


def with_recent(cases):
    recent = ProgressEntry.objects.recent().select_related("kind")
    return cases.prefetch_related(Prefetch("entries", recent, "recent_entries"))


@pytest.fixture
def cases(court):
    """Cases of which some have no entry, and some have many: withdrawn ones, some on hold, several of one moment."""
    dice, now = random.Random(3), timezone.now()
    factories.make_kind("hearing", hearing_effect="sets")
    cases = [factories.make_case(court, number=number) for number in range(1, 13)]
    for case in cases[2:]:
        for _ in range(dice.randint(1, 9)):
            factories.make_entry(
                case,
                kind=dice.choice(["judgment", "hearing"]),
                recorded_at=now - dt.timedelta(days=dice.randint(1, 4)),
                withdrawn_at=dice.choice([None, None, now]),
                held_until=dice.choice([None, None, None, now]),
                hearing_at=dice.choice([None, now]),
            )
    return cases


def test_they_are_what_a_slice_of_all_would_be(cases, django_assert_num_queries):
    all_latest = ProgressEntry.objects.standing().newest_first().select_related("kind")[:3]
    sliced = Case.objects.prefetch_related(Prefetch("entries", all_latest, "expected")).order_by("pk")

    with django_assert_num_queries(2):
        found = list(with_recent(Case.objects.order_by("pk")))
        shown = [
            [(entry, entry.kind.name, entry.kind.hearing_effect) for entry in c.latest_entries] for c in found
        ]

    assert shown == [
        [(entry, entry.kind.name, entry.kind.hearing_effect) for entry in case.expected] for case in sliced
    ]
    assert [] in shown
    assert max(map(len, shown)) == 3


def test_their_values_are_what_the_model_gives(cases):
    (case,) = with_recent(Case.objects.filter(pk=cases[-1].pk))

    for entry in case.latest_entries:
        plain = ProgressEntry.objects.select_related("kind").get(pk=entry.pk)
        for mine, theirs in ((entry, plain), (entry.kind, plain.kind)):
            for field in mine._meta.concrete_fields:
                value = getattr(mine, field.attname)
                assert value == getattr(theirs, field.attname)
                assert type(value) is type(getattr(theirs, field.attname))


def test_each_case_tells_when_an_entry_was_last_withdrawn_lately(court):
    now = timezone.now()
    days_ago = [now - dt.timedelta(days=days) for days in range(40)]
    never, once, twice, long_ago, before_anybody_saw = (
        factories.make_case(court, number=n) for n in range(1, 6)
    )
    for case in (never, once, twice):
        factories.make_entry(case, recorded_at=days_ago[1])
    factories.make_entry(once, withdrawn_at=days_ago[5])
    for days in (29, 3, 9):
        factories.make_entry(twice, withdrawn_at=days_ago[days])
    factories.make_entry(long_ago, withdrawn_at=days_ago[31])
    factories.make_entry(before_anybody_saw, first_seen_at=now, withdrawn_at=now)
    factories.make_entry(never, withdrawn_at=now, held_until=now)

    found = with_recent(Case.objects.order_by("pk"))

    assert [(case.last_withdrawal_at, len(case.latest_entries)) for case in found] == [
        (None, 1),
        (days_ago[5], 1),
        (days_ago[3], 1),
        (None, 0),
        (None, 0),
    ]


def test_of_one_case_they_are_not_read_beside_it(cases):
    with pytest.raises(AttributeError, match="recent_entries"):
        cases[0].latest_entries  # noqa: B018
