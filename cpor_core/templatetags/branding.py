"""The name of the service in templates."""

from django import template

from cpor_core import branding

register = template.Library()


@register.simple_tag(takes_context=True)
def service_name(context) -> str:
    """Return what the service is called in the reader's language."""
    return branding.service_name(context.get("request"))
