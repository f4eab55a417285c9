"""Which hearings follow from a case's entries: by example, and for any sequence of entries."""

import datetime as dt
from itertools import count

from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from cpor_cases.hearings.standing import Entry, State, hearings_of
from cpor_cases.hearings.wording import of_mention
from cpor_core.models.progress_kinds import HearingEffect

SETS, MOVES, CALLS_OFF = HearingEffect.SETS, HearingEffect.MOVES, HearingEffect.CALLS_OFF
TELLS_OF, NONE = HearingEffect.TELLS_OF, HearingEffect.NONE
NOW = timezone.make_aware(dt.datetime(2026, 10, 1, 12, 0))


def at(day: int, hour: int = 9) -> dt.datetime:
    """A moment so many days after the 1st of October; hour 0 is a day without a time."""
    return timezone.make_aware(dt.datetime(2026, 10, 1, hour)) + dt.timedelta(days=day)


def case_of(*rows, **over):
    """The hearings of a case whose entries, one a day, are (effect, date, original)."""
    entries = []
    for pk, (effect, *dates) in enumerate(rows, start=1):
        given = dict(zip(("at", "original_at"), dates, strict=False))
        entries.append(Entry(pk=pk, effect=effect, recorded_at=at(pk - 30), **{"at": None} | given))
    return hearings_of(entries)


def states(case) -> list[tuple]:
    return [(hearing.at, hearing.state(NOW)) for hearing in case.hearings]


def test_a_cancellation_calls_off_the_hearing_that_it_names_and_no_other():
    case = case_of((SETS, at(4)), (SETS, at(9)), (CALLS_OFF, at(4)))

    assert states(case) == [(at(4), State.CALLED_OFF), (at(9), State.SET)]
    assert [hearing.at for hearing in case.to_come(NOW)] == [at(9)]


def test_a_cancellation_without_a_date_calls_off_the_one_hearing_to_come():
    case = case_of((SETS, at(-40)), (SETS, at(4)), (CALLS_OFF, None))

    assert states(case) == [(at(-40), State.HELD), (at(4), State.CALLED_OFF)]


def test_a_cancellation_without_a_date_strikes_none_of_several_and_names_them():
    case = case_of((SETS, at(4)), (SETS, at(9)), (CALLS_OFF, None))

    assert states(case) == [(at(4), State.SET), (at(9), State.SET)]
    assert case.mentions[3].candidates == (at(4), at(9))


def test_a_cancellation_of_another_hour_of_that_day_is_unclear():
    case = case_of((SETS, at(4, 9)), (CALLS_OFF, at(4, 14)))

    assert states(case) == [(at(4, 9), State.SET)]
    assert case.mentions[2].candidates == (at(4, 9),)


def test_a_day_without_a_time_names_the_only_hearing_of_that_day():
    assert states(case_of((SETS, at(4)), (CALLS_OFF, at(4, 0)))) == [(at(4), State.CALLED_OFF)]
    assert states(case_of((SETS, at(4, 0)), (TELLS_OF, at(4, 14)))) == [(at(4, 14), State.SET)]
    assert case_of((SETS, at(4, 9)), (SETS, at(4, 14)), (CALLS_OFF, at(4, 0))).mentions[3].is_unclear


def test_a_hearing_called_off_before_anybody_told_of_it_does_not_take_place():
    case = case_of((CALLS_OFF, at(4)), (TELLS_OF, at(4)))

    assert states(case) == [(at(4), State.CALLED_OFF)]


def test_a_move_keeps_what_the_hearing_is_known_by_and_when_it_was():
    case = case_of((SETS, at(4)), (SETS, at(9)), (MOVES, at(20), at(4)))

    stays, moved = case.hearings
    assert (stays.at, stays.was, moved.key, moved.at, moved.was) == (at(9), [], 1, at(20), [at(4)])
    assert moved.state(NOW) == State.MOVED
    assert case.mentions[1].moved_to == at(20)


def test_a_move_without_its_original_moves_the_one_that_stands():
    (hearing,) = case_of((SETS, at(4)), (MOVES, at(20))).hearings

    assert (hearing.key, hearing.at, hearing.was) == (1, at(20), [at(4)])


def test_a_move_without_its_original_moves_none_of_several_and_sets_the_new_date():
    case = case_of((SETS, at(4)), (SETS, at(9)), (MOVES, at(20)))

    assert states(case) == [(at(4), State.SET), (at(9), State.SET), (at(20), State.SET)]
    assert case.mentions[3].candidates == (at(4), at(9))


def test_a_move_to_a_date_that_is_set_already_makes_one_hearing():
    (hearing,) = case_of((SETS, at(4)), (TELLS_OF, at(20)), (MOVES, at(20), at(4))).hearings

    assert (hearing.key, hearing.at, hearing.was, hearing.entries) == (1, at(20), [at(4)], {1, 2, 3})


