"""The quarters in which readers answered, in words."""

import datetime as dt

from django import template

from cpor_core.roc_dates import quarter_in_both_calendars

register = template.Library()


@register.filter
def quarter(day: dt.date) -> str:
    """The quarter that begins on a day, in both calendars."""
    return quarter_in_both_calendars(day)
