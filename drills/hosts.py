"""Wagtail sites of others: made by `wagtail start`, with the distribution installed, and the steps of the page taken."""

import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from .environments import FOLDER, made, run
from .steps import Step

EXTRAS = "[pdf,postgres]"
JOURNEY = Path(__file__).with_name("journey.py")


@dataclass
class Host:
    """A project in a folder of its own, with a Python of its own. `database`: a URL of PostgreSQL; none is SQLite."""

    name: str
    database: str = ""
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        return FOLDER / "hosts" / self.name

    @property
    def python(self) -> Path:
        return made(f"host-{self.name}")

    def start(self, wheel: Path) -> None:
        """Install the wheel and make an empty project, with an empty database."""
        self.install(wheel)
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        run([self.python.with_name("wagtail"), "start", "mysite", "."], cwd=self.folder)
        if self.database:
            self._use_postgresql()
        for file in self._files():
            shutil.copy(file, self._kept(file))

    def install(self, wheel: Path) -> None:
        """Install this wheel, in place of another of ours."""
        pip = [self.python, "-m", "pip", "install", "--quiet"]
        run([*pip, f"{wheel}{EXTRAS}"], cwd=FOLDER)
        run([*pip, "--force-reinstall", "--no-deps", str(wheel)], cwd=FOLDER)

    def take(self, steps: Iterable[Step]) -> None:
        """Take the steps of the page but the first, which would ask the package index for us."""
        for step in steps:
            if step.number > 1:
                step.take(self.folder, self.python.parent, self.environment)

    def manage(self, *arguments: str, given: str = "") -> str:
        return run(
            [self.python, "manage.py", *arguments], cwd=self.folder, environment=self.environment, given=given
        )

    def forget_steps(self) -> None:
        """Go back to the settings and addresses of before the steps, but for the database."""
        for file in self._files():
            shutil.copy(self._kept(file), file)

    def _files(self) -> list[Path]:
        return [self.folder / "mysite" / "settings" / "base.py", self.folder / "mysite" / "urls.py"]

    def _kept(self, file: Path) -> Path:
        return file.with_suffix(".before")

    def walk(self, journey: str) -> str:
        """Walk a journey of `journey.py` in the project."""
        self.environment["JOURNEY"] = journey
        return self.manage("shell", "--no-imports", given=JOURNEY.read_text(encoding="utf-8"))

    def _use_postgresql(self) -> None:
        server = urlsplit(self.database)
        name = f"cpor_drill_{self.name}".replace("-", "_")
        for command in (f"DROP DATABASE IF EXISTS {name}", f"CREATE DATABASE {name}"):
            _query(self.python, self.database, command)
        settings = {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": name,
            "USER": server.username or "",
            "PASSWORD": server.password or "",
            "HOST": server.hostname or "",
            "PORT": str(server.port or ""),
        }
        with (self.folder / "mysite" / "settings" / "base.py").open("a", encoding="utf-8") as file:
            file.write(f'\nDATABASES = {{"default": {settings!r}}}\n')


def _query(python: Path, url: str, command: str) -> None:
    code = "import psycopg, sys; psycopg.connect(sys.argv[1], autocommit=True).execute(sys.argv[2])"
    server = urlsplit(url)._replace(path="/postgres").geturl()
    run([python, "-c", code, server, command], cwd=FOLDER)


def databases() -> dict[str, str]:
    """Return the homes of the drills: SQLite, and PostgreSQL where DRILLS_DATABASE_URL names one."""
    named = os.environ.get("DRILLS_DATABASE_URL", "")
    return {"sqlite": ""} | ({"postgresql": named} if named else {})
