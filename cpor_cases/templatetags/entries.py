"""The latest entries of a case as a litigant reads them.

Up to sixty stand on a page: built here, an entry costs a fifth of what it costs as nodes of a template.
"""

from collections.abc import Iterable

from django import template
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from cpor_cases.hearings.standing import Mention
from cpor_cases.models import CaseAccess, ProgressEntry
from cpor_core.templatetags.court_dates import chinese, day_of, time_element

from .hearings import hearing_line, past_of

register = template.Library()

Shown = Iterable[tuple[ProgressEntry, bool]]


@register.simple_tag
def entries_of(access: CaseAccess, heading: str) -> SafeString:
    """Return the latest entries, newest on top, each under a heading of the level `heading` (h3 or h4)."""
    return mark_safe(_timeline(access, access.shown_entries, heading))  # noqa: S308 (all of it is escaped)


@register.simple_tag
def folded_entries_of(access: CaseAccess, heading: str) -> SafeString:
    """Return the same with all but the newest entry on demand, below a heading with the id `heading_of` the access."""
    newest, earlier = access.shown_entries[:1], access.shown_entries[1:]
    parts = [_timeline(access, newest, heading)]
    if earlier:
        words = ngettext("%(count)s earlier entry", "%(count)s earlier entries", len(earlier))
        parts.append(
            f'<details class="more earlier"><summary aria-describedby="{heading_of(access)}">'
            f"{words % {'count': len(earlier)}}</summary>{_timeline(access, earlier, heading)}</details>"
        )
    return mark_safe("".join(parts))  # noqa: S308 (all of it is escaped)


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
    return mark_safe(_timeline(access, access.shown_entries, heading, helps))  # noqa: S308 (all of it is escaped)


def _help(access: CaseAccess, entry: ProgressEntry, **how: bool) -> str:
    mention = access.case.hearings.mentions.get(entry.pk)
    if mention and mention.is_unclear:
        # What a kind means ("nobody need come") does not hold as long as it is unclear which hearing is meant.
        return ""
    facts = {"case": access.case, "entry": entry, "is_outdated": bool(mention and mention.is_outdated)}
    return render_to_string("cpor_cases/parts/entry_help.html", facts | how)


def _timeline(access: CaseAccess, entries: Shown, heading: str, helps: Iterable[str] | None = None) -> str:
    """Return entries of the access as a list in HTML; `helps` has what stands below each."""
    mentions = access.case.hearings.mentions
    items = [_item(entry, is_news, heading, mentions.get(entry.pk)) for entry, is_news in entries]
    if helps:
        items = [item + help for item, help in zip(items, helps, strict=True)]
    return f'<ol class="timeline">{"</li>".join(items)}</li></ol>'


def _item(entry: ProgressEntry, is_news: bool, heading: str, mention: Mention | None) -> str:
    new = pgettext("progress entry", "New")
    start, tag = (
        ('<li class="is-new">', f' <span class="tag tag--new">{new}</span>') if is_news else ("<li>", "")
    )
    parts = [f"{start}<{heading}>{escape(entry.kind)}{tag}</{heading}>", f"<p>{_recorded(entry)}</p>"]
    if entry.detail:
        parts.append(f"<p{chinese()}>{escape(entry.detail)}</p>")
    if line := hearing_line(mention):
        parts.append(f'<p class="hearing">{line}</p>')
    parts.append(past_of(entry))
    return "".join(parts)


def _recorded(entry: ProgressEntry) -> str:
    recorded = time_element(entry.recorded_at)
    if not entry.corrected_at:
        return recorded
    words, corrected = _("corrected on"), time_element(day_of(entry.corrected_at))
    return f'{recorded} · <span class="nowrap">{words}</span> {corrected}'
