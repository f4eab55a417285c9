"""How long a log-in may be idle."""

from django import template
from django.conf import settings
from django.utils.html import format_html

from cpor_cases.typed_text import owner_mark

register = template.Library()


@register.simple_tag
def idle_seconds() -> dict[str, int]:
    return {"seconds": settings.SESSION_COOKIE_AGE, "warning": settings.IDLE_WARNING_SECONDS}


@register.simple_tag(takes_context=True)
def typed_by(context) -> str:
    """Draw the mark by which a form typed after the log-in had ended finds its person again."""
    return format_html(
        '<input type="hidden" name="typed_by" value="{}">', owner_mark(context["request"].user)
    )
