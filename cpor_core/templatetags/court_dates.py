"""Dates as the court and the reader write them."""

import datetime as dt
from functools import lru_cache

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext, pgettext

from cpor_core import languages, punctuation, roc_dates

register = template.Library()


register.simple_tag(punctuation.colon)


@register.simple_tag
def chinese() -> str:
    """Mark what the court keeps in Chinese alone as such on a page in another language."""
    return "" if languages.is_first() else mark_safe(f' lang="{languages.tag(languages.first())}"')  # noqa: S308


@register.filter
def both_calendars(date: dt.date | dt.datetime) -> str:
    """A day (with its time, if it is a moment that has one) in both calendars, as plain text."""
    if isinstance(date, dt.datetime):
        return roc_dates.moment_in_both_calendars(date)
    return roc_dates.in_both_calendars(date)


@register.filter
def month_in_both_calendars(day: dt.date) -> str:
    """The month in which a day lies, in both calendars."""
    return roc_dates.month_in_both_calendars(day)


@register.filter
def time_element(date: dt.date | dt.datetime) -> SafeString:
    """The same as a <time> element that machines can read. The style sheet breaks it between the calendars only."""
    return _time_element(date, get_language())


@lru_cache(maxsize=4096)  # a page of cases names a hundred moments, and the same ones each time it is opened
def _time_element(date: dt.date | dt.datetime, _language: str | None) -> SafeString:
    words = both_calendars(date).replace(" (", " <wbr>(").replace("（", "<wbr>（")
    return mark_safe(f'<time datetime="{_for_machines(date)}">{words}</time>')  # noqa: S308 (figures and words of ours)


@register.filter
def in_two_lines(date: dt.date | dt.datetime) -> str:
    """The same for a narrow column: one calendar above the other."""
    first, second = roc_dates.in_both_lines(date)
    return format_html(
        '<time datetime="{}"><span class="office-day">{}</span> <span class="office-day office-day--other">{}</span></time>',
        _for_machines(date),
        first,
        second,
    )


def _for_machines(date: dt.date | dt.datetime) -> str:
    if isinstance(date, dt.datetime):
        return roc_dates.in_taipei(date).isoformat("T", "minutes")
    return date.isoformat()


@register.filter
def day_of(moment: dt.datetime) -> dt.date:
    """The day in Taipei on which a moment lies; `moment.date` would be Greenwich's, the day before until eight in the morning."""
    return roc_dates.in_taipei(moment).date()


@register.filter
def days_until(moment: dt.datetime) -> str:
    """How far off the day of a moment is: today, tomorrow, in 12 days."""
    days = (roc_dates.in_taipei(moment).date() - timezone.localdate()).days
    if days <= 0:
        return pgettext("day", "today")
    if days == 1:
        return pgettext("day", "tomorrow")
    return ngettext("in %(days)d day", "in %(days)d days", days) % {"days": days}
