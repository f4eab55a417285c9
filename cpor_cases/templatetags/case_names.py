"""The name of a case on the pages of a litigant: the person's own name for it, its court, its number."""

from django import template
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from cpor_core.templatetags.court_dates import chinese

register = template.Library()


@register.simple_tag
def case_name(case, own_name: str = "") -> SafeString:
    own = f'<strong class="own-name">{escape(own_name)}</strong> ' if own_name else ""
    court = f'<span class="case-court">{escape(case.court)}</span>'
    number = f'<span class="case-number"{chinese()}>{escape(case.full_number)}</span>'
    return mark_safe(f"{own}{court} {number}")  # noqa: S308 (all of it is escaped)


@register.simple_tag
def case_link(access) -> SafeString:
    """Return a link to the page of a case, with its name as text."""
    name = case_name(access.case, access.own_name)
    return mark_safe(f'<a href="{access.case.get_absolute_url()}">{name}</a>')  # noqa: S308 (as before)


@register.simple_tag
def case_option(access, chosen=None) -> SafeString:
    """Return a case as one of a choice, with its name as text."""
    name = f"{access.own_name} · {access.case}" if access.own_name else access.case
    selected = mark_safe(" selected") if chosen and access.pk == chosen.pk else ""
    return format_html('<option value="{}"{}>{}</option>', access.case.public_id, selected, name)
