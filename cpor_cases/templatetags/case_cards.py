"""The cases of a person's list, each as a card. Twenty stand on a page: as nodes of a template they are a third of its time."""

from django import template
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from cpor_cases.models import Case, CaseAccess
from cpor_core.templatetags.court_dates import chinese

from .case_names import case_link
from .entries import entries_of, folded_entries_of, heading_of

register = template.Library()


@register.simple_tag
def case_card(access: CaseAccess, *, folded: bool) -> SafeString:
    """Return a case with its latest entries; those before the newest on demand where they are `folded`."""
    heading, case = heading_of(access), access.case
    last_day = render_to_string("cpor_cases/parts/last_day.html", {"case": case}) if case.closed_on else ""
    return mark_safe(  # noqa: S308 (all of it is escaped)
        f'<article class="card case-card" aria-labelledby="{heading}">'
        f'<h3 class="card__title" id="{heading}">{case_link(access)}</h3>{last_day}'
        f'<div class="case-card__body"><dl class="facts">{_facts(case)}</dl>'
        f"<div>{_entries(access, folded)}</div></div></article>"
    )


def _facts(case: Case) -> str:
    division, cause = case.division and f"{case.division}股", case.cause
    facts = [(_("Division"), division), (_("Cause"), cause)]
    return "".join(
        f"<div><dt>{name}</dt><dd{chinese()}>{escape(fact)}</dd></div>" for name, fact in facts if fact
    )


def _entries(access: CaseAccess, folded: bool) -> str:
    if access.case.last_withdrawal_at or not access.case.latest_entries:
        words = {"access": access, "heading": "h4", "folded": folded}
        return render_to_string("cpor_cases/parts/entries.html", words)
    return folded_entries_of(access, "h4") if folded else entries_of(access, "h4")
