"""How a hearing is told, wherever it is told: what happened comes first, then when it was, then when it is now."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cpor_core.punctuation import colon, listed
from cpor_core.roc_dates import moment_in_both_calendars

from .standing import Hearing, Mention


@dataclass(frozen=True)
class HearingWords:
    """The parts of what is said of a hearing; pages and mails in HTML strike out when it `was`."""

    lead: str
    """What happened to it, or that it is one."""
    was: tuple[dt.datetime, ...] = ()
    at: dt.datetime | None = None
    """When it takes place, unless it does not."""
    courtroom: str = ""
    note: str = ""
    which: tuple[dt.datetime, ...] = field(default=())
    """The hearings of which it may be any; the note says so."""
    advice: str = ""
    """What the reader must do meanwhile, as a sentence."""

    @property
    def is_changed(self) -> bool:
        """Whether it is no longer when it was, or one of several may not be."""
        return bool(self.was or self.which)

    def __str__(self) -> str:
        parts = [pgettext("hearing", "was %(date)s") % {"date": date} for date in _dates(self.was)]
        if self.at:
            now = moment_in_both_calendars(self.at)
            parts.append(pgettext("hearing", "now %(date)s") % {"date": now} if self.was else now)
            parts[-1] += f" {self.courtroom}" if self.courtroom else ""
        if self.note:
            dates = colon() + pgettext("between two hearings", " or ").join(_dates(self.which))
            parts.append(self.note + (dates if self.which else ""))
        said = f"{self.lead}{colon()}{listed(parts)}"
        return (
            said + pgettext("end of a sentence, then another one", ". ") + self.advice
            if self.advice
            else said
        )


def _dates(moments: Iterable[dt.datetime]) -> list[str]:
    return [moment_in_both_calendars(each) for each in moments]


def of_mention(mention: Mention) -> HearingWords | None:
    """Return what an entry says of a hearing and what became of that; None if it says nothing."""
    if mention.is_unclear:
        return _unclear(mention)
    if mention.at is None and mention.before is None:
        return None
    if mention.calls_off and not mention.is_withdrawn:
        return HearingWords(called_off(), was=_only(mention.at), note=_no_new_date(mention))
    if mention.stands:
        lead = moved() if mention.before else _("Hearing")
        return HearingWords(lead, was=_only(mention.before), at=mention.at, courtroom=mention.courtroom)
    return _overtaken(mention)


def _overtaken(mention: Mention) -> HearingWords:
    """Return the words for an entry whose date is not that of the hearing any more, or that gives none."""
    hearing, was = mention.hearing, _only(mention.before) + _only(mention.at)
    if mention.moved_to and hearing:
        was = tuple(each for each in dict.fromkeys(was) if each != mention.moved_to)
        return HearingWords(moved(), was=was, at=mention.moved_to, courtroom=hearing.courtroom)
    is_moved = mention.at is None or (hearing is not None and hearing.awaits_date)
    return HearingWords(moved() if is_moved else called_off(), was=was, note=_no_new_date(mention))


def _unclear(mention: Mention) -> HearingWords:
    advice = _("Until the court has told you, attend each of them as your summons or notice says.")
    if mention.calls_off:
        note = _("one of your hearings; ask the court which")
        return HearingWords(called_off(), note=note, which=mention.candidates, advice=advice)
    note = _("from one of your hearings; ask the court which")
    return HearingWords(
        moved(),
        at=mention.at,
        courtroom=mention.courtroom,
        note=note,
        which=mention.candidates,
        advice=advice,
    )


def of_hearing(hearing: Hearing) -> HearingWords:
    """Return how a hearing stands."""
    if hearing.stands:
        lead = moved() if hearing.was else _("Hearing")
        return HearingWords(lead, was=tuple(hearing.was), at=hearing.at, courtroom=hearing.courtroom)
    lead = moved() if hearing.awaits_date else called_off()
    note = "" if hearing.is_replaced else no_new_date()
    return HearingWords(lead, was=(*hearing.was, hearing.at), note=note)


def _no_new_date(mention: Mention) -> str:
    return no_new_date() if mention.awaits_date else ""


def _only(moment: dt.datetime | None) -> tuple[dt.datetime, ...]:
    return (moment,) if moment else ()


def moved() -> str:
    return pgettext("hearing", "Moved")


def called_off() -> str:
    return pgettext("hearing", "Called off")


def no_new_date() -> str:
    return pgettext("hearing", "no new date yet")
