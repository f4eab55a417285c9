"""How long a log-in may be idle."""

from django import template
from django.conf import settings

register = template.Library()


@register.simple_tag
def idle_seconds() -> dict[str, int]:
    return {"seconds": settings.SESSION_COOKIE_AGE, "warning": settings.IDLE_WARNING_SECONDS}
