"""The project keeps its own rules."""

import ast
import re
from io import StringIO
from pathlib import Path

import django
import polib
import pytest
from django.conf import settings
from django.core.management import call_command
from django.template.loader import get_template
from django.utils.translation import to_locale

from cpor_cases.accounts.adapter import NOTICES as NOTICES_OF_ALLAUTH
from cpor_cases.mail.messages import MESSAGES
from cpor_cases.mail.messages.account_notices import NOTICES
from cpor_core import conf
from tests.support import template_files
from tests.support.template_messages import messages_of

ROOT = settings.BASE_DIR
SOURCES = [ROOT / "site" / "cpor_site", ROOT / "cpor_pages", ROOT / "cpor_cases", ROOT / "cpor_core"]
CATALOGS = sorted((ROOT / "locale").glob("*/LC_MESSAGES/django.po"))
COMPLETE = [
    path for path in CATALOGS if path.parts[-3] in {to_locale(code) for code in conf.REQUIRED_LANGUAGES}
]
SUPPLEMENTS = [
    ROOT / "locale" / "supplement" / "zh_Hant" / "LC_MESSAGES" / f"{name}.po"
    for name in ("django", "djangojs")
]

FILES = [path for source in SOURCES for path in source.rglob("*.py") if "migrations" not in path.parts]


def module_of(path: Path) -> str:
    root = ROOT / "site" if "site" in path.relative_to(ROOT).parts else ROOT
    return ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__")


def test_every_index_says_why_it_is_there():
    """Each is paid for with every row that is written."""
    without = []
    for path in (path for path in FILES if "models" in path.parts):
        lines = path.read_text(encoding="utf-8").splitlines()
        without += [
            f"{module_of(path)}: {line.strip()}"
            for before, line in zip(lines, lines[1:], strict=False)
            if "models.Index(" in line and not before.strip().startswith("#")
        ]

    assert without == []


def test_site_is_a_source_folder_and_never_a_package():
    assert not (ROOT / "site" / "__init__.py").exists()


def test_gitignore_hides_neither_the_project_nor_the_catalogs():
    lines = (ROOT / ".gitignore").read_text().splitlines()

    assert not {"/site", "/site/", "site/", "*.mo"} & set(lines)


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", check=True, dry_run=True, stdout=StringIO())


@pytest.mark.parametrize(
    "catalog", [*COMPLETE, *SUPPLEMENTS], ids=lambda path: f"{path.parts[-3]}-{path.stem}"
)
def test_no_string_of_ours_is_untranslated(catalog):
    po = polib.pofile(catalog)

    assert not [entry.msgid for entry in po if not entry.translated() and not entry.obsolete]


@pytest.mark.parametrize(
    "catalog", [*CATALOGS, *SUPPLEMENTS], ids=lambda path: f"{path.parts[-3]}-{path.stem}"
)
def test_the_compiled_catalogs_are_fresh(catalog):
    source = {
        (e.msgctxt, e.msgid): (e.msgstr, e.msgstr_plural) for e in polib.pofile(catalog) if e.translated()
    }
    compiled = {
        (e.msgctxt, e.msgid): (e.msgstr, e.msgstr_plural) for e in polib.mofile(catalog.with_suffix(".mo"))
    }

    assert source == compiled


STRING = re.compile(
    r"""\b_\(\s*"(?P<said>(?:[^"\\]|\\.)+)"\s*\)"""
    r"""|\bpgettext(?:_lazy)?\(\s*"(?P<context>[^"]+)",\s*"(?P<meant>(?:[^"\\]|\\.)+)"\s*\)"""
)


@pytest.mark.parametrize("catalog", CATALOGS, ids=lambda path: path.parts[-3])
def test_every_simple_string_of_code_is_in_the_catalog(catalog):
    """Without gettext installed, so that a forgotten `make messages` is seen on every machine."""
    known = {(entry.msgctxt, entry.msgid) for entry in polib.pofile(catalog) if not entry.obsolete}
    found = [
        string.groupdict() for path in FILES for string in STRING.finditer(path.read_text(encoding="utf-8"))
    ]
    used = {(each["context"], (each["said"] or each["meant"]).replace('\\"', '"')) for each in found}

    assert not used - known


TEMPLATES = [path for path in (ROOT / "templates").rglob("*") if path.suffix in {".html", ".txt", ".xml"}]


@pytest.mark.parametrize("catalog", CATALOGS, ids=lambda path: path.parts[-3])
def test_every_string_of_the_templates_is_in_the_catalog(catalog):
    known = {(entry.msgctxt, entry.msgid) for entry in polib.pofile(catalog) if not entry.obsolete}
    used = set().union(*(messages_of(path.read_text(encoding="utf-8")) for path in TEMPLATES))

    assert not used - known


