"""The pages of docs/reference/ and the index of the decisions say what the code says now."""

import ast

import pytest
from django.core.management import load_command_class

from tools.references import DOCS, commands, decisions, pages, permissions, settings, signals

PAGES = pages()
STALE = "docs/{} is not what the code says any more. Run `make docs` and commit what it writes."


@pytest.mark.django_db
@pytest.mark.parametrize("path", PAGES)
def test_a_page_of_reference_says_what_the_code_says(path):
    assert (DOCS / path).read_text(encoding="utf-8") == PAGES[path].text(), STALE.format(path)


def test_no_page_of_reference_is_left_of_which_nothing_is_built():
    written = {str(path.relative_to(DOCS)) for path in (DOCS / "reference").iterdir()}

    assert written == {path for path in PAGES if path.startswith("reference/")}


def test_every_setting_of_the_apps_is_in_one_section():
    named = [name for names in settings.sections().values() for name in names]

    assert sorted(named) == sorted(settings.conf.SETTINGS)


def test_every_command_that_exits_by_itself_says_with_which_code():
    silent = [
        name
        for name, command in commands.commands().items()
        if "SystemExit(" in source_of(command) and not getattr(command, "exit_codes", None)
    ]

    assert silent == []


def source_of(command) -> str:
    tree = ast.parse((DOCS.parent / module_path(command)).read_text(encoding="utf-8"))
    return ast.unparse(tree)


def module_path(command) -> str:
    module = type(command).__module__.replace(".", "/")
    return f"site/{module}.py" if module.startswith("cpor_site") else f"{module}.py"


def test_the_page_of_a_command_has_each_of_its_actions():
    command = load_command_class("cpor_cases", "staff")

    assert "manage.py staff invite ADDRESS --name NAME" in commands._of_command("staff", command)


@pytest.mark.django_db
def test_every_role_may_enter_the_office_and_no_other_does_what_clerks_do():
    rows = {name: cells for name, *cells in permissions._of_models()}

    assert all("access" in cell for cell in rows["`Admin`"])
    assert rows["`Application`"] == ["add, change, view", "add, change, view", "view", "", ""]


def test_every_signal_says_when_it_is_sent():
    assert "application_decided" in signals.text()
    assert all(
        says
        for module in (signals.of_cases, signals.of_core)
        for says in signals.declared_in(module).values()
    )


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("A row is written. Then it is sent.", "A row is written."),
        ("It takes 0.5 s, e.g. here\nand there.\nMore.", "It takes 0.5 s, e.g. here and there."),
        ("No end", "No end"),
    ],
)
def test_a_decision_is_told_by_its_first_sentence(text, first):
    assert decisions.first_sentence(text) == first
