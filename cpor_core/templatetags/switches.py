"""Asks in a template whether a part of the service is on."""

from django import template

from cpor_core import switches

register = template.Library()


@register.simple_tag
def is_on(switch: str) -> bool:
    return switches.is_on(switch)