@pytest.mark.parametrize("catalog", CATALOGS, ids=lambda path: path.parts[-3])
def test_the_catalog_holds_no_string_that_nobody_says(catalog):
    """A sentence that was replaced, or lost when two branches met, would stay translated for ever."""
    texts = [
        path.read_text(encoding="utf-8")
        for folder in ("site", "cpor_pages", "cpor_cases", "cpor_core", "templates")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in {".py", ".html", ".txt", ".xml", ".js"} and "migrations" not in path.parts
    ]
    texts += [text for path in TEMPLATES for _, text in messages_of(path.read_text(encoding="utf-8"))]
    said = re.sub(r'"\s*\n\s*"', "", "\n".join(texts)).replace('\\"', '"')
    said = re.sub(r"{{ *(\w+) *}}", r"%(\1)s", said)
    known = [entry.msgid for entry in polib.pofile(catalog) if not entry.obsolete]
    assert [text for text in known if text.replace("%%", "%") not in said and text not in said] == []


@pytest.mark.parametrize("catalog", CATALOGS, ids=lambda path: path.parts[-3])
def test_no_string_of_ours_without_context_is_one_of_a_library(catalog):
    """Django merges all catalogs and ours wins: "Name" of a person would be the name of every snippet of Wagtail's."""
    installed = Path(django.__file__).parents[1].glob("*/**/locale/en/LC_MESSAGES/django.po")
    theirs = {entry.msgid for path in installed for entry in polib.pofile(path) if not entry.msgctxt}

    ours = {entry.msgid for entry in polib.pofile(catalog) if not entry.msgctxt and not entry.obsolete}

    assert {"Name", "Save", "Log in"} <= theirs
    assert not ours & theirs


@pytest.mark.parametrize(
    "name", sorted({*(kind for kind in MESSAGES if kind != "account_notice"), *NOTICES, "address_in_use"})
)
def test_every_mail_has_its_two_templates(name):
    for ending in (".txt", ".html"):
        get_template(f"cpor_cases/mail/{name}{ending}")


@pytest.mark.parametrize(
    "message", [*MESSAGES.values(), *NOTICES.values()], ids=lambda message: message.__name__
)
def test_every_mail_has_a_subject_of_one_line(message):
    assert message is MESSAGES["account_notice"] or (message.subject and "\n" not in message.subject)


@pytest.mark.parametrize("notice", NOTICES_OF_ALLAUTH.values())
def test_every_notice_that_allauth_causes_has_its_class(notice):
    assert notice in NOTICES


def test_every_template_parses():
    for path in template_files.FOLDER.rglob("*.html"):
        get_template(template_files.name_of(path))


INLINE = re.compile(
    r"<style|<script(?![^>]*\bsrc=)(?![^>]*application/(?:ld\+)?json)|\sstyle=|\son[a-z]+=", re.IGNORECASE
)


def test_no_comment_stands_behind_a_bracket_that_closes_over_several_lines():
    """The formatter leaves it there when it breaks a line that has become too long: it belongs above."""
    meant = re.compile(r"\s*[)\]}]+[:,]?\s+#(?! (?:noqa|fmt|type):)")
    paths = [
        *FILES,
        *(ROOT / "tests").rglob("*.py"),
        *(ROOT / "benchmarks").rglob("*.py"),
        *(ROOT / "drills").rglob("*.py"),
    ]
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in paths
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if meant.match(line)
    ]
    assert not found


def test_no_page_of_ours_has_inline_script_or_style():
    """The strict policy would not run it. Mails are no pages."""
    folder = ROOT / "templates"
    mails = folder / "cpor_cases" / "mail"
    pages = [path for path in folder.rglob("*.html") if not path.is_relative_to(mails)]

    assert not [str(path) for path in pages if INLINE.search(path.read_text(encoding="utf-8"))]


def test_no_template_takes_the_day_of_a_moment_in_greenwich():
    """`entry.corrected_at.date` is the day before until eight in the morning: `|day_of` asks Taipei."""
    pages = (ROOT / "templates").rglob("*.*")

    assert not [str(path) for path in pages if "_at.date" in path.read_text(encoding="utf-8")]


def test_every_requirement_is_pinned_and_says_why():
    for name in (
        "requirements.txt",
        "requirements-dev.txt",
        "requirements-bench.txt",
        "requirements-drills.txt",
        "requirements-sbom.txt",
    ):
        for line in (ROOT / name).read_text().splitlines():
            if line and not line.startswith(("#", "-")):
                assert re.fullmatch(r"[\w.\[\],-]+==\S+\s+# .+", line), line


