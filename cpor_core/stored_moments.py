"""Moments and days as the databases hold them, read so that none can take a page down.

A database can hold what Python cannot: PostgreSQL knows `infinity`, years before Christ and years of six figures, SQLite
keeps any text in a column of moments. What Python can hold, up to the last moment of the year 9999, still overflows once it
is moved to Taipei or by a day. Such values come from other programs and from earlier versions. So all moments and days are
brought between two bounds when they are read, on every connection: whatever computes with them later needs no guard.
"""

import datetime as dt
import sqlite3
from typing import TypeVar

from django.db.backends.signals import connection_created
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

# A year and more from what Python can hold: no zone, hour, day or period of months leads out of it.
EARLIEST = dt.datetime(2, 1, 1, tzinfo=dt.UTC)
LATEST = dt.datetime(9998, 1, 1, tzinfo=dt.UTC)

Day = TypeVar("Day", dt.date, dt.datetime)


def within_bounds(moment: dt.datetime) -> dt.datetime:
    """Return a moment, or the bound that it passes; a naive one stays naive."""
    if timezone.is_naive(moment):
        return min(max(moment, EARLIEST.replace(tzinfo=None)), LATEST.replace(tzinfo=None))
    return min(max(moment, EARLIEST), LATEST)


def day_within_bounds(day: dt.date) -> dt.date:
    """Return a day, or the bound that it passes."""
    return min(max(day, EARLIEST.date()), LATEST.date())


def connect() -> None:
    """Have every connection to a database read moments and days within bounds."""
    connection_created.connect(_read_within_bounds, dispatch_uid="cpor_core.stored_moments")


def _read_within_bounds(*, connection, **_signal) -> None:
    if connection.vendor == "postgresql":
        _set_up_postgresql(connection.connection)
    elif connection.vendor == "sqlite":
        _set_up_sqlite(connection.ops)


def _set_up_postgresql(connection) -> None:
    """Put loaders of ours in the place of those that raise DataError at what Python cannot hold."""
    from psycopg.types.datetime import DateLoader, TimestampLoader

    adapters = connection.adapters
    of_django = adapters.get_loader(adapters.types["timestamptz"].oid, 0)
    if not hasattr(of_django, "reads_within_bounds"):
        adapters.register_loader("timestamptz", _bounded(of_django, EARLIEST, LATEST))
        naive = (bound.replace(tzinfo=None) for bound in (EARLIEST, LATEST))
        adapters.register_loader("timestamp", _bounded(TimestampLoader, *naive))
        adapters.register_loader("date", _bounded(DateLoader, EARLIEST.date(), LATEST.date()))


def _bounded(loader: type, earliest: Day, latest: Day) -> type:
    from psycopg import DataError

    class BoundedLoader(loader):
        reads_within_bounds = True

        def load(self, data):
            try:
                return min(max(super().load(data), earliest), latest)
            except (DataError, OverflowError):
                text = bytes(data)
                return earliest if text.startswith(b"-") or text.endswith(b"BC") else latest

    return BoundedLoader


def _set_up_sqlite(operations) -> None:
    """Replace the converters that raise on text that is no date or time, and the adapter that overflows on a query parameter."""
    adapt = operations.adapt_datetimefield_value

    def convert_moment(value, _expression, connection):
        if value is None:
            return None
        moment = within_bounds(_moment_of(value))
        return timezone.make_aware(moment, connection.timezone) if timezone.is_naive(moment) else moment

    def convert_day(value, _expression, _connection):
        return None if value is None else day_within_bounds(_day_of(value))

    def adapt_moment(value):
        try:
            return adapt(value)
        except OverflowError:
            return adapt(within_bounds(value))

    operations.convert_datetimefield_value = convert_moment
    operations.convert_datefield_value = convert_day
    operations.adapt_datetimefield_value = adapt_moment


def _moment_of(value) -> dt.datetime:
    if isinstance(value, dt.datetime):
        return value
    try:
        return parse_datetime(str(value)) or EARLIEST
    except ValueError:
        return EARLIEST


def _day_of(value) -> dt.date:
    if isinstance(value, dt.date):
        return value.date() if isinstance(value, dt.datetime) else value
    try:
        return parse_date(str(value)) or EARLIEST.date()
    except ValueError:
        return EARLIEST.date()


# By the declared type of a column sqlite3 itself calls these, before Django's converters: Django's own raise ValueError.
for _name in ("datetime", "timestamp"):
    sqlite3.register_converter(_name, lambda value: _moment_of(value.decode(errors="replace")))
sqlite3.register_converter("date", lambda value: _day_of(value.decode(errors="replace")))