def test_a_move_without_a_new_date_waits_for_the_date_that_is_set_next():
    waiting = case_of((SETS, at(4)), (MOVES, None))
    dated = case_of((SETS, at(4)), (MOVES, None), (SETS, at(20)))

    assert states(waiting) == [(at(4), State.MOVED)]
    assert not waiting.to_come(NOW)
    assert [(each.key, each.at, each.was) for each in dated.hearings] == [(1, at(20), [at(4)])]


def test_a_hearing_is_set_anew_after_it_was_called_off_but_not_told_back_to_life():
    rows = (SETS, at(4)), (CALLS_OFF, at(4))

    assert states(case_of(*rows, (SETS, at(4)))) == [(at(4), State.SET)]
    assert states(case_of(*rows, (TELLS_OF, at(4)))) == [(at(4), State.CALLED_OFF)]
    assert states(case_of((SETS, at(4)), (MOVES, at(9)), (NONE, at(4)))) == [(at(9), State.MOVED)]


def test_a_date_of_an_entry_of_any_kind_is_a_hearing():
    assert states(case_of((NONE, at(4)))) == [(at(4), State.SET)]


def test_what_was_withdrawn_did_nothing_and_its_hearing_does_not_take_place():
    rows = [
        Entry(pk=1, effect=SETS, at=at(4), recorded_at=at(-9)),
        Entry(pk=2, effect=MOVES, at=at(20), recorded_at=at(-8), is_withdrawn=True),
        Entry(pk=3, effect=SETS, at=at(9), recorded_at=at(-7), is_withdrawn=True),
        Entry(pk=4, effect=CALLS_OFF, at=at(4), recorded_at=at(-6), is_withdrawn=True),
    ]

    assert states(hearings_of(rows)) == [(at(4), State.SET), (at(9), State.CALLED_OFF)]


def test_a_corrected_date_was_the_one_before():
    entry = Entry(pk=1, effect=SETS, at=at(9), recorded_at=at(-9), corrected_from=at(4))

    (hearing,) = hearings_of([entry]).hearings

    assert (hearing.at, hearing.was, hearing.state(NOW)) == (at(9), [at(4)], State.MOVED)


def test_a_hearing_moved_to_no_date_before_anybody_told_of_it_does_not_take_place():
    case = case_of((MOVES, None, at(4)), (TELLS_OF, at(4)))

    assert states(case) == [(at(4), State.MOVED)]
    assert case.to_come(NOW) == []


def test_a_date_that_comes_with_a_second_move_is_that_of_the_hearing_that_waits_for_one():
    for original in (at(4), at(4, 0), None):
        case = case_of((SETS, at(4)), (MOVES, None, at(4)), (MOVES, at(12), original))

        (hearing,) = case.hearings
        assert (hearing.at, hearing.was, hearing.state(NOW)) == (at(12), [at(4)], State.MOVED)


def test_what_waits_for_a_date_is_called_off_by_the_date_it_had_or_as_the_only_one():
    for named in (at(4), at(4, 0), None):
        case = case_of((SETS, at(4)), (MOVES, None, at(4)), (CALLS_OFF, named))

        assert states(case) == [(at(4), State.CALLED_OFF)]


def test_what_waits_for_a_date_is_not_meant_where_another_hearing_is_to_come():
    case = case_of((SETS, at(4)), (SETS, at(9)), (MOVES, None, at(4)), (CALLS_OFF, None))

    assert states(case) == [(at(4), State.MOVED), (at(9), State.CALLED_OFF)]


def test_a_move_that_names_a_date_called_off_sets_that_hearing_anew():
    case = case_of((SETS, at(4)), (CALLS_OFF, at(4)), (MOVES, at(12), at(4)))

    assert [(each.at, each.was) for each in case.hearings] == [(at(12), [at(4)])]


def test_a_move_from_the_first_date_of_a_hearing_moved_since_is_unclear():
    case = case_of((SETS, at(4)), (MOVES, at(9), at(4)), (MOVES, at(12), at(4)))

    assert case.mentions[3].candidates == (at(9),)
    assert [hearing.at for hearing in case.to_come(NOW)] == [at(9), at(12)]


def test_the_same_move_told_twice_is_one():
    case = case_of((SETS, at(4)), (MOVES, at(9), at(4)), (MOVES, at(9), at(4)))

    assert [(each.at, each.was) for each in case.hearings] == [(at(9), [at(4)])]
    assert not case.mentions[3].is_unclear


def test_to_call_off_a_day_that_a_hearing_was_moved_away_from_leaves_its_new_date():
    case = case_of((SETS, at(4)), (MOVES, at(9), at(4)), (CALLS_OFF, at(4)))

    assert [(each.at, each.was, each.stands) for each in case.hearings] == [(at(9), [at(4)], True)]


def test_a_hearing_that_came_back_to_a_date_is_not_struck_out_there():
    case = case_of((SETS, at(4)), (MOVES, at(9), at(4)), (MOVES, at(4), at(9)))

    assert [(each.at, each.was) for each in case.hearings] == [(at(4), [at(9)])]


def test_a_move_to_the_date_that_a_hearing_has_does_not_say_that_it_was_there():
    case = case_of((SETS, at(4)), (MOVES, at(4), at(4)))

    assert case.mentions[2].before is None


