"""README, CHANGELOG and docs name only what exists, and the map names every folder."""

import re
from collections.abc import Iterator
from functools import reduce
from importlib import import_module
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import get_commands

ROOT = settings.BASE_DIR
NOT_OURS = {".git", ".venv", "node_modules", "__pycache__", "var"}
DOCUMENTS = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
PACKAGES = ["cpor_cases", "cpor_core", "cpor_pages", "site/cpor_site"]

CODE = re.compile(r"`([^`\n]+)`")
PATH = re.compile(
    r"(?<![\w./:{<-])[\w.-]+(?:/[\w.-]+)+/?(?![\w/<])|(?<![\w./-])[\w-]+(?:\.(?:py|md|toml|csv|json)\b|/(?!\w))"
)
MODULE = re.compile(r"(?<![\w./-])cpor_(?:core|cases|pages|site)(?:\.\w+)+")
CONSTANT = re.compile(r"(?<![\w.$%&-])[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+(?![\w-])")
# Written while the site runs, made up in an example, or no path at all.
NO_FILES = re.compile(
    r"var/|backup/|text/|application/|mysite/|forged-emails/|(mail|s3)\.court\.example/|HOST/|\.venv/|[0-9.]+/"
)


def names_in_code(document: Path) -> Iterator[str]:
    """Yield what stands in backticks in a document, outside its blocks of code."""
    for outside in re.split(r"^```\w*$", document.read_text(encoding="utf-8"), flags=re.MULTILINE)[::2]:
        yield from CODE.findall(outside)


def known_paths() -> set[str]:
    """Return every file and folder of the project, by its whole path and by each end of it."""
    known = set()
    for path in ROOT.rglob("*"):
        parts = path.relative_to(ROOT).parts
        if not NOT_OURS & set(parts):
            known |= {"/".join(parts[start:]) for start in range(len(parts))}
    return known


def missing_paths(code: str, known: set[str]) -> list[str]:
    named = (match.group() for match in PATH.finditer(code.split("::")[0]))
    return [name for name in named if not NO_FILES.match(name) and name.rstrip("/") not in known]


def test_every_path_that_is_named_exists():
    known = known_paths()

    missing = {
        f"{document.relative_to(ROOT)}: {name}"
        for document in DOCUMENTS
        for code in names_in_code(document)
        for name in missing_paths(code, known)
    }

    assert missing == set()


@pytest.mark.parametrize("code", ["cpor_cases/mail/gone.py", "tests/gone/", "gone.py", "cpor_cases/gone/"])
def test_a_path_that_does_not_exist_is_noticed(code):
    assert missing_paths(code, known_paths())


def resolves(dotted: str) -> bool:
    """Whether a dotted name is a module or a package, or something in one."""
    folder, parts = ROOT / "site" if dotted.startswith("cpor_site") else ROOT, dotted.split(".")
    for length in range(len(parts), 0, -1):
        path = folder.joinpath(*parts[:length])
        if length == len(parts) and (path.is_dir() or path.with_suffix(".py").is_file()):
            return True  # not imported: settings of production need their variables
        if path.is_dir() or path.with_suffix(".py").is_file():
            found = import_module(".".join(parts[:length]))
            return reduce(lambda each, name: getattr(each, name, None), parts[length:], found) is not None
    return False


def test_every_module_and_class_that_is_named_exists():
    named = {
        name for document in DOCUMENTS for code in names_in_code(document) for name in MODULE.findall(code)
    }
    no_imports = {"cpor_cases.application"}  # log actions and permissions have dotted names as well

    assert {name for name in named if not resolves(name)} - no_imports == set()


def test_every_setting_and_variable_that_is_named_exists():
    endings = (".py", ".html", ".sql", ".example", "/Makefile", "/run", ".toml")
    sources = [
        path for path in ROOT.rglob("*") if str(path).endswith(endings) and not NOT_OURS & set(path.parts)
    ]
    known = {name for path in sources for name in CONSTANT.findall(path.read_text(encoding="utf-8"))}
    named = {
        name for document in DOCUMENTS for code in names_in_code(document) for name in CONSTANT.findall(code)
    }

    of_libraries = {"DISABLE_SERVER_SIDE_CURSORS", "WEBHOOK_SECRET"}

    assert {name for name in named - known - of_libraries if not hasattr(settings, name)} == set()


def test_every_command_that_a_document_names_exists():
    named = {
        f"{document.relative_to(ROOT)}: {name}"
        for document in DOCUMENTS
        for name in re.findall(r"manage\.py ([a-z_]+)", document.read_text(encoding="utf-8"))
        if name not in get_commands()
    }

    assert named == set()


def test_the_runbook_is_found_from_where_an_operator_begins():
    for name in ("README.md", "docs/operators.md"):
        assert "docs/runbook.md" in (ROOT / name).read_text(encoding="utf-8")


def folders() -> Iterator[str]:
    """Yield the folders that the map names: those at the root, and the packages' own."""
    for path in sorted(ROOT.iterdir()):
        if path.is_dir() and path.name not in NOT_OURS and not path.name.startswith("."):
            yield path.name
    for package in PACKAGES:
        for path in sorted((ROOT / package).iterdir()):
            if (path / "__init__.py").exists() and path.name != "migrations":
                yield f"{package}/{path.name}"


def test_the_map_names_every_folder():
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    map_of = page[page.index("## The map") : page.index("## Two ways through it")]

    missing = [folder for folder in folders() if not re.search(rf"\b{folder.rpartition('/')[2]}\b", map_of)]

    assert missing == []


def test_every_page_is_found_from_the_index_and_every_link_leads_somewhere():
    index = (ROOT / "docs" / "index.md").read_text(encoding="utf-8")
    docs = ROOT / "docs"
    pages = {str(path.relative_to(docs)) for path in docs.rglob("*.md") if not path.name.startswith("0")}
    pages.remove("index.md")
    assert {page for page in pages if f"({page})" not in index} == set()

    dead = [
        (str(path.relative_to(ROOT)), target)
        for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
        for target in re.findall(
            r"\]\((?!https?:|mailto:)([^)#\s]+)[^)\s]*\)", path.read_text(encoding="utf-8")
        )
        if not (path.parent / target).exists()
    ]
    assert dead == []


LINK_TO_PART = re.compile(r"\]\((?!https?:)([^)#\s]*)#([^)\s]+)\)")


def parts_of(page: Path) -> set[str]:
    """Return the anchors of a page's headings, as code hosts make them."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_link_to_a_part_of_a_page_leads_to_a_heading():
    dead = [
        f"{page.relative_to(ROOT)}: {target}#{part}"
        for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
        for target, part in LINK_TO_PART.findall(page.read_text(encoding="utf-8"))
        if part not in parts_of(page.parent / target if target else page)
        and f'id="{part}"' not in (page.parent / target if target else page).read_text(encoding="utf-8")
    ]

    assert dead == []
