"""The cases of a person's list: a few as cards, many as rows. Twenty stand on a page: as nodes of a template they are a
third of its time.
"""

from django import template
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cpor_cases.hearings.standing import Hearing
from cpor_cases.models import Case, CaseAccess
from cpor_core.templatetags.court_dates import chinese, day_of, time_element

from .case_names import case_link
from .entries import earlier_entries_of, entries_of, heading_of, newest_entry_of
from .hearings import lines_of

register = template.Library()


@register.simple_tag
def case_card(access: CaseAccess) -> SafeString:
    """Return a case with all its hearings that are ahead and its latest entries."""
    heading, case, told = heading_of(access), access.case, access.case.hearings.first_told()
    last_day = render_to_string("cpor_cases/parts/last_day.html", {"case": case}) if case.closed_on else ""
    entries = entries_of(access, "h3", told) if case.latest_entries else _no_entry()
    return mark_safe(  # noqa: S308 (all of it is escaped)
        f'<article class="card case-card" aria-labelledby="{heading}">'
        f'<h2 class="card__title" id="{heading}">{case_link(access)}</h2>{_facts(case)}{last_day}{_missing(access)}'
        f"{_hearings(case, told)}{_withdrawal(case)}{_older_news(access)}{entries}</article>"
    )


@register.simple_tag
def case_row(access: CaseAccess) -> SafeString:
    """Return a case with what is new in it, its newest entry, and the earlier ones on demand. Of its hearings those are told
    that were changed, and the next one."""
    heading, case, told = heading_of(access), access.case, access.case.hearings.first_told(whole=False)
    newest = (
        newest_entry_of(access, told) + earlier_entries_of(access) if case.latest_entries else _no_entry()
    )
    return mark_safe(  # noqa: S308 (all of it is escaped)
        f'<li class="case-row"><div><h3 id="{heading}">{case_link(access)}</h3>'
        f"{_facts(case)}{_news(access)}{_last_day(case)}{_missing(access)}</div>"
        f"<div>{_withdrawal(case)}{newest}</div>{_hearings(case, told)}</li>"
    )


def _facts(case: Case) -> str:
    facts = [case.division and f"{case.division}股", case.cause]
    known = " · ".join(escape(fact) for fact in facts if fact)
    return f'<p class="meta"{chinese()}>{known}</p>' if known else ""


def _missing(access: CaseAccess) -> str:
    """Say that something the court sent about the case could not be taken in."""
    if not access.missing_since:
        return ""
    words = _(
        "What the court sent about this case on %(time)s could not be taken in: something may be missing."
    )
    return f"<p><strong>{words % {'time': time_element(access.missing_since)}}</strong></p>"


def _last_day(case: Case) -> str:
    if not case.last_query_day:
        return ""
    until = _("This case can be followed until")
    return f"<p><strong>{until} {time_element(case.last_query_day)}</strong></p>"


def _hearings(case: Case, told: list[Hearing]) -> str:
    lines = "".join(f'<li class="hearing">{line}</li>' for line in lines_of(case, told))
    return f'<ul class="case-hearings">{lines}</ul>' if lines else ""


def _withdrawal(case: Case) -> str:
    if not case.last_withdrawal_at:
        return ""
    words = _("The court withdrew an entry on %(date)s. It is no longer shown.")
    return f"<p>{words % {'date': time_element(day_of(case.last_withdrawal_at))}}</p>"


def _no_entry() -> str:
    words = _("The court has not sent any entry of this case yet. We email you as soon as there is one.")
    return f"<p>{words}</p>"


def _news(access: CaseAccess) -> str:
    """Say in words what is new in a case."""
    if count := len(access.new_entries):
        return _tag(ngettext("%(count)d new entry", "%(count)d new entries", count) % {"count": count})
    return _older_news(access)


def _older_news(access: CaseAccess) -> str:
    """Say what is new where none of the entries shown is."""
    if not access.has_news or access.new_entries:
        return ""
    return _tag(_("an earlier entry was corrected or withdrawn"))


def _tag(words: str) -> str:
    return f'<p><span class="tag tag--new">{words}</span></p>'


@register.simple_tag
def hearings_first(access: CaseAccess) -> SafeString:
    """Return the hearings of a case that are told above a long list: those that were changed, and the next one."""
    return mark_safe(_hearings(access.case, access.case.hearings.first_told(whole=False)))  # noqa: S308 (all of it is escaped)
