"""How long cases waited for their next entry, in plain words: never a date."""

from math import ceil

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cpor_cases.models import WaitingTime
from cpor_core.models import Category

register = template.Library()

DAYS_A_MONTH = 30.44
SAID_IN_DAYS, SAID_IN_WEEKS = 13, 26 * 7  # up to so many days


@register.filter
def waiting_time_in_words(time: WaitingTime) -> str:
    """Within how long half of the cases, and 8 of 10, had their next entry."""
    half, most = _within(time.median_days), _within(time.p80_days) if time.p80_days is not None else ""
    if half == most:
        words = _(
            "At this court, %(cases)s, 8 of 10 cases had their next entry within %(most)s after “%(kind)s”."
        )
    elif most:
        words = _(
            "At this court, %(cases)s, half of all cases had their next entry within %(half)s after “%(kind)s”; 8 of 10 within %(most)s."
        )
    else:
        words = _(
            "At this court, %(cases)s, half of all cases had their next entry within %(half)s after “%(kind)s”."
        )
    return words % {"cases": _in(time.category), "half": half, "most": most, "kind": time.kind}


def _within(days: int) -> str:
    """Return a length of time that is not shorter than these days: the longer it is, the rounder."""
    if days <= SAID_IN_DAYS:
        return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}
    if days <= SAID_IN_WEEKS:
        weeks = ceil(days / 7)
        return ngettext("%(count)d week", "%(count)d weeks", weeks) % {"count": weeks}
    months = ceil(days / DAYS_A_MONTH)
    return ngettext("%(count)d month", "%(count)d months", months) % {"count": months}


def _in(category: str) -> str:
    """Return “in civil cases”, as it stands inside a sentence."""
    return {
        Category.CIVIL: _("in civil cases"),
        Category.FAMILY: _("in family cases"),
        Category.CRIMINAL: _("in criminal cases"),
        Category.ADMINISTRATIVE: _("in administrative cases"),
    }[Category(category)]
