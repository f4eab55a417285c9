"""docs/reference/commands.md: what an operator types, from the parsers of the commands."""

import argparse
from collections.abc import Iterator

from django.core.management import get_commands, load_command_class
from django.core.management.base import BaseCommand

from .tables import code, sentence, table

PATH = "reference/commands.md"
HEAD = """# Commands

Written by `make docs` from the commands themselves. Each is run as `manage.py NAME`, is safe to repeat, and takes Django's own options besides
(`--settings`, `--verbosity`, `--traceback` …).

| it exits with | when |
| --- | --- |
| 0 | all is done |
| 1 | it could not be done, or a check failed; a sentence on stderr says why |
| 2 | the arguments are wrong |
| another code | as the command says below |
"""
SITE = "cpor_site"


def text() -> str:
    """Return the page."""
    return HEAD + "".join(_of_command(name, command) for name, command in sorted(commands().items()))


def commands() -> dict[str, BaseCommand]:
    """Return the commands of the project by name."""
    ours = ((name, app) for name, app in get_commands().items() if str(app).startswith("cpor_"))
    return {name: load_command_class(app, name) for name, app in ours}


def _of_command(name: str, command: BaseCommand) -> str:
    parser = command.create_parser("manage.py", name)
    where = " Of the site in `site/` alone." if type(command).__module__.startswith(SITE) else ""
    parts = [f"\n## {name}\n\n{sentence(command.help)}{where}\n"]
    parts += [f"\n    manage.py {each}\n" for each in _usages(parser, name)]
    if rows := list(_arguments(parser)):
        parts.append("\n" + table(["argument", "says"], rows))
    if codes := getattr(command, "exit_codes", {}):
        parts.append("\n" + table(["it exits with", "when"], codes.items()))
    return "".join(parts)


def _usages(parser: argparse.ArgumentParser, name: str) -> Iterator[str]:
    """Yield the lines in which a command is typed: one, or one for each of its actions."""
    own = list(_own(parser))
    if actions := [each for each in own if isinstance(each, argparse._SubParsersAction)]:
        for action, its_parser in actions[0].choices.items():
            yield from _usages(its_parser, f"{name} {action}")
    else:
        yield " ".join([name, *(_as_typed(each) for each in own)])


def _arguments(parser: argparse.ArgumentParser, action: str = "") -> Iterator[tuple[str, str]]:
    for each in _own(parser):
        if isinstance(each, argparse._SubParsersAction):
            for name, its_parser in each.choices.items():
                helps = {choice.dest: choice.help for choice in each._choices_actions}
                yield code(name), helps.get(name) or ""
                yield from _arguments(its_parser, f"{name} ")
        else:
            yield code(f"{action}{_as_typed(each).strip('[]')}"), each.help or ""


def _own(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    """Yield the arguments that are not those of every command."""
    common = {each.dest for each in BaseCommand().create_parser("manage.py", "")._actions}
    hidden = argparse.SUPPRESS
    return (each for each in parser._actions if each.dest not in common and each.help != hidden)


def _as_typed(argument: argparse.Action) -> str:
    metavar = argument.metavar if isinstance(argument.metavar, str) else argument.dest.upper()
    if not argument.option_strings:
        return metavar
    option = argument.option_strings[-1]
    typed = option if argument.nargs == 0 else f"{option} {metavar}"
    return typed if argument.required else f"[{typed}]"
