"""Dates as the court and the reader write them."""

import datetime as dt

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cpor_cases import calendars

register = template.Library()


@register.filter
def both_calendars(date: dt.date | dt.datetime) -> str:
    """A day (with its time, if it is a moment that has one) in both calendars, as plain text."""
    if isinstance(date, dt.datetime):
        return calendars.moment_in_both_calendars(date)
    return calendars.in_both_calendars(date)


@register.filter
def time_element(date: dt.date | dt.datetime) -> str:
    """The same as a <time> element that machines can read."""
    machine = (
        timezone.localtime(date).isoformat("T", "minutes")
        if isinstance(date, dt.datetime)
        else date.isoformat()
    )
    return format_html('<time datetime="{}">{}</time>', machine, both_calendars(date))


@register.filter
def day_of(moment: dt.datetime) -> dt.date:
    """The day in Taipei on which a moment lies; `moment.date` would be Greenwich's, the day before until eight in the morning."""
    return timezone.localdate(moment)


@register.filter
def days_until(moment: dt.datetime) -> str:
    """How far off the day of a moment is: today, tomorrow, in 12 days."""
    days = (timezone.localdate(moment) - timezone.localdate()).days
    if days <= 0:
        return _("today")
    if days == 1:
        return _("tomorrow")
    return ngettext("in %(days)d day", "in %(days)d days", days) % {"days": days}
