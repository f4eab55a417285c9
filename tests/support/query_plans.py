"""How the database would carry out a statement: whether it reads a whole table."""

import re

from django.db import connection

_ALIAS = re.compile(r'"(\w+)" (?:AS )?"?([A-Z]\d+)"?\b')
_SQLITE_SCAN = re.compile(r"SCAN (\S+)$")
_POSTGRESQL_SCAN = re.compile(r"Seq Scan on (\w+)")


def tables_read_whole(statement: str) -> set[str]:
    """Return the tables of which a SELECT would read every row, however many there were.

    PostgreSQL reads a small table whole although there is an index: it is told not to if there is any other way.
    """
    if not statement.startswith("SELECT"):
        return set()
    aliases = {alias: table for table, alias in _ALIAS.findall(statement)}
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"EXPLAIN QUERY PLAN {statement}".replace("%", "%%"), ())
            scans = [_SQLITE_SCAN.search(row[3]) for row in cursor.fetchall()]
        else:
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute(f"EXPLAIN {statement}".replace("%", "%%"), ())
            scans = [_POSTGRESQL_SCAN.search(row[0]) for row in cursor.fetchall()]
    return {aliases.get(scan[1], scan[1]) for scan in scans if scan}
