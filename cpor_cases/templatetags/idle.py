"""How long a log-in may be idle, and how long it lasts at most."""

import math
import time

from django import template
from django.conf import settings
from django.utils.html import format_html

from cpor_cases.accounts.session_limit import seconds_left
from cpor_cases.accounts.unsaved_forms import owner_mark
from cpor_core import conf

register = template.Library()


@register.simple_tag
def idle_seconds(began: float | None) -> dict[str, int]:
    """Return in seconds: after how long an idle log-in ends, how long before it warns, and how long this one,
    which `began` then, may last at most."""
    return {
        "seconds": settings.SESSION_COOKIE_AGE - 60,  # of these the session notes only the minute
        "warning": conf.IDLE_WARNING_SECONDS,
        "left": math.ceil(seconds_left(began or time.time()))
        + 1,  # the server's clock is then surely past it
    }


@register.simple_tag(takes_context=True)
def typed_by(context) -> str:
    """Draw the mark by which a form typed after the log-in had ended finds its person again."""
    return format_html(
        '<input type="hidden" name="typed_by" value="{}">', owner_mark(context["request"].user)
    )
