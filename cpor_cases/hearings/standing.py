"""The hearings of one case, as they follow from its entries in the order in which the court recorded them.

An entry sets a hearing, moves it, calls it off or tells of it, as its kind says. A date names the hearing of that moment;
a date without a time, which midnight stands for, the only hearing of that day. A move or a cancellation that names none is
about the one hearing to come when it was recorded. If it may be about several, it changes none and is unclear.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum

from django.utils import timezone

from cpor_core.models.progress_kinds import CHANGES_OF_HEARINGS, HearingEffect
from cpor_core.roc_dates import in_taipei, start_of_day


class State(StrEnum):
    SET = "set"
    MOVED = "moved"
    """To another date; or from its date to one that is not known yet."""
    CALLED_OFF = "called_off"
    HELD = "held"
    """Its day is over, and nothing says that it did not take place."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What of an entry its case's hearings follow from."""

    pk: int
    effect: str
    at: dt.datetime | None
    recorded_at: dt.datetime
    courtroom: str = ""
    original_at: dt.datetime | None = None
    """Of a move: the hearing that is moved."""
    chosen_at: dt.datetime | None = None
    """The hearing that the office chose, where the entry itself leaves open which it moves or calls off."""
    corrected_from: dt.datetime | None = None
    """The date it gave before it was corrected to another one."""
    is_withdrawn: bool = False

    @property
    def names(self) -> bool:
        """Whether it says when a hearing is. One of any kind does that neither moves nor calls off and has a date."""
        return self.at is not None and self.effect not in CHANGES_OF_HEARINGS


@dataclass(slots=True)
class Hearing:
    key: int
    """The first entry that named it: what it is known by, wherever it moves."""
    at: dt.datetime
    courtroom: str = ""
    said_by: int = 0
    """The entry that says how it stands."""
    was: list[dt.datetime] = field(default_factory=list)
    """When it was before, the first date first."""
    entries: set[int] = field(default_factory=set)
    stands: bool = True
    awaits_date: bool = False
    """It was moved, and the new date is not known yet."""
    is_replaced: bool = False
    """It was called off, and another one has been set since."""

    def state(self, now: dt.datetime | None = None) -> State:
        if self.awaits_date:
            return State.MOVED
        if not self.stands:
            return State.CALLED_OFF
        if self.at < start_of_day(now):
            return State.HELD
        return State.MOVED if self.was else State.SET

    def is_to_come(self, now: dt.datetime | None = None) -> bool:
        """Whether it takes place today or later."""
        return self.stands and self.at >= start_of_day(now)


@dataclass(slots=True)
class Mention:
    """What one entry says of a hearing, and what has become of that since."""

    effect: str
    at: dt.datetime | None
    """The date the entry gives: of a cancellation the one called off, if it is known."""
    courtroom: str = ""
    hearing: Hearing | None = None
    before: dt.datetime | None = None
    """When the hearing was before this entry moved or corrected it."""
    candidates: tuple[dt.datetime, ...] = ()
    """The hearings of which the entry may mean any; only if it is unclear which."""
    is_withdrawn: bool = False

    @property
    def is_unclear(self) -> bool:
        return bool(self.candidates)

    @property
    def calls_off(self) -> bool:
        return self.effect == HearingEffect.CALLS_OFF

    @property
    def moves(self) -> bool:
        return self.effect == HearingEffect.MOVES

    @property
    def stands(self) -> bool:
        """Whether there is a hearing at the date that the entry gives."""
        return self.hearing is not None and self.hearing.stands and is_like(self.hearing.at, self.at)

    @property
    def moved_to(self) -> dt.datetime | None:
        """The date to which the hearing has been moved since."""
        hearing = self.hearing
        return hearing.at if hearing and hearing.stands and not self.stands and not self.calls_off else None

    @property
    def awaits_date(self) -> bool:
        """Whether the hearing does not take place, and the court has not set one since."""
        return self.hearing is not None and not self.hearing.stands and not self.hearing.is_replaced

    @property
    def is_outdated(self) -> bool:
        """Whether the hearing it names has been moved or called off since: nobody should do what it asks."""
        return bool(self.hearing and self.at) and not self.calls_off and not self.stands


