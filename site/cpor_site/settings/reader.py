"""Reads settings from the environment. What cannot be right is collected, so that all of it is told at once."""

import re
from collections.abc import Callable, MutableMapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias, TypeVar, overload

from django.core.exceptions import ImproperlyConfigured
from environ.fileaware_mapping import FileAwareMapping

from . import values
from .values import Refused

Value = TypeVar("Value")
Default = TypeVar("Default")
# The class has methods of these names.
Whole: TypeAlias = int
Truth: TypeAlias = bool
Texts: TypeAlias = list[str]
Numbers: TypeAlias = dict[str, int]
MOST = 10_000
"""What a number may be where nothing else is said: 27 years in days, 833 in months."""


class Environment:
    """The variables, each given by its name, or by `NAME_FILE`: the path of a file that holds it.

    An empty variable is one that is not set. A value that cannot be right is noted, and the default returned, until
    `stop_if_refused` tells of all.
    """

    def __init__(self, variables: MutableMapping[str, str]):
        self.given = variables
        self.variables = FileAwareMapping(variables)
        self.faults: dict[str, str] = {}

    @overload
    def __call__(self, name: str, default: str = "", *, read: Callable[[str], str] = str) -> str: ...

    @overload
    def __call__(self, name: str, default: Default, *, read: Callable[[str], Value]) -> Value | Default: ...

    def __call__(self, name: str, default: Any = "", *, read: Callable[[str], Any] = str) -> Any:
        """Return the value of a variable as `read` returns it; `read` raises Refused if it cannot be right."""
        if not (text := self._text(name)):
            return default
        try:
            return read(text)
        except Refused as fault:
            self.refuse(name, str(fault))
            return default

    def bool(self, name: str, *, default: Truth) -> Truth:
        return self(name, default, read=values.truth)

    def int(self, name: str, *, default: Whole, least: Whole = 1, most: Whole = MOST) -> Whole:
        return self(name, default, read=values.whole_number(least, most))

    def list(self, name: str, *, default: Sequence[str] = (), read: Callable[[str], str] = str) -> Texts:
        """Return values with commas between."""
        return self(name, [*default], read=lambda text: [read(each) for each in _split(text)])

    def dict(self, name: str, *, default: Numbers, read_key: Callable[[str], str] = str) -> Numbers:
        """Return numbers by their keys: key=number with commas between."""

        def read(text: str) -> Numbers:
            pairs = [each.partition("=") for each in _split(text)]
            count = values.whole_number(0, 1_000_000)
            return {read_key(key.strip()): count(number.strip()) for key, _, number in pairs}

        return self(name, default, read=read)

    def refuse(self, name: str, sentence: str) -> None:
        """Note why a variable cannot be right: the rest of a sentence after its name."""
        self.faults.setdefault(name, f"{name} {sentence}")

    def check_file(self, path: Path) -> None:
        """Refuse a file of variables that cannot be read, or of which a line would be left out without a word."""
        if not path.exists():
            return
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except (OSError, ValueError) as error:
            self.refuse(str(path), f"cannot be read ({_reason(error)}).")
            return
        for number, line in enumerate(lines, start=1):
            if line and not re.match(r"#|(export )?\w+=", line):
                self.refuse(
                    f"{path}, line {number},", "is no NAME=VALUE: no blank before it or beside the =."
                )

    def stop_if_refused(self) -> None:
        """Raise ImproperlyConfigured with all that was refused, a line each."""
        if self.faults:
            raise ImproperlyConfigured("\n".join(self.faults.values()))

    def _text(self, name: str) -> str:
        path = self.given.get(f"{name}_FILE")
        if path and self.given.get(name):
            self.refuse(name, f"is set, and so is {name}_FILE: set one of them.")
            return ""
        try:
            text = self.variables.get(name, "").strip()
        except (OSError, ValueError) as error:
            self.refuse(f"{name}_FILE", f"names {path}, which cannot be read ({_reason(error)}).")
            return ""
        if path and not text:
            self.refuse(f"{name}_FILE", f"names {path}, which is empty.")
        return text


def _split(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or "it is no text"
