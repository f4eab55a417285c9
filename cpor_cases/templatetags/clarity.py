"""How readers answered, in words."""

import datetime as dt

from django import template
from django.utils.translation import gettext as _

from cpor_cases.models.clarity_counters import Votes
from cpor_core.roc_dates import quarter_in_both_calendars

register = template.Library()


@register.filter
def quarter(day: dt.date) -> str:
    """The quarter that begins on a day, in both calendars."""
    return quarter_in_both_calendars(day)


@register.filter
def votes(given: Votes) -> str:
    """The shares of the votes on a question, or that they are too few."""
    if not given.are_enough:
        return _("too few answers")
    shares = {
        "yes": given.percent(given.yes),
        "partly": given.percent(given.partly),
        "no": given.percent(given.no),
    }
    words = _("yes %(yes)d%%, partly %(partly)d%%, no %(no)d%% (%(count)s answers)")
    return words % (shares | {"count": f"{sum(given):,}"})