def test_what_is_withdrawn_after_its_hearing_was_moved_calls_nothing_off():
    twice = [Entry(pk=pk, effect=SETS, at=at(4), recorded_at=at(-9), is_withdrawn=pk == 2) for pk in (1, 2)]
    move = Entry(pk=3, effect=MOVES, at=at(9), original_at=at(4), recorded_at=at(-8))

    assert states(hearings_of([*twice, move])) == [(at(9), State.MOVED)]


def test_no_entry_strikes_out_the_date_at_which_its_hearing_is():
    move = Entry(pk=1, effect=MOVES, at=at(3), original_at=at(5), recorded_at=at(-9))
    told = Entry(pk=2, effect=TELLS_OF, at=at(5), corrected_from=at(3), recorded_at=at(-8))

    words = of_mention(hearings_of([move, told]).mentions[2])

    assert (words.was, words.at) == ((at(5),), at(3))


def test_the_office_decides_which_hearing_a_wrong_hour_means():
    for effect, dates in ((CALLS_OFF, {"at": at(4, 14)}), (MOVES, {"at": at(9), "original_at": at(4, 14)})):
        told = Entry(pk=1, effect=SETS, at=at(4, 9), recorded_at=at(-9))
        change = Entry(pk=2, effect=effect, recorded_at=at(-8), chosen_at=at(4, 9), **dates)

        case = hearings_of([told, change])

        assert not case.mentions[2].is_unclear
        assert at(4, 9) not in [hearing.at for hearing in case.hearings if hearing.stands]


dates = st.sampled_from([None, *(at(day, hour) for day in (-20, 3, 4, 5) for hour in (0, 9, 14))])
rows = st.tuples(st.sampled_from(HearingEffect), dates, dates, dates, st.booleans(), st.integers(-25, 2))


@st.composite
def sequences(draw):
    keys = count(1)
    return [
        Entry(
            pk=next(keys),
            effect=effect,
            at=date,
            recorded_at=at(day),
            original_at=original if effect == MOVES else None,
            corrected_from=former,
            is_withdrawn=is_withdrawn,
        )
        for effect, date, original, former, is_withdrawn, day in sorted(
            draw(st.lists(rows, max_size=9)), key=lambda row: row[-1]
        )
    ]


@settings(deadline=None, max_examples=400)
@given(sequences())
def test_whatever_a_court_records_each_hearing_is_one_and_comes_from_its_entries(entries):
    case = hearings_of(entries)
    said = {date for entry in entries for date in (entry.at, entry.original_at, entry.corrected_from) if date}

    standing = [hearing.at for hearing in case.hearings if hearing.stands]
    assert len(standing) == len(set(standing))
    assert len({hearing.key for hearing in case.hearings}) == len(case.hearings)
    for hearing in case.hearings:
        assert hearing.key in hearing.entries
        assert {hearing.at, *hearing.was} <= said
        assert hearing.at not in hearing.was
        assert len(set(hearing.was)) == len(hearing.was)


@settings(deadline=None, max_examples=400)
@given(sequences())
def test_no_date_that_a_court_sent_is_lost_and_none_that_stands_is_invented(entries):
    case = hearings_of(entries)
    live = [entry for entry in entries if not entry.is_withdrawn]
    dated = {entry.at for entry in live if entry.names or entry.effect == MOVES}

    assert {hearing.at for hearing in case.hearings if hearing.stands} <= dated
    for entry in live:
        if entry.names:
            assert case.mentions[entry.pk].hearing in case.hearings


@settings(deadline=None, max_examples=400)
@given(sequences())
def test_what_is_unclear_strikes_none(entries):
    for position, entry in enumerate(entries):
        before, after = hearings_of(entries[:position]), hearings_of(entries[: position + 1])
        mention = after.mentions.get(entry.pk)
        if mention and mention.is_unclear and not entry.is_withdrawn:
            kept = {hearing.at for hearing in before.hearings if hearing.stands}
            assert kept <= {hearing.at for hearing in after.hearings if hearing.stands}


@settings(deadline=None, max_examples=400)
@given(sequences(), st.sampled_from([at(3), at(4), at(5)]))
def test_a_cancellation_by_moment_leaves_every_other_hearing(entries, moment):
    before = hearings_of(entries)
    after = hearings_of([*entries, Entry(pk=99, effect=CALLS_OFF, at=moment, recorded_at=at(2))])

    others = {hearing.at for hearing in before.hearings if hearing.stands} - {
        moment,
        at((moment - at(0)).days, 0),
    }
    assert others <= {hearing.at for hearing in after.hearings if hearing.stands}


@settings(deadline=None, max_examples=400)
@given(sequences())
def test_to_withdraw_a_move_or_a_cancellation_is_as_if_it_had_never_come(entries):
    undone = [entry for entry in entries if not (entry.is_withdrawn and entry.effect in (MOVES, CALLS_OFF))]

    assert _standing(hearings_of(entries)) == _standing(hearings_of(undone))


def _standing(case) -> list[tuple]:
    return [(hearing.at, hearing.was) for hearing in case.hearings if hearing.stands]
