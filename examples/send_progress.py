#!/usr/bin/env python3
"""Send a court's export of progress entries, wait until it has been taken in, and print the rejected rows.

    CPOR_TOKEN=cpor_… python3 send_progress.py https://cpor.court.example export.csv

Needs Python 3.9 and nothing else. Ends with 0: every row was taken; 3: some rows were rejected; 1: the call was refused
or the import broke off; 2: called wrongly; 4: the service could not be reached, or took too long: run it again.
"""

import argparse
import base64
import gzip
import hashlib
import json
import os
import sys
import time
import urllib.error
import urllib.request
import uuid

TAKEN, REFUSED, WRONGLY_CALLED, REJECTED_ROWS, TRY_LATER = 0, 1, 2, 3, 4
KINDS = {
    ".csv": "text/csv",
    ".txt": "text/csv",
    ".ndjson": "application/x-ndjson",
    ".jsonl": "application/x-ndjson",
}
WORTH_ANOTHER_TRY = {409, 429, 500, 502, 503, 504}
TRIES = 6


class Refused(Exception):
    """The service answered that it does not take this."""


class Unreachable(Exception):
    """No answer, or none but "later", after all tries."""


def main() -> int:
    options = read_arguments()
    token = os.environ.get("CPOR_TOKEN", "").strip()
    if not token:
        print("Set CPOR_TOKEN to the token that the court's manager made.", file=sys.stderr)
        return WRONGLY_CALLED
    headers = {"Authorization": f"Bearer {token}", "Accept-Language": options.language}
    try:
        accepted = send(options.service, options.file, headers, options.rows)
        print(f"import {accepted['id']}: accepted")
        done = wait_for_end(options.service + accepted["url"], headers, options.patience)
        return tell(options.service + accepted["url"], headers, done)
    except OSError as error:
        print(error, file=sys.stderr)
        return WRONGLY_CALLED
    except Refused as error:
        print(error, file=sys.stderr)
        return REFUSED
    except Unreachable as error:
        print(f"{error} Run it again: the same file twice changes nothing.", file=sys.stderr)
        return TRY_LATER


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("service", type=lambda text: text.rstrip("/"), help="https://cpor.court.example")
    parser.add_argument("file", help="CSV, NDJSON (.ndjson, .jsonl) or a JSON list (.json)")
    parser.add_argument("--rows", type=int, help="how many rows the file must have, not counting headings")
    parser.add_argument("--language", default="zh-TW", help="of the reasons: zh-TW or en")
    parser.add_argument("--patience", type=float, default=1800, help="seconds to wait for the end")
    return parser.parse_args()


def send(service: str, file: str, headers: dict, rows: "int | None" = None) -> dict:
    """Send the file and return the import it became. The key makes the tries of this call one call.

    The digest tells the service what the whole body is; the number of rows, what the whole file is.
    """
    with open(file, "rb") as opened:
        content = opened.read()
    body = content if content[:2] == b"\x1f\x8b" else gzip.compress(content, mtime=0)
    name = file[:-3] if file.endswith(".gz") else file
    more = {
        "Content-Type": KINDS.get(os.path.splitext(name)[1].lower(), "application/json"),
        "Content-Encoding": "gzip",
        "Content-Digest": f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:",
        "Idempotency-Key": str(uuid.uuid4()),
    }
    query = "" if rows is None else f"?row_count={rows}"
    return call(f"{service}/api/v1/progress{query}", {**headers, **more}, body)


def wait_for_end(address: str, headers: dict, patience: float) -> dict:
    end, pause = time.monotonic() + patience, 0.5
    while time.monotonic() < end:
        state = call(address, headers)
        if state["state"] not in {"waiting", "running"}:
            return state
        time.sleep(pause)
        pause = min(pause * 1.5, 15)
    raise Unreachable("The import has not ended yet.")


def tell(address: str, headers: dict, done: dict) -> int:
    print(", ".join(f"{name} {count}" for name, count in done["counts"].items()))
    for page in range(1, done["pages"] + 1):
        for row in call(f"{address}?page={page}", headers)["rejected_rows"]:
            print(f"line {row['line']}: {row['reason']}")
    if done["state"] != "done":
        raise Refused(f"The import did not end well ({done['state']}): {done['failure']}")
    return REJECTED_ROWS if done["counts"]["rejected"] else TAKEN


def call(address: str, headers: dict, body: "bytes | None" = None) -> dict:
    """Call and return the answer; try again, ever later, where that may help."""
    for attempt in range(TRIES):
        pause = 2.0**attempt
        try:
            request = urllib.request.Request(address, body, headers)
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            said = error.read().decode("utf-8", "replace")
            if error.code not in WORTH_ANOTHER_TRY:
                raise Refused(f"{error.code}: {said}") from None
            pause = float(error.headers.get("Retry-After") or pause)
        except (urllib.error.URLError, TimeoutError, ConnectionError) as error:
            said = str(error)
        if attempt + 1 < TRIES:
            time.sleep(pause)
    raise Unreachable(f"No answer after {TRIES} tries: {said}")


if __name__ == "__main__":
    sys.exit(main())