@dataclass(slots=True)
class CaseHearings:
    """The hearings of a case, by date, and what each entry says of one, by the entry's key."""

    hearings: list[Hearing] = field(default_factory=list)
    mentions: dict[int, Mention] = field(default_factory=dict)

    def to_come(self, now: dt.datetime | None = None) -> list[Hearing]:
        """Return those of today and later that stand, the next one first."""
        return [hearing for hearing in self.hearings if hearing.is_to_come(now)]

    @property
    def next(self) -> Hearing | None:
        return next(iter(self.to_come()), None)

    @property
    def ahead(self) -> list[Hearing]:
        """Those of today and later, whether they take place or not."""
        return [hearing for hearing in self.hearings if hearing.at >= start_of_day()]

    @property
    def changed_ahead(self) -> list[Hearing]:
        """Those ahead that were moved or called off: nobody may go by the date they had."""
        return [hearing for hearing in self.ahead if hearing.was or not hearing.stands]

    def first_told(self, *, whole: bool = True) -> list[Hearing]:
        """Return those ahead in the order in which they are told: first those that were changed. Not `whole`: of the others
        the next alone."""
        unchanged = [hearing for hearing in self.to_come() if not hearing.was]
        return self.changed_ahead + (unchanged if whole else unchanged[:1])

    @property
    def is_changed(self) -> bool:
        """Whether one that is ahead was moved or called off, or it is unclear which."""
        return bool(self.changed_ahead or self.unclear)

    @property
    def unclear(self) -> dict[int, Mention]:
        """The entries of which it is unclear which hearing they are about, as long as one of these is ahead."""
        today = start_of_day()
        return {
            pk: mention
            for pk, mention in self.mentions.items()
            if any(candidate >= today for candidate in mention.candidates)
        }


def hearings_of(entries: Iterable[Entry]) -> CaseHearings:
    """Return the hearings of a case from its published entries, those withdrawn since included, in recorded order."""
    entries, builder = list(map(_as_of_now, entries)), _Builder()
    for entry in entries:
        if not entry.is_withdrawn:
            builder.take(entry)
    for entry in entries:
        if entry.is_withdrawn:
            builder.take_withdrawn(entry)
    for hearing in builder.hearings:
        # One that came back to a date is not struck out there, and none is struck out twice.
        hearing.was = [each for each in dict.fromkeys(hearing.was) if each != hearing.at]
    hearings = sorted(builder.hearings, key=lambda hearing: (hearing.at, hearing.key))
    return CaseHearings(hearings, builder.mentions)


def _as_of_now(entry: Entry) -> Entry:
    """Return an entry whose date was taken out by a correction as one that was withdrawn with that date."""
    is_emptied = entry.at is None and entry.corrected_from and entry.effect not in CHANGES_OF_HEARINGS
    return replace(entry, at=entry.corrected_from, is_withdrawn=True) if is_emptied else entry