OF_THE_MOMENT = re.compile("is_[a-z]+|(all_)?(inner|text)_(texts?|contents?|html)|input_value|count|url")
OF_A_FIELD = re.compile("(all_)?(inner|text)_(texts?|contents?|html)|input_value")
JOURNEYS = [
    path
    for path in (ROOT / "tests" / "journeys").glob("test_*.py")
    if "mark.browser" in path.read_text(encoding="utf-8")
]


def reads_without_waiting(tree: ast.AST) -> list[str]:
    """Return what is asserted or kept of a page as it stands at that instant, messages and addresses kept left aside."""
    read = [(node.test, OF_THE_MOMENT) for node in ast.walk(tree) if isinstance(node, ast.Assert)]
    read += [(node.value, OF_A_FIELD) for node in ast.walk(tree) if isinstance(node, ast.Assign)]
    return [
        ast.unparse(expression)
        for expression, pattern in read
        for node in ast.walk(expression)
        if isinstance(node, ast.Attribute) and pattern.fullmatch(node.attr)
    ]


def test_a_journey_waits_for_what_it_expects_on_a_page():
    """What was clicked may still be on its way: `expect(…)` waits until it is there, a bare assert does not."""
    trees = {path.name: ast.parse(path.read_text(encoding="utf-8")) for path in JOURNEYS}

    assert {name: found for name, tree in trees.items() if (found := reads_without_waiting(tree))} == {}


def test_a_read_without_waiting_is_noticed():
    assert reads_without_waiting(ast.parse("assert page.locator('#TPD').is_visible(), page.url"))
    assert reads_without_waiting(ast.parse("token = page.input_value('#token-secret')"))
    assert not reads_without_waiting(ast.parse("expect(page.locator('#TPD')).to_be_visible()"))


def _tasks_of(tree: ast.AST) -> set[str]:
    """Return the names of the functions that a module makes tasks of the queue."""
    return {
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        for decorator in node.decorator_list
        if ast.unparse(decorator).startswith("db_task")
    }


def _enqueued_by_itself(path: Path, tree: ast.AST, tasks: dict[str, Path]) -> list[str]:
    """Return the calls of a module that put a task on the queue, or that fail whoever committed."""
    wrong = []
    for node in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        called = ast.unparse(node.func)
        task = called.removesuffix(".schedule")
        if task in tasks or tasks.get(f"{path.stem}.{task}") == path:
            wrong.append(f"{module_of(path)}:{node.lineno} enqueues by itself")
        elif called == "transaction.on_commit" and not (
            "robust=True" in ast.unparse(node)
            and isinstance(node.args[0], (ast.Lambda, ast.Name, ast.Attribute))
        ):
            wrong.append(f"{module_of(path)}:{node.lineno} is not robust")
    return wrong


def test_whatever_is_enqueued_is_so_by_the_one_function_that_never_raises():
    """And what follows a commit fails nobody: the action is done."""
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in FILES}
    tasks = {f"{path.stem}.{name}": path for path, tree in trees.items() for name in _tasks_of(tree)}

    wrong = [each for path, tree in trees.items() for each in _enqueued_by_itself(path, tree, tasks)]

    assert len(tasks) >= 4
    assert wrong == []


def said(entry: polib.POEntry) -> str:
    plural = entry.msgstr_plural
    return " / ".join(plural[form] for form in sorted(plural)) if plural else entry.msgstr


@pytest.mark.parametrize("supplement", SUPPLEMENTS, ids=lambda path: path.stem)
def test_the_supplement_holds_what_upstream_lacks_or_what_it_corrects(supplement):
    """An entry that upstream translates now goes, or says in its comment which words of upstream's it stands in for."""
    installed = Path(django.__file__).parents[1].glob(f"*/**/locale/zh_Hant/LC_MESSAGES/{supplement.name}")
    upstream: dict[tuple, set[str]] = {}
    for entry in (entry for path in installed for entry in polib.pofile(path) if not entry.obsolete):
        if entry.translated():
            upstream.setdefault((entry.msgctxt, entry.msgid), set()).add(said(entry))

    stale = []
    for entry in polib.pofile(supplement):
        theirs = upstream.get((entry.msgctxt, entry.msgid))
        expected = f"upstream: {' | '.join(sorted(theirs))}".replace("\n", " ").rstrip() if theirs else ""
        if theirs == {said(entry)} or entry.tcomment.replace("\n", " ") != expected:
            stale.append(entry.msgid)

    assert len(upstream) > 100
    assert stale == []


def test_source_strings_are_english_and_have_no_catalog():
    assert not (ROOT / "locale" / "en").exists()
