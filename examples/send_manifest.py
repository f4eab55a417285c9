#!/usr/bin/env python3
"""Say how many entries a court holds of each case, with a digest, and print where the service holds others.

    CPOR_TOKEN=cpor_… python3 send_manifest.py https://cpor.court.example whole_export.csv
    CPOR_TOKEN=cpor_… python3 send_manifest.py --by day --complete https://cpor.court.example whole_export.csv
    python3 send_manifest.py --print whole_export.csv

The file is an export with English keys, categories in English, kinds by code, words as /api/v1/reference spells them, and dates
as 2026-09-24 or 2026-09-24T09:30. Of each entry_id the last row counts; withdrawn ones do not. What has to be sent again is
printed to the standard output, a JSON object a line; with --entries a second call asks which entries these are.

Needs Python 3.9 and send_progress.py beside it. Ends with 0: the service holds the same; 3: it does not; else as
send_progress.py.
"""

import argparse
import csv
import hashlib
import json
import os
import re
import sys
import time
import unicodedata
import uuid
from collections import defaultdict

import send_progress as sending

MARK = "cpor-entry-1"
GROUPS = {"case": ("category", "year", "word", "number"), "day": ("day",)}
# Control and format characters, variation selectors and fillers: they are left out.
LEFT_OUT = re.compile(
    "[\u0001-\u0008\u000b\u000c\u000e-\u001f\u007f-\u0084\u0086-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5"
    "\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u2069\u3164\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e0fff]"
)
BLANKS = re.compile("[\t\n\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+")
BLANK_THAT_SEPARATES_NOTHING = re.compile("(?<![A-Za-z0-9]) | (?![A-Za-z0-9])")
MOMENT = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(:\d{2})?)?")


def canonical_text(text: str) -> str:
    text = unicodedata.normalize("NFKC", LEFT_OUT.sub("", text))
    return BLANK_THAT_SEPARATES_NOTHING.sub("", BLANKS.sub(" ", text))


def canonical_moment(text: str) -> str:
    """Return 2026-09-24T09:30 or 2026-09-24 as 2026-09-24T09:30:00+08:00, and nothing as nothing."""
    if not text:
        return ""
    found = MOMENT.fullmatch(text)
    if not found:
        raise ValueError(f"write {text!r} as 2026-09-24 or 2026-09-24T09:30")
    day, minute, _second = found.groups()
    return f"{day}T{minute or '00:00'}:00+08:00"


def canonical(row: dict) -> str:
    lines = (
        MARK,
        canonical_text(row["entry_id"]),
        row["category"],
        str(int(row["year"])),
        canonical_text(row["word"]),
        str(int(row["number"])),
        canonical_moment(row["recorded_at"]),
        row["kind"],
        canonical_text(row.get("detail") or ""),
        canonical_moment(row.get("hearing_at") or ""),
        canonical_text(row.get("courtroom") or ""),
        canonical_moment(row.get("moved_from") or ""),
    )
    return "\n".join(lines)


def digest_of_entry(row: dict) -> str:
    return hashlib.sha256(canonical(row).encode("utf-8")).hexdigest()


def digest_of_group(digests) -> str:
    """Return the digest of some entries' digests, in whatever order they come."""
    return hashlib.sha256("".join(f"{each}\n" for each in sorted(digests)).encode("ascii")).hexdigest()


def group_of(row: dict, by: str) -> tuple:
    if by == "day":
        return (row["recorded_at"][:10],)
    return row["category"], int(row["year"]), row["word"], int(row["number"])


def in_groups(rows, by: str) -> dict:
    """Return the entries that count, by group: {group: {entry_id: digest}}."""
    last = {canonical_text(row["entry_id"]): row for row in rows}
    found = defaultdict(dict)
    for entry_id, row in last.items():
        if str(row.get("withdrawn") or "").lower() in {"", "0", "no", "false", "否"}:
            found[group_of(row, by)][entry_id] = digest_of_entry(row)
    return found


def named(group: tuple, by: str) -> dict:
    return {name: group[place] for place, name in enumerate(GROUPS[by])}


