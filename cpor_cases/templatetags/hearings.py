"""Hearings as a litigant reads them: what happened comes first, dates that no longer hold are struck out."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator

from django import template
from django.db.models import Field
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cpor_cases.hearings import wording
from cpor_cases.hearings.standing import Hearing, Mention
from cpor_cases.hearings.wording import HearingWords
from cpor_cases.models import Case, PastEntry, ProgressEntry
from cpor_core.punctuation import colon
from cpor_core.templatetags.court_dates import chinese, day_of, days_until, time_element

register = template.Library()


@register.filter
def in_words(said: Mention | Hearing) -> HearingWords | None:
    """What is said of a hearing, in parts."""
    return wording.of_hearing(said) if isinstance(said, Hearing) else wording.of_mention(said)


@register.filter
def hearing_line(said: Mention | Hearing | None) -> SafeString:
    """What is said of a hearing in one line; nothing if nothing is."""
    words = said and in_words(said)
    return mark_safe(_line(words, gone)) if words else mark_safe("")  # noqa: S308 (all of it is escaped)


def lines_of(case: Case, ahead: Iterable[Hearing]) -> list[str]:
    """Return what is said of hearings of a case that are ahead, each in one line: first of which it is unclear whether they are."""
    unclear = map(hearing_line, case.hearings.unclear.values())
    return [*unclear, *(hearing_line(hearing) + _days_tag(hearing) for hearing in ahead)]


def _days_tag(hearing: Hearing) -> str:
    return f' <span class="tag">{days_until(hearing.at)}</span>' if hearing.stands else ""


@register.filter
def hearing_line_in_mail(said: Mention | Hearing) -> SafeString:
    """The same for a mail, whose program may drop what hides a text from the eye."""
    words = in_words(said)
    return mark_safe(_line(words, _gone_in_mail)) if words else mark_safe("")  # noqa: S308 (all of it is escaped)


@register.filter
def gone(moment: dt.datetime) -> SafeString:
    """A date at which there is no hearing any more: named, and struck out for the eye and the ear."""
    return mark_safe(f"{_was()} <del>{_hidden()}{time_element(moment)}</del>")  # noqa: S308


def _gone_in_mail(moment: dt.datetime) -> str:
    return f"{_was()} <del>{time_element(moment)}</del>"


def _hidden() -> str:
    words = _("no longer valid:")
    # The class of the site, and that of Wagtail's admin.
    return f'<span class="visually-hidden w-sr-only">{words} </span>'


def _was() -> str:
    return pgettext("before a date that no longer holds", "was")


@register.simple_tag
def past_of(entry: ProgressEntry) -> SafeString:
    """What an entry said before each correction, newest first; nothing if it was never corrected. It came with its `past`."""
    lines: list[str] = []
    later: PastEntry | ProgressEntry = entry
    for past in reversed(entry.past):
        values = past.differences_from(later)
        told = [f"{label}{colon()}<del>{_hidden()}{value}</del>" for label, value in _told(values)]
        if told:
            until = _("Until %(day)s") % {"day": time_element(day_of(past.replaced_at))}
            lines.append(f"<li>{until}{colon()}{' · '.join(told)}</li>")
        later = past
    return mark_safe(f'<ul class="past">{"".join(lines)}</ul>' if lines else "")  # noqa: S308 (all of it is escaped)


def _fields_told() -> dict[str, Field]:
    return {field.name: field for field in PastEntry._meta.concrete_fields}


def _told(values: dict[str, object]) -> Iterator[tuple[str, str]]:
    for name, value in values.items():
        label = escape(_fields_told()[name].verbose_name)
        if value:
            yield label, time_element(value) if isinstance(value, dt.datetime) else escape(value)
        else:
            yield label, pgettext("nothing was said", "(empty)")


def _line(words: HearingWords, gone: Callable[[dt.datetime], str]) -> str:
    parts = [*map(gone, words.was)]
    if words.at:
        parts.append(_now(words, words.at))
    if words.note:
        which = pgettext("between two hearings", " or ").join(map(time_element, words.which))
        parts.append(
            f'<span class="hearing__note">{escape(words.note)}{colon() + which if which else ""}</span>'
        )
    lead = f"<strong>{words.lead}</strong>" if words.is_changed else words.lead
    said = lead + colon() + " · ".join(parts)
    return f"{said}<br>{escape(words.advice)}" if words.advice else said


def _now(words: HearingWords, at: dt.datetime) -> str:
    now = pgettext("before a new date", "now") + " " if words.was else ""
    place = f' · <span class="nowrap"{chinese()}>{escape(words.courtroom)}</span>' if words.courtroom else ""
    return f'{now}<strong class="hearing__now">{time_element(at)}</strong>{place}'
