"""The programs of `examples/`, as modules."""

import importlib.util
import sys
from types import ModuleType

from django.conf import settings

FOLDER = settings.BASE_DIR / "examples"


def load_example(name: str) -> ModuleType:
    """Return the program, which finds its neighbours as if it were called from its folder."""
    if str(FOLDER) not in sys.path:
        sys.path.append(str(FOLDER))
    spec = importlib.util.spec_from_file_location(name, FOLDER / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