def manifest(groups: dict, by: str):
    """Yield the rows of a manifest: a group each."""
    for group, entries in sorted(groups.items()):
        yield {**named(group, by), "entries": len(entries), "digest": digest_of_group(entries.values())}


def manifest_of_entries(groups: dict, by: str, wanted):
    """Yield the rows of a second manifest, which names each entry of the groups that differ."""
    for group in wanted:
        for entry_id, digest in sorted(groups.get(group, {}).items()):
            yield {**named(group, by), "entry_id": entry_id, "digest": digest}


def read_rows(path: str) -> list:
    with open(path, encoding="utf-8-sig", newline="") as file:
        if path.endswith((".ndjson", ".jsonl")):
            return [json.loads(line) for line in file if line.strip()]
        return json.load(file) if path.endswith(".json") else list(csv.DictReader(file))


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("service", nargs="?", type=lambda text: text.rstrip("/"))
    parser.add_argument("file", help="the export: CSV, NDJSON (.ndjson, .jsonl) or a JSON list (.json)")
    parser.add_argument("--by", choices=sorted(GROUPS), default="case")
    parser.add_argument("--complete", action="store_true", help="the file has every entry that was ever sent")
    parser.add_argument("--entries", action="store_true", help="ask which entries differ, in a second call")
    parser.add_argument("--print", action="store_true", help="print the manifest, and send nothing")
    parser.add_argument("--language", default="zh-TW", help="of the reasons: zh-TW or en")
    parser.add_argument("--patience", type=float, default=1800, help="seconds to wait for the comparison")
    return parser.parse_args()


def main() -> int:
    options = read_arguments()
    groups = in_groups(read_rows(options.file), options.by)
    if options.print:
        for row in manifest(groups, options.by):
            print(json.dumps(row, ensure_ascii=False))
        return sending.TAKEN
    token = os.environ.get("CPOR_TOKEN", "").strip()
    if not token or not options.service:
        print("Name the service, and set CPOR_TOKEN to the token of the court's manager.", file=sys.stderr)
        return sending.WRONGLY_CALLED
    headers = {"Authorization": f"Bearer {token}", "Accept-Language": options.language}
    try:
        return carry_out(options, headers, groups)
    except sending.Refused as error:
        print(error, file=sys.stderr)
        return sending.REFUSED
    except sending.Unreachable as error:
        print(f"{error} Run it again.", file=sys.stderr)
        return sending.TRY_LATER


def carry_out(options: argparse.Namespace, headers: dict, groups: dict) -> int:
    found = compare(options, headers, list(manifest(groups, options.by)), complete=options.complete)
    if found and options.entries:
        wanted = [tuple(each[name] for name in GROUPS[options.by]) for each in found]
        second = list(manifest_of_entries(groups, options.by, wanted))
        found = compare(options, headers, second, complete=False) if second else found
    for each in found:
        print(json.dumps(each, ensure_ascii=False))
    return sending.REJECTED_ROWS if found else sending.TAKEN


def compare(options: argparse.Namespace, headers: dict, rows: list, *, complete: bool) -> list:
    """Send a manifest, wait until it was compared, and return the differences."""
    body = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode("utf-8")
    more = {"Content-Type": "application/x-ndjson", "Idempotency-Key": str(uuid.uuid4())}
    address = f"{options.service}/api/v1/manifest{'?complete=1' if complete else ''}"
    answer = sending.call(address, {**headers, **more}, body)
    end, pause = time.monotonic() + options.patience, 0.5
    while answer["state"] == "waiting":
        if time.monotonic() > end:
            raise sending.Unreachable("The manifest has not been compared yet.")
        time.sleep(pause)
        pause = min(pause * 1.5, 15)
        answer = sending.call(f"{options.service}{answer['url']}", headers)
    found, page = list(answer["differences"]), 1
    while page < answer["pages"]:
        page += 1
        found += sending.call(f"{options.service}{answer['url']}?page={page}", headers)["differences"]
    return found


if __name__ == "__main__":
    sys.exit(main())
