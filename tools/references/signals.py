"""docs/reference/signals.md: what other sites attach to the service, from cpor_cases/signals.py and cpor_core/signals.py."""

import re
from pathlib import Path
from types import ModuleType

from django.dispatch import Signal

from cpor_cases import signals as of_cases
from cpor_core import signals as of_core

from .tables import code, table

PATH = "reference/signals.md"
HEAD = """# Signals

Written by `make docs` from the modules that declare them. How to receive one: `docs/extension.md`, “What you attach: signals”.
"""


def text() -> str:
    """Return the page."""
    return HEAD + "".join(_of_module(module) for module in (of_cases, of_core))


def _of_module(module: ModuleType) -> str:
    rows = [(code(name), says) for name, says in declared_in(module).items()]
    return f"\n## `{module.__name__}`\n\n{table(['signal', 'is sent when'], rows)}"


def declared_in(module: ModuleType) -> dict[str, str]:
    """Return the signals of a module with the comments that stand above them."""
    source = Path(module.__file__ or "").read_text(encoding="utf-8")
    found = re.findall(r"((?:^# .*\n)+)^(\w+) = Signal\(\)", source, re.MULTILINE)
    comments = {name: re.sub(r"^# ", "", comment, flags=re.MULTILINE) for comment, name in found}
    names = [name for name, value in vars(module).items() if isinstance(value, Signal)]
    return {name: comments[name] for name in names}
