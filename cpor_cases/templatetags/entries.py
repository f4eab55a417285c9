"""The latest entries of a case as a litigant reads them.

Up to sixty stand on a page: built here, an entry costs a fifth of what it costs as nodes of a template.
"""

import datetime as dt
from collections.abc import Collection, Iterable

from django import template
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from cpor_cases.models import CaseAccess, ProgressEntry
from cpor_core.templatetags.court_dates import chinese, day_of, time_element

register = template.Library()

Shown = Iterable[tuple[ProgressEntry, bool]]


@register.simple_tag
def entries_of(access: CaseAccess, heading: str) -> SafeString:
    """Return the latest entries, newest on top, each under a heading of the level `heading` (h3 or h4)."""
    return mark_safe(_timeline(access.shown_entries, heading))  # noqa: S308 (all of it is escaped)


@register.simple_tag
def folded_entries_of(access: CaseAccess, heading: str) -> SafeString:
    """Return the same with all but the newest entry on demand."""
    newest, earlier = access.shown_entries[:1], access.shown_entries[1:]
    parts = [_timeline(newest, heading)]
    if earlier:
        words = ngettext("%(count)s earlier entry", "%(count)s earlier entries", len(earlier))
        parts.append(
            f'<details class="more earlier"><summary>{words % {"count": len(earlier)}}'
            f'<span class="visually-hidden"> {escape(access.case.full_number)}</span></summary>\n'
            f"{_timeline(earlier, heading)}</details>"
        )
    return mark_safe("\n".join(parts))  # noqa: S308 (all of it is escaped)


@register.simple_tag
def explained_entries_of(access: CaseAccess, heading: str, coming: Collection[int]) -> SafeString:
    """Return the same with what each kind means, open for the newest, and a calendar file of each hearing to come.

    `coming` has the keys of the entries with these hearings.
    """
    facts = {"case": access.case, "coming": coming}
    helps = (
        render_to_string("cpor_cases/parts/entry_help.html", facts | {"entry": entry, "is_open": not place})
        for place, (entry, _is_news) in enumerate(access.shown_entries)
    )
    return mark_safe(_timeline(access.shown_entries, heading, helps))  # noqa: S308 (all of it is escaped)


def _timeline(entries: Shown, heading: str, helps: Iterable[str] | None = None) -> str:
    """Return the entries as a list in HTML; `helps` has what stands below each."""
    items = [_item(entry, is_news, heading) for entry, is_news in entries]
    if helps:
        items = [item + help for item, help in zip(items, helps, strict=True)]
    return f'<ol class="timeline">{"</li>".join(items)}</li></ol>'


def _item(entry: ProgressEntry, is_news: bool, heading: str) -> str:
    new = pgettext("progress entry", "New")
    start, tag = (
        ('<li class="is-new">', f' <span class="tag tag--new">{new}</span>') if is_news else ("<li>", "")
    )
    parts = [f"{start}<{heading}>{escape(entry.kind)}{tag}</{heading}>", f"<p>{_recorded(entry)}</p>"]
    if entry.detail:
        parts.append(f"<p{chinese()}>{escape(entry.detail)}</p>")
    if entry.hearing_at:
        parts.append(f'<p class="hearing">{_hearing(entry.hearing_at, entry.courtroom)}</p>')
    return "\n".join(parts)


def _recorded(entry: ProgressEntry) -> str:
    recorded = time_element(entry.recorded_at)
    if not entry.corrected_at:
        return recorded
    corrected = time_element(day_of(entry.corrected_at))
    return f'{recorded} · <span class="nowrap">{_("corrected on")}</span> {corrected}'


def _hearing(at: dt.datetime, courtroom: str) -> str:
    hearing = f"{_('Hearing:')} {time_element(at)}"
    place = f'<span class="nowrap"{chinese()}>{escape(courtroom)}</span>'
    return f"{hearing} · {place}" if courtroom else hearing
