"""Write requirements.lock and a lock of each list that adds to it: what runs, each at its pin and with the hashes of its files.

Run `python -m tools.build_lock` (`make lock`) after a change to a list of requirements or constraints.txt, and
commit what it writes. `./install` takes a lock where there is one, so that nothing else than these files is installed.
A lock names no package index: each machine asks its own, and the hashes tell whether it answered with the same files.
"""

import subprocess
from pathlib import Path

from .build_sbom import ROOT, environment

LISTS = ["requirements", "requirements-s3", "requirements-sentry", "requirements-litestream"]
OLDEST_PYTHON = "3.11"
HEADER = """# Made by `make lock` from {name}.txt and constraints.txt, which say why each is here. Installed by `./install {name}.txt`.
"""


def lock(tool: Path, name: str) -> None:
    """Write the lock of one list of requirements, for every Python from the oldest on."""
    target = ROOT / f"{name}.lock"
    subprocess.run(  # noqa: S603 (our own words)
        [
            tool, "pip", "compile", "--quiet", "--universal", "--python-version", OLDEST_PYTHON, "--generate-hashes",
            "--no-header", "--no-annotate", "--no-emit-index-url", "--no-emit-find-links",
            "--constraints", "constraints.txt", "--output-file", target, f"{name}.txt",
        ],
        cwd=ROOT, check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    target.write_text(HEADER.format(name=name) + target.read_text("utf-8"), encoding="utf-8")


def build() -> None:
    tool = environment("lock-tool", "requirements-lock.txt") / "bin" / "uv"
    for name in LISTS:
        lock(tool, name)


if __name__ == "__main__":
    build()
