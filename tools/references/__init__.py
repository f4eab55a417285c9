"""The pages of reference, each built from the code by one module: `PATH` below docs/, and `text()`.

`python -m tools.build_references` (`make docs`) writes all of them; a new module in this folder is a new page. A test compares.
"""

from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType

DOCS = Path(__file__).resolve().parents[2] / "docs"


def pages() -> dict[str, ModuleType]:
    """Return the builder of each page by the page's path below docs/."""
    names = (each.name for each in iter_modules(__path__) if each.name != "tables")
    found = (import_module(f"{__name__}.{name}") for name in names)
    return {module.PATH: module for module in found}
