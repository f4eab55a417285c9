"""The token of a form that must not do twice what it says."""

import secrets

from django import template
from django.utils.html import format_html

from cpor_core.sent_forms import FIELD

register = template.Library()


@register.simple_tag
def form_token() -> str:
    """Return a hidden field with a token made for this form alone; it belongs inside each form that makes something."""
    return format_html('<input type="hidden" name="{}" value="{}">', FIELD, secrets.token_urlsafe(16))
