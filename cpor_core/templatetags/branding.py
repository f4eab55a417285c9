"""What the service is called and looks like, in templates."""

from django import template

from cpor_core import branded_styles, branding

register = template.Library()


@register.simple_tag(takes_context=True)
def service_name(context) -> str:
    """Return what the service is called in the reader's language."""
    return branding.service_name(context.get("request"))


@register.simple_tag(takes_context=True)
def site_styles(context) -> str:
    """Return where the style sheet of all pages is."""
    return branded_styles.address(context.get("request"))


@register.simple_tag(takes_context=True)
def accent(context) -> str:
    """Return the colour in which browsers may frame a page."""
    return branding.current(context.get("request")).accent
