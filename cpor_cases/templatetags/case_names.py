"""The name of a case on the pages of a litigant: the person's own name for it, its court, its number."""

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from cpor_core.templatetags.court_dates import chinese

register = template.Library()


@register.simple_tag
def case_name(case, own_name: str = "") -> SafeString:
    own = format_html('<strong class="own-name">{}</strong> ', own_name) if own_name else ""
    return format_html(
        '{}<span class="case-court">{}</span> <span class="case-number"{}>{}</span>',
        own,
        case.court,
        chinese(),
        case.full_number,
    )


@register.simple_tag
def case_link(access) -> SafeString:
    """Return a link to the page of a case, with its name as text."""
    url = reverse("cpor_cases:case", args=[access.case.public_id])
    return format_html('<a href="{}">{}</a>', url, case_name(access.case, access.own_name))


@register.simple_tag
def case_option(access, chosen=None) -> SafeString:
    """Return a case as one of a choice, with its name as text."""
    name = f"{access.own_name} · {access.case}" if access.own_name else access.case
    selected = mark_safe(" selected") if chosen and access.pk == chosen.pk else ""
    return format_html('<option value="{}"{}>{}</option>', access.case.public_id, selected, name)
