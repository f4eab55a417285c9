"""docs/reference/settings.md: the variables of the environment, from .env.example, and the names of CPOR, from cpor_core/conf.py."""

import ast
import re
from pathlib import Path
from typing import NamedTuple

from cpor_core import conf

from .tables import code, table

PATH = "reference/settings.md"
ROOT = Path(__file__).resolve().parents[2]
HEAD = """# Settings

Written by `make docs`. What cannot be right is refused at the start, with the name and a sentence.

## Variables of the environment

For the site of `site/`, which an operator runs; each may be in the environment, in `.env`, or in a file that `NAME_FILE` names. Those marked *
are asked for by `cpor_site.settings.production`. `.env.example` is the same list, to copy.

"""
OF_APPS = """
## CPOR

The one dict of settings of the apps, for whoever takes them into a site of their own: `CPOR = {"QUERY_PERIOD_MONTHS": 3}`. A name that is left out
has the default; one that is unknown, or a value that cannot be right, stops `manage.py check`. *derived*: it follows from other settings
(`cpor_core/conf.py`). *variable*: what sets it on the site of `site/`, if anything does.
"""
LONGEST = 50


class Variables(NamedTuple):
    """Variables with one comment above them, which begins with * if production asks for them."""

    comment: list[str]
    examples: dict[str, str]

    def row(self) -> tuple[str, ...]:
        says = " ".join(self.comment)
        mark = " *" if says.startswith("* ") else ""
        names = ", ".join(f"`{name}`{mark}" for name in self.examples)
        return names, says.removeprefix("* "), ", ".join(filter(None, map(code, self.examples.values())))


def text() -> str:
    """Return the page."""
    variables = (each.row() for each in environment())
    parts = [HEAD, table(["variable", "says", "for example"], variables), OF_APPS]
    for heading, names in sections().items():
        rows = [
            (code(name), conf.SETTINGS[name].says, default_of(name), code(VARIABLES.get(name, "")))
            for name in names
        ]
        parts.append(f"\n### {heading}\n\n{table(['name', 'says', 'default', 'variable'], rows)}")
    return "".join(parts)


def environment() -> list[Variables]:
    """Return the variables in .env.example, those together that follow each other below one comment."""
    found: list[Variables] = []
    is_open = False
    for line in (ROOT / ".env.example").read_text(encoding="utf-8").splitlines():
        if variable := re.fullmatch(r"#?([A-Z][A-Z0-9_]*)=(.*)", line):
            found[-1].examples[variable[1]] = variable[2]
            is_open = False
        elif line.startswith("#"):
            if not is_open:
                found.append(Variables([], {}))
            found[-1].comment.append(line.removeprefix("#").strip())
            is_open = True
        else:
            is_open = False
    return [each for each in found if each.examples]


def sections() -> dict[str, list[str]]:
    """Return the names of CPOR below the comments that stand above them in conf.SETTINGS."""
    found: dict[str, list[str]] = {}
    source = Path(conf.__file__).read_text(encoding="utf-8")
    declared = source[source.index("SETTINGS = {") :]
    for heading, name in re.findall(r'^    (?:# (.+)|"([A-Z_]+)": Setting\()', declared, re.MULTILINE):
        if heading:
            latest = found.setdefault(heading, [])
        else:
            latest.append(name)
    return found


def default_of(name: str) -> str:
    """Return the default of a setting as code, if it is short and follows from nothing else."""
    default = conf.SETTINGS[name].default
    if callable(default):
        return "*derived*"
    return code(repr(default)) if len(repr(default)) <= LONGEST else "see `cpor_core/conf.py`"


def _variables() -> dict[str, str]:
    """Return by which variable the site sets each name of CPOR: what `env` reads in the value that stands beside it."""
    read = {name: name for each in environment() for name in each.examples if name in conf.SETTINGS}
    for path in sorted((ROOT / "site" / "cpor_site" / "settings" / "parts").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Dict):
                read |= {
                    key.value: asked
                    for key, value in zip(node.keys, node.values, strict=True)
                    if isinstance(key, ast.Constant) and (asked := _asked_for(value))
                }
    return read


def _asked_for(value: ast.expr) -> str:
    """Return the variable that an expression reads by `env(…)` or `env.int(…)`; empty if none."""
    for node in ast.walk(value):
        if isinstance(node, ast.Call) and re.fullmatch(r"env(\.\w+)?", ast.unparse(node.func)):
            return ast.literal_eval(node.args[0])
    return ""


VARIABLES = _variables()