class _Builder:
    def __init__(self) -> None:
        self.hearings: list[Hearing] = []
        self.mentions: dict[int, Mention] = {}

    def take(self, entry: Entry) -> None:
        if entry.effect == HearingEffect.CALLS_OFF:
            self._call_off(entry)
        elif entry.effect == HearingEffect.MOVES:
            self._move(entry)
        elif entry.names:
            self._name(entry)

    def take_withdrawn(self, entry: Entry) -> None:
        """What only a withdrawn entry named does not take place; what it moved or called off is as if it had not."""
        about = entry.original_at or entry.at
        if about is None:
            return
        hearing = (
            _first_like(self._standing(), about)
            or next(self._moved_away_from(about), None)
            or self._gone_with(entry)
        )
        if hearing is not None:
            hearing.entries.add(entry.pk)
            if entry.names:
                hearing.key = min(hearing.key, entry.pk)
        self._mention(entry, hearing, at=about)

    def _gone_with(self, entry: Entry) -> Hearing | None:
        """Return the hearing that does not take place because its entry was withdrawn."""
        # Without a move the hearing is where it was; only one that came from nowhere goes with it.
        is_undone_move = entry.effect == HearingEffect.MOVES and self._standing()
        if entry.at is None or entry.effect == HearingEffect.CALLS_OFF or is_undone_move:
            return None
        over = (hearing for hearing in self.hearings if not hearing.stands)
        hearing = _first_like(over, entry.at) or self._add(entry, entry.at)
        hearing.stands = False
        return hearing

    def _name(self, entry: Entry) -> None:
        assert entry.at is not None
        hearing = self._named_by(entry) or self._add_anew(entry, entry.at)
        if hearing.stands and is_like(hearing.at, entry.at):
            hearing.at = entry.at if _lacks_time(hearing.at) else hearing.at
            hearing.courtroom = entry.courtroom or hearing.courtroom
        hearing.entries.add(entry.pk)
        hearing.key = min(hearing.key, entry.pk)
        self._mention(entry, hearing, at=entry.at)

    def _named_by(self, entry: Entry) -> Hearing | None:
        """Return the hearing that an entry names, brought back to life if the entry sets it anew; None if it is a new one."""
        assert entry.at is not None
        if found := _first_like(self._standing(), entry.at):
            return found
        is_set = entry.effect == HearingEffect.SETS
        awaiting = self._awaiting()
        if is_set and len(awaiting) == 1:
            return self._give_date(awaiting[0], entry)
        over = [hearing for hearing in self.hearings if not hearing.stands]
        if found := _first_like(over, entry.at):
            if is_set:
                found.stands, found.said_by, found.at = True, entry.pk, entry.at
            return found
        if is_set:
            return None
        # Who tells of a date that was moved away knows of the move no more than the summons did.
        return next((each for each in self.hearings if any(is_like(was, entry.at) for was in each.was)), None)

    def _give_date(self, hearing: Hearing, entry: Entry) -> Hearing:
        assert entry.at is not None
        hearing.was.append(hearing.at)
        hearing.at, hearing.stands, hearing.awaits_date, hearing.said_by = entry.at, True, False, entry.pk
        return hearing

    def _call_off(self, entry: Entry) -> None:
        hearing, candidates = self._meant(entry, entry.at)
        if hearing is None and entry.at and not candidates:
            if moved := next(self._moved_away_from(entry.at), None):
                # Called off for that day and moved: what takes place on another day stands.
                self._mention(entry, moved, at=entry.at)
                return
            # A hearing of which nobody has been told yet: should an entry tell of it later, it does not take place.
            hearing = self._add(entry, entry.at)
        if hearing is not None:
            hearing.stands = hearing.awaits_date = False
            hearing.said_by = entry.pk
            hearing.entries.add(entry.pk)
        self._mention(entry, hearing, at=hearing.at if hearing else entry.at, candidates=candidates)

    def _move(self, entry: Entry) -> None:
        hearing, candidates = self._meant(entry, entry.original_at)
        before = hearing.at if hearing else entry.original_at
        if hearing is None:
            hearing = self._moved_here(entry, before if not candidates else None)
        elif entry.at is None:
            hearing.stands, hearing.awaits_date = False, True
        else:
            self._move_to(hearing, entry, entry.at)
        if hearing is not None:
            hearing.said_by = entry.pk
            hearing.entries.add(entry.pk)
        self._mention(entry, hearing, at=entry.at, before=before, candidates=candidates)

    def _move_to(self, hearing: Hearing, entry: Entry, at: dt.datetime) -> None:
        self._take_in(hearing, at)
        if hearing.at != at:
            hearing.was.append(hearing.at)
        _correct(hearing, entry)
        hearing.at, hearing.stands, hearing.awaits_date = at, True, False
        hearing.courtroom = entry.courtroom or hearing.courtroom

    def _moved_here(self, entry: Entry, before: dt.datetime | None) -> Hearing | None:
        """Return the hearing at the date to which an entry moves one that is not on record, or does not say which.

        One that is moved to no date yet does not take place, should an entry tell of it later."""
        if entry.at is None:
            hearing = self._add(entry, before) if before else None
            if hearing:
                hearing.stands, hearing.awaits_date = False, True
            return hearing
        hearing = _first_like(self._standing(), entry.at) or self._add_anew(entry, entry.at)
        if before and not is_like(before, hearing.at):
            hearing.was.append(before)
        return hearing

    def _take_in(self, hearing: Hearing, at: dt.datetime) -> None:
        """Make one of two: the hearing that is moved, and one that another entry has already set at the new date."""
        twin = _first_like((each for each in self._standing() if each is not hearing), at)
        if twin is None:
            return
        self.hearings.remove(twin)
        hearing.entries |= twin.entries
        hearing.courtroom = twin.courtroom or hearing.courtroom
        for mention in self.mentions.values():
            if mention.hearing is twin:
                mention.hearing = hearing

    def _meant(
        self, entry: Entry, named_at: dt.datetime | None
    ) -> tuple[Hearing | None, tuple[dt.datetime, ...]]:
        """Return the hearing that a move or a cancellation is about, or else the dates of those it may be about."""
        found = self._named(entry, named_at) if named_at else self._unnamed(entry)
        if len(found) > 1 or (found and named_at and not is_like(found[0].at, named_at)):
            if chosen := next((each for each in found if each.at == entry.chosen_at), None):
                return chosen, ()
            return None, tuple(sorted(each.at for each in found))
        return next(iter(found), None), ()

    def _unnamed(self, entry: Entry) -> list[Hearing]:
        """Return the hearings of which an entry that names none may mean any: those to come, else those that await a date."""
        day = start_of_day(entry.recorded_at)
        to_come = [each for each in self._standing() if each.at >= day and each.at != entry.at]
        return to_come or self._awaiting()

    def _named(self, entry: Entry, at: dt.datetime) -> list[Hearing]:
        """Return the hearings that an entry may mean by a date."""
        awaiting, standing = self._awaiting(), self._standing()
        is_move = entry.effect == HearingEffect.MOVES
        over = [each for each in self.hearings if not each.stands] if is_move else []
        return (
            [each for each in standing if each.at == at]
            or [each for each in awaiting if each.at == at]
            or [each for each in standing if _day(each.at) == _day(at)]
            or [each for each in awaiting + over if is_like(each.at, at)][:1]
            # Once more from the date it had at first: the hearing that was moved away from there, or another one.
            or [each for each in self._moved_away_from(at) if is_move and not is_like(each.at, entry.at)]
        )

    def _moved_away_from(self, at: dt.datetime) -> Iterator[Hearing]:
        """Yield the hearings that stand at another date and once were at this one."""
        return (each for each in self._standing() if any(is_like(was, at) for was in each.was))

    def _standing(self) -> list[Hearing]:
        return [hearing for hearing in self.hearings if hearing.stands]

    def _awaiting(self) -> list[Hearing]:
        return [hearing for hearing in self.hearings if hearing.awaits_date]

    def _add_anew(self, entry: Entry, at: dt.datetime) -> Hearing:
        for hearing in self.hearings:
            hearing.is_replaced = not hearing.stands
        return self._add(entry, at)

    def _add(self, entry: Entry, at: dt.datetime) -> Hearing:
        hearing = Hearing(
            key=entry.pk, at=at, courtroom=entry.courtroom, said_by=entry.pk, entries={entry.pk}
        )
        _correct(hearing, entry)
        self.hearings.append(hearing)
        return hearing

    def _mention(self, entry: Entry, hearing: Hearing | None, **facts) -> None:
        before = facts.pop("before", None)
        before = None if before == facts["at"] else before
        if before is None and entry.corrected_from and not is_like(entry.corrected_from, facts["at"]):
            before = entry.corrected_from
        self.mentions[entry.pk] = Mention(
            effect=entry.effect,
            hearing=hearing,
            before=before,
            courtroom=entry.courtroom or (hearing.courtroom if hearing else ""),
            is_withdrawn=entry.is_withdrawn,
            **facts,
        )


