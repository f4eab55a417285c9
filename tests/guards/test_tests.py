"""The tests stand alone: what they share lies in tests/support/, and CI installs the programs that they call."""

import ast
import re
from pathlib import Path

from django.conf import settings

ROOT = settings.BASE_DIR
MODULES = sorted((ROOT / "tests").rglob("*.py"))
SHARED = {"factories", "support"}


def imports_of_tests(path: Path) -> list[str]:
    """Return what a module imports from the tests, relative imports included."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names if alias.name.split(".")[0] == "tests"]
        elif isinstance(node, ast.ImportFrom) and node.level:
            found.append("." * node.level + (node.module or ""))
        elif isinstance(node, ast.ImportFrom) and node.module == "tests":
            found += [f"tests.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module.split(".")[0] == "tests":
            found.append(node.module)
    return found


def is_shared(module: str) -> bool:
    first, _, rest = module.partition(".")
    return first == "tests" and rest.split(".")[0] in SHARED


def test_test_modules_import_from_support_and_factories_alone():
    """A test module that another one needs cannot be moved, and its fixtures run where nobody expects them."""
    wrong = [
        f"{path.relative_to(ROOT)} imports {module}"
        for path in MODULES
        for module in imports_of_tests(path)
        if not is_shared(module)
    ]

    assert wrong == []


def test_an_import_from_a_test_module_is_noticed(tmp_path):
    module = tmp_path / "test_x.py"
    module.write_text(
        "from tests.journeys.test_a import b\nfrom .test_c import d\nimport tests.test_e\nfrom tests import conftest\n"
    )

    found = imports_of_tests(module)

    assert found == ["tests.journeys.test_a", ".test_c", "tests.test_e", "tests.conftest"]
    assert not any(is_shared(each) for each in found)


def test_ci_installs_every_program_that_a_test_calls():
    installed = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    asked_for = {
        package
        for path in MODULES
        for package in re.findall(r'find_program\(.*?package="([\w.-]+)"\)', path.read_text(encoding="utf-8"))
    }

    assert asked_for >= {"chromium-headless-shell", "nginx"}
    assert [package for package in asked_for if not re.search(rf"\b{package}\b", installed)] == []


def test_no_test_skips_for_want_of_a_program_by_itself():
    """`find_program` fails in CI where a bare skip would hide that a test never runs."""
    alone = [
        path.relative_to(ROOT).as_posix()
        for path in MODULES
        if "shutil.which" in path.read_text(encoding="utf-8")
        and path.name not in {"programs.py", Path(__file__).name}
    ]

    assert alone == []
