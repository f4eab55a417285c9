"""Browsers as people call them."""

from django import template

from cpor_cases.accounts import known_browsers

register = template.Library()


@register.filter
def browser_name(user_agent: str) -> str:
    return known_browsers.name_of(user_agent)
