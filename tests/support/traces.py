"""Search for a word wherever it may be stored: every column of every table, the raw SQLite file, folders."""

import base64
import binascii
import gzip
import json
import re
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import quote

from django.db import connection

BASE64 = re.compile(r"[A-Za-z0-9+/_-]{16,}={0,2}")


def in_database(words: Iterable[str]) -> list[str]:
    """Return the columns, as `table.column`, that hold one of `words` in any spelling or packing we know."""
    spellings = spellings_of(words)
    found = set()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608 (our own tables)
            names = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                found |= {
                    f"{table}.{name}"
                    for name, value in zip(names, row, strict=True)
                    if _holds(value, spellings)
                }
    return sorted(found)


def in_raw_file(words: Iterable[str]) -> list[str]:
    """Return the words that the pages of an SQLite database hold, free ones included; nothing on another database."""
    if connection.vendor != "sqlite":
        return []
    return in_bytes(connection.connection.serialize(), words)


def in_bytes(content: bytes, words: Iterable[str]) -> list[str]:
    return sorted(spelling for spelling in spellings_of(words) if spelling.encode() in content)


def in_folders(words: Iterable[str], *folders) -> list[str]:
    """Return the files below `folders` whose name or content holds one of `words`."""
    spellings = spellings_of(words)
    files = [path for folder in folders for path in Path(folder).rglob("*") if path.is_file()]
    return sorted(
        str(path) for path in files if _holds(path.name, spellings) or _holds(path.read_bytes(), spellings)
    )


def spellings_of(words: Iterable[str]) -> set[str]:
    return {form for word in words for form in (word, json.dumps(word)[1:-1], quote(word))}


def _holds(value, spellings: set[str]) -> bool:
    folded = {spelling.casefold() for spelling in spellings}
    return any(spelling in reading for reading in _readings(value) for spelling in folded)


def _readings(value) -> Iterator[str]:
    """Yield what a value says, also if it is packed: Base64 (sessions, pickles of the cache), zlib, gzip."""
    if value is None or isinstance(value, bool | int | float):
        return
    if isinstance(value, bytes | memoryview):
        yield from _readings_of_bytes(bytes(value))
        return
    text = str(value)
    yield text.casefold()
    for packed in BASE64.findall(text):
        try:
            padded = packed.rstrip("=") + "=" * (-len(packed.rstrip("=")) % 4)
            yield from _readings_of_bytes(
                base64.urlsafe_b64decode(padded.replace("+", "-").replace("/", "_"))
            )
        except (binascii.Error, ValueError):
            continue


def _readings_of_bytes(content: bytes) -> Iterator[str]:
    for encoding in ("utf-8", "cp950", "utf-16-le"):
        yield content.decode(encoding, "ignore").casefold()
    for unpack in (zlib.decompress, gzip.decompress):
        try:
            yield unpack(content).decode("utf-8", "ignore").casefold()
        except (zlib.error, OSError, EOFError):
            continue
