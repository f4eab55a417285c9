"""Dates in both calendars: Gregorian is stored, the Republic's (民國) is shown beside it and read wherever a date is typed.

The year of the Republic is the Gregorian year less 1911.
"""

import datetime as dt
import re
import unicodedata

from dateutil.relativedelta import relativedelta
from django.utils import timezone
from django.utils.dates import MONTHS, MONTHS_3
from django.utils.functional import lazy
from django.utils.translation import pgettext

from .reasons import Unfit
from .stored_moments import within_bounds

_SEPARATED = re.compile(
    r"^(?:(?P<roc>中華民國|民國|R\.?O\.?C\.?)|(?P<gregorian>西元|公元))?\s*(?P<year>\d{1,4})\s*[-/.年]\s*(?P<month>\d{1,2})\s*[-/.月]\s*(?P<day>\d{1,2})\s*日?$",
    re.IGNORECASE,
)
_COMPACT = re.compile(r"^(?P<year>\d{3}|\d{2}|\d{4})(?P<month>\d{2})(?P<day>\d{2})$")
_TIME = re.compile(r"^(?P<hour>\d{1,2}):?(?P<minute>\d{2})(?::\d{2}(?:\.\d+)?)?$")
# As it is said, and as Excel writes it in Taiwan: 下午2時30分, 上午 09:30:00.
_SPOKEN_TIME = re.compile(
    r"(?:(?P<half>[上下]午)\s*(?P<of_half>\d{1,2})\s*[:時點]|(?P<hour>\d{1,2})\s*[時點])"
    r"\s*(?:(?P<minute>\d{1,2})\s*分?|整)?(?::\d{2}(?:\.\d+)?)?$"
)
_ZONE = re.compile(r"(?:Z|[+-]\d{2}:?\d{2})$")
# From when to when (09:30-10:30): no time with a zone west of Greenwich, which programs write with a T or with seconds.
_FROM_TO = re.compile(r"\s\d{1,2}:?\d{2}\s*-\s*\d{2}:?\d{2}$")
# The years of the Republic that a date can be written in, 1 to 999. Within them no time zone leads out of what can be stored.
FIRST_YEAR, LAST_YEAR = 1912, 2910


def roc_year(date: dt.date) -> int:
    """Return the year of the Republic in which `date` lies (2026 → 115)."""
    return date.year - 1911


def in_roc_words(date: dt.date) -> str:
    """Return `date` as a court writes it: 民國 115 年 9 月 24 日."""
    return f"民國 {roc_year(date)} 年 {date.month} 月 {date.day} 日"


def in_both_calendars(date: dt.date) -> str:
    """Return `date` in both calendars, as the reader's language writes it."""
    # xgettext:no-python-format (Catalogs write any of the parts.)
    words = pgettext("day", "%(day)d %(month_name)s %(year)d (ROC %(roc_year)d/%(month)02d/%(day)02d)")
    return words % _parts(date)


def _parts(date: dt.date) -> dict[str, object]:
    """Return what the formats of the catalogs are made of."""
    return {
        "day": date.day,
        "month": date.month,
        "month_name": MONTHS[date.month],
        "month_name_in_short": _in_short(date.month),
        "year": date.year,
        "roc_year": roc_year(date),
    }


_in_short = lazy(lambda month: str(MONTHS_3[month]).title(), str)


def in_taipei(moment: dt.datetime) -> dt.datetime:
    """Return a moment on Taipei's clock; one that cannot be moved there (the end of time in UTC) as far as it can."""
    return timezone.localtime(within_bounds(moment))


def moment_in_both_calendars(moment: dt.datetime) -> str:
    """Return a moment's day in both calendars and its time in Taipei; midnight is a day without a time."""
    local = in_taipei(moment)
    day = in_both_calendars(local.date())
    return day if local.time() == dt.time() else f"{day} {local:%H:%M}"


def in_both_lines(moment: dt.date | dt.datetime) -> tuple[str, str]:
    """Return a day, with its time if it has one, as two short lines: first in the reader's calendar, then in the other."""
    day, time = moment, ""
    if isinstance(moment, dt.datetime):
        day = local = in_taipei(moment)
        time = f" {local:%H:%M}" if local.time() != dt.time() else ""
    parts = _parts(day) | {"time": time}
    # xgettext:no-python-format (The time stands beside the Gregorian day, in whichever line that is.)
    first = pgettext("day, first line", "%(day)d %(month_name_in_short)s %(year)d%(time)s")
    # xgettext:no-python-format
    second = pgettext("day, second line", "ROC %(roc_year)d/%(month)02d/%(day)02d")
    return first % parts, second % parts


