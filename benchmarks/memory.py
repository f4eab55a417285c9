"""By how much a process grows at most while it imports a file: `python -m benchmarks.memory SMALL_FILE FILE`.

A process of its own, because the one that measures speed holds rows made ready, and freed memory that would be used anew.
"""

import sys
from pathlib import Path

import django


def highest() -> float:
    """Return the most memory this process has had resident so far, in MB (ru_maxrss counts what its parent had, too)."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError("This system does not tell how much memory a process has had.")


def main(small: str, file: str) -> None:
    django.setup()
    from cpor_cases.actions.imports import import_file
    from cpor_cases.models import ImportRun

    import_file(Path(small), source=ImportRun.Source.COMMAND)
    idle = highest()
    rows = import_file(Path(file), source=ImportRun.Source.COMMAND).rows_read
    print(
        f"  memory above idle: {highest() - idle:.1f} MB for {rows:,} rows ({highest():.0f} MB in all)",
        flush=True,
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
