#!/usr/bin/env python3
"""Send a court's export of progress entries, wait until it has been taken in, and print the rejected rows.

    CPOR_TOKEN=cpor_… python3 send_progress.py https://cpor.court.example export.csv
    CPOR_TOKEN=cpor_… python3 send_progress.py --dry-run https://cpor.court.example export.csv

It goes the safe way: the digest tells the service what the whole body is, the key makes repeated tries one call, and what
may pass (no answer, 409, 429, 5xx) is tried again, ever later. Each answer is printed as it comes.

Needs Python 3.9 and nothing else. Ends with 0: every row was taken; 3: some rows were rejected; 1: the call was refused
or the import was aborted; 2: called wrongly; 4: the service could not be reached, or took too long: run it again.
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
from http.client import HTTPException

TAKEN, REFUSED, WRONGLY_CALLED, REJECTED_ROWS, TRY_LATER = 0, 1, 2, 3, 4
KINDS = {
    ".csv": "text/csv",
    ".txt": "text/csv",
    ".ndjson": "application/x-ndjson",
    ".jsonl": "application/x-ndjson",
    ".json": "application/json",
}
WORTH_ANOTHER_TRY = {409, 429, 500, 502, 503, 504}
TRIES = 6
LONGEST_PAUSE = 120.0  # seconds


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
        return carry_out(options, headers)
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
    parser.add_argument(
        "file",
        nargs="?",
        help="CSV, NDJSON (.ndjson, .jsonl) or a JSON list (.json); without: check the token",
    )
    parser.add_argument("--dry-run", action="store_true", help="say what would be done, and store nothing")
    parser.add_argument("--rows", type=int, help="how many rows the file must have, not counting headings")
    parser.add_argument("--language", default="zh-TW", help="of the reasons: zh-TW or en")
    parser.add_argument("--patience", type=float, default=1800, help="seconds to wait for the end")
    return parser.parse_args()


def carry_out(options: argparse.Namespace, headers: dict) -> int:
    if not options.file:
        token = call(f"{options.service}/api/v1/token", headers)
        print(f"the token of {token['court']} is valid until {token['expires_at']}")
        return TAKEN
    answer = send(options, headers)
    if options.dry_run:
        print("This was a dry run: nothing was stored.")
        return tell(answer["counts"], answer["rejected_rows"], answer.get("warnings", []))
    address = options.service + answer["url"]
    print(f"import {answer['id']}: {answer['state']}")
    return tell_of_import(address, headers, wait_for_end(address, headers, options.patience))


def send(options: argparse.Namespace, headers: dict) -> dict:
    """Send the file and return the answer. The key makes the tries of this call one call."""
    with open(options.file, "rb") as opened:
        content = opened.read()
    body = content if content[:2] == b"\x1f\x8b" else gzip.compress(content, mtime=0)
    name = options.file[:-3] if options.file.endswith(".gz") else options.file
    ending = os.path.splitext(name)[1].lower()
    if ending not in KINDS:
        raise OSError(f"{options.file}: the name must end in one of {', '.join(KINDS)} (and .gz)")
    more = {
        "Content-Type": KINDS[ending],
        "Content-Encoding": "gzip",
        "Content-Digest": f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:",
        "Idempotency-Key": str(uuid.uuid4()),
    }
    asked = {"row_count": options.rows, "dry_run": 1 if options.dry_run else None}
    query = "&".join(f"{name}={value}" for name, value in asked.items() if value is not None)
    return call(f"{options.service}/api/v1/progress?{query}", {**headers, **more}, body)


def wait_for_end(address: str, headers: dict, patience: float) -> dict:
    end, pause = time.monotonic() + patience, 0.5
    while time.monotonic() < end:
        state = call(address, headers)
        print(f"import {state['id']}: {state['state']}")
        if state["state"] not in {"waiting", "running"}:
            return state
        time.sleep(pause)
        pause = min(pause * 1.5, 15)
    raise Unreachable("The import has not ended yet.")


def tell_of_import(address: str, headers: dict, done: dict) -> int:
    rejected = list(done["rejected_rows"])
    for page in range(2, done["pages"] + 1):
        rejected += call(f"{address}?page={page}", headers)["rejected_rows"]
    code = tell(done["counts"], rejected, done.get("warnings", []))
    if done["state"] != "done":
        raise Refused(f"The import did not end well ({done['state']}): {done['failure']}")
    return code


def tell(counts: dict, rejected: list, warnings: list) -> int:
    print(", ".join(f"{name} {count}" for name, count in counts.items()))
    for row in [*rejected, *warnings]:
        print(f"line {row['line']}: {row['reason']} [{row['code']}]")
    return REJECTED_ROWS if counts["rejected"] else TAKEN


def call(address: str, headers: dict, body: "bytes | None" = None) -> dict:
    """Call and return the answer; try again, ever later, where that may help. Each answer is printed.

    A try that was cut off half-way took nothing, or is the same call as the next one by its key.
    """
    said = ""
    for attempt in range(TRIES):
        pause = 2.0**attempt
        try:
            request = urllib.request.Request(address, body, {**headers, "X-Request-ID": str(uuid.uuid4())})
            with urllib.request.urlopen(request, timeout=60) as answer:
                found = json.load(answer)
                say(request, answer.status)
                return found
        except urllib.error.HTTPError as error:
            said = in_words(error)
            say(request, said)
            if error.code not in WORTH_ANOTHER_TRY:
                raise Refused(said) from None
            pause = pause_named_by(error) or pause
        except (urllib.error.URLError, HTTPException, TimeoutError, ConnectionError, ValueError) as error:
            said = str(error) or type(error).__name__
            say(request, said)
        if attempt + 1 < TRIES:
            print(f"trying again in {pause:.0f} s", file=sys.stderr)
            time.sleep(pause)
    raise Unreachable(f"No answer after {TRIES} tries: {said}.")


def say(request: urllib.request.Request, what: object) -> None:
    print(f"{request.get_method()} {request.selector}: {what}", file=sys.stderr)


def in_words(error: urllib.error.HTTPError) -> str:
    """Return a refusal (RFC 9457) in a line: status, kind, sentence, and the id to name when you ask the operator."""
    text = error.read().decode("utf-8", "replace")
    try:
        problem = json.loads(text)
        kind, detail = problem["type"].rpartition("#")[2], problem["detail"]
    except (ValueError, KeyError, TypeError, AttributeError):
        return f"{error.code} {text[:200].strip()}"  # not of the service but of a proxy before it
    return f"{error.code} {kind}: {detail} (request {problem.get('request_id', 'unknown')})"


def pause_named_by(error: urllib.error.HTTPError) -> float:
    """Return how many seconds the service asks to wait, 0 if it does not say."""
    try:
        return min(max(float(error.headers.get("Retry-After", "")), 1.0), LONGEST_PAUSE)
    except ValueError:
        return 0.0


if __name__ == "__main__":
    sys.exit(main())
