"""The latest entries of a case as a litigant reads them.

Up to sixty stand on a page: built here, an entry costs a fifth of what it costs as nodes of a template.
"""

from collections.abc import Collection, Iterable

from django import template
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from cpor_cases.hearings.standing import Hearing
from cpor_cases.models import CaseAccess, ProgressEntry
from cpor_core.templatetags.court_dates import chinese, day_of, time_element

from .hearings import hearing_line, past_of

register = template.Library()

Shown = Iterable[tuple[ProgressEntry, bool]]
Told = Collection[Hearing]


@register.simple_tag
def entries_of(access: CaseAccess, heading: str, told: Told = ()) -> SafeString:
    """Return the latest entries, newest on top, each under a heading of the level `heading` (h3 or h4). That a hearing stands
    which is `told` above is not repeated."""
    return mark_safe(_timeline(access, access.shown_entries, heading, told=told))  # noqa: S308 (all of it is escaped)


def newest_entry_of(access: CaseAccess, told: Told) -> str:
    """Return the newest entry in HTML, in short."""
    entry = access.case.latest_entries[0]
    return f"<p><strong>{escape(entry.kind)}</strong> {_recorded(entry)}</p>{_said(access, entry, told)}"


def earlier_entries_of(access: CaseAccess) -> str:
    """Return all but the newest entry in HTML, on demand, below a heading with the id `heading_of` the access."""
    earlier = access.shown_entries[1:]
    if not earlier:
        return ""
    words = ngettext("%(count)s earlier entry", "%(count)s earlier entries", len(earlier))
    return (
        f'<details class="earlier"><summary aria-describedby="{heading_of(access)}">'
        f"{words % {'count': len(earlier)}}</summary>{_timeline(access, earlier, 'h4')}</details>"
    )


def heading_of(access: CaseAccess) -> str:
    """Return the id of the heading with the name of a case in a list."""
    return f"case-{access.pk}"


@register.simple_tag
def explained_entries_of(access: CaseAccess, heading: str, is_printed: bool = False) -> SafeString:
    """Return the same with what each kind means: open for the newest, or, to be printed, of all."""
    helps = [
        _help(access, entry, is_newest=not place, is_printed=is_printed)
        for place, (entry, _is_news) in enumerate(access.shown_entries)
    ]
    return mark_safe(_timeline(access, access.shown_entries, heading, helps=helps))  # noqa: S308 (all of it is escaped)


def _help(access: CaseAccess, entry: ProgressEntry, **how: bool) -> str:
    mention = access.case.hearings.mentions.get(entry.pk)
    if mention and mention.is_unclear:
        # What a kind means ("nobody need come") does not hold as long as it is unclear which hearing is meant.
        return ""
    facts = {"case": access.case, "entry": entry, "is_outdated": bool(mention and mention.is_outdated)}
    return render_to_string("cpor_cases/parts/entry_help.html", facts | how)


def _timeline(
    access: CaseAccess, entries: Shown, heading: str, *, helps: Iterable[str] | None = None, told: Told = ()
) -> str:
    """Return entries of the access as a list in HTML; `helps` has what stands below each."""
    items = [_item(access, entry, is_news, heading, told) for entry, is_news in entries]
    if helps:
        items = [item + help for item, help in zip(items, helps, strict=True)]
    return f'<ol class="timeline">{"</li>".join(items)}</li></ol>'


def _item(access: CaseAccess, entry: ProgressEntry, is_news: bool, heading: str, told: Told) -> str:
    new = pgettext("progress entry", "New")
    start, tag = (
        ('<li class="is-new">', f' <span class="tag tag--new">{new}</span>') if is_news else ("<li>", "")
    )
    title = f"{start}<{heading}>{escape(entry.kind)}{tag}</{heading}>"
    return f"{title}<p>{_recorded(entry)}</p>{_said(access, entry, told)}"


def _said(access: CaseAccess, entry: ProgressEntry, told: Told) -> str:
    """Return what an entry says beside its kind and day: its text, the hearing, and what it said before corrections."""
    detail = f"<p{chinese()}>{escape(entry.detail)}</p>" if entry.detail else ""
    mention = access.case.hearings.mentions.get(entry.pk)
    is_told = mention and mention.stands and not mention.before and mention.hearing in told
    line = "" if is_told else hearing_line(mention)
    return detail + (f'<p class="hearing">{line}</p>' if line else "") + past_of(entry)


def _recorded(entry: ProgressEntry) -> str:
    recorded = time_element(entry.recorded_at)
    if not entry.corrected_at:
        return recorded
    words, corrected = _("corrected on"), time_element(day_of(entry.corrected_at))
    return f'{recorded} · <span class="nowrap">{words}</span> {corrected}'
