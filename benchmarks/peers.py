"""What is measured beside us, of requirements-bench.txt: a peer that is not installed is left out, and its absence said."""

import sys
from importlib.util import find_spec


def is_installed(module: str, package: str) -> bool:
    if find_spec(module):
        return True
    print(f"\n{package} was not measured: ./install requirements-bench.txt", file=sys.stderr, flush=True)
    return False