def parse_date(text: str) -> dt.date:
    """Read a date of either calendar and return it as Gregorian.

    2026-09-24, 115/09/24, 115.9.24, 1150924, 20260924, 民國115年9月24日, 西元2026年9月24日; full-width digits and spaces
    are folded. A year of up to three figures is the Republic's; years before its first and after its 999th are none of any
    document, nor is one of the calendar that it is not said to be of (西元115年, 民國2026年). Raises Unfit.
    """
    folded = unicodedata.normalize("NFKC", text).strip()
    found = _SEPARATED.match(folded) or _COMPACT.match(re.sub(r"\s", "", folded))
    if not found:
        raise Unfit("not_a_date", text=text.strip())
    year, month, day = (int(found[part]) for part in ("year", "month", "day"))
    calendar = found.groupdict()
    if calendar.get("gregorian") and year < 1000 or calendar.get("roc") and year >= 1000:
        raise Unfit("year_out_of_range", text=text.strip())
    try:
        date = dt.date(year + 1911 if 0 < year < 1000 else year, month, day)
    except ValueError:
        raise Unfit("no_such_day", text=text.strip()) from None
    if not FIRST_YEAR <= date.year <= LAST_YEAR:
        raise Unfit("year_out_of_range", text=text.strip())
    return date


def parse_moment(text: str) -> dt.datetime:
    """Read a date of either calendar with an optional time and return an aware moment, Taipei time if none is named.

    Without a time it is midnight, which the pages show as a day alone. Raises Unfit.
    """
    folded = unicodedata.normalize("NFKC", text).strip()
    date_text, time_text = _split_moment(_with_time_in_figures(folded))
    date = parse_date(date_text)
    if not time_text:
        return timezone.make_aware(dt.datetime.combine(date, dt.time()))
    if _ZONE.search(time_text) and not _FROM_TO.search(folded):
        try:
            return dt.datetime.fromisoformat(f"{date.isoformat()}T{time_text}")
        except ValueError:
            raise Unfit("not_a_time", text=time_text) from None
    found = _TIME.match(time_text)
    if not found or int(found["hour"]) > 23 or int(found["minute"]) > 59:
        raise Unfit("not_a_time", text=time_text)
    return timezone.make_aware(dt.datetime.combine(date, dt.time(int(found["hour"]), int(found["minute"]))))


def _with_time_in_figures(text: str) -> str:
    """Return the text with a spoken time at its end as 14:30."""
    found = _SPOKEN_TIME.search(text)
    if not found:
        return text
    hour = int(found["of_half"] or found["hour"])
    if found["half"] and hour <= 12:
        hour = hour % 12 + (12 if found["half"] == "下午" else 0)
    return f"{text[: found.start()].rstrip(' T')} {hour:02}:{int(found['minute'] or 0):02}"


def _split_moment(text: str) -> tuple[str, str]:
    parts = re.split(r"(?<=[\d日])(?:\s*T\s*|\s+)(?=\d{1,2}:?\d{2})", text, maxsplit=1)
    return (parts[0], parts[1].strip()) if len(parts) == 2 else (text, "")


def start_of_day(at: dt.datetime | None = None) -> dt.datetime:
    """Return the first moment of the day in Taipei in which `at`, or now, lies."""
    return timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)


def last_day_after_months(start: dt.date, months: int) -> dt.date:
    """Return the last day of a period of `months` that begins the day after `start`.

    The day with the same number, or the last day of a month that has no such day (民法 §§120, 121).
    """
    return start + relativedelta(months=months)


def earliest_start_still_running(today: dt.date, months: int) -> dt.date:
    """Return the earliest start whose period of `months` has not ended before `today`.

    So that "has the period ended" is one comparison of dates in a query.
    """
    start = today - relativedelta(months=months)
    while last_day_after_months(start, months) >= today:
        start -= dt.timedelta(days=1)
    while last_day_after_months(start, months) < today:
        start += dt.timedelta(days=1)
    return start


def month_in_both_calendars(month: dt.date) -> str:
    """Return the month of a date in both calendars, as the reader's language writes it."""
    # xgettext:no-python-format
    words = pgettext("month", "%(month_name)s %(year)d (ROC %(roc_year)d/%(month)02d)")
    return words % _parts(month)


def quarter_in_both_calendars(first_day: dt.date) -> str:
    """Return the quarter that begins on a day in both calendars, as the reader's language writes it."""
    # xgettext:no-python-format
    words = pgettext("quarter", "%(month_name)s to %(last_month_name)s %(year)d (ROC %(roc_year)d)")
    last_month = first_day.month + 2
    last = {"last_month": last_month, "last_month_name": MONTHS[last_month]}
    return words % (_parts(first_day) | last)


def month_in_short(month: dt.date) -> str:
    """Return the month of a date as it fits below a bar: 115/09; in English 2026-09."""
    # xgettext:no-python-format
    return pgettext("month in short", "%(year)d-%(month)02d") % _parts(month)