def _correct(hearing: Hearing, entry: Entry) -> None:
    """Note the date that an entry gave before it was corrected, as one at which the hearing was."""
    if entry.corrected_from and entry.at and not is_like(entry.corrected_from, entry.at):
        hearing.was.append(entry.corrected_from)


def _day(moment: dt.datetime) -> dt.date:
    return in_taipei(moment).date()


def _lacks_time(moment: dt.datetime) -> bool:
    return in_taipei(moment).time() == dt.time()


def is_ahead(moment: dt.datetime, now: dt.datetime | None = None) -> bool:
    """Whether a hearing at that moment can still begin: a day without a time lasts until its end."""
    return moment >= start_of_day(now) and (_lacks_time(moment) or moment > (now or timezone.now()))


def is_like(one: dt.datetime, other: dt.datetime | None) -> bool:
    """Whether two dates may be the same hearing: one moment, or one day of which either has no time."""
    if other is None or one == other:
        return one == other
    return _day(one) == _day(other) and (_lacks_time(one) or _lacks_time(other))


def _first_like(hearings: Iterable[Hearing], at: dt.datetime) -> Hearing | None:
    hearings = list(hearings)
    exact = (hearing for hearing in hearings if hearing.at == at)
    return next(exact, None) or next((hearing for hearing in hearings if is_like(hearing.at, at)), None)
