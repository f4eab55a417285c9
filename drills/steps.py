"""The steps of docs/extension.md: what their blocks of code say, done to a project."""

import re
from dataclasses import dataclass
from pathlib import Path

from .environments import ROOT, run

PAGE = ROOT / "docs" / "extension.md"
STEP = re.compile(r"^\*\*(?P<number>\d+)\. (?P<text>.*?)(?=^\*\*\d+\. |^## |\Z)", re.MULTILINE | re.DOTALL)
BLOCK = re.compile(r"^```(?P<language>\w+)\n(?P<code>.*?)^```$", re.MULTILINE | re.DOTALL)
FILE = re.compile(r"`(mysite/[\w/.]+)`(?P<whole>, which becomes)?")


@dataclass(frozen=True)
class Step:
    """One step: its number, its words before the block, and the block."""

    number: int
    words: str
    language: str
    code: str

    def take(self, project: Path, bin_folder: Path, environment: dict[str, str]) -> None:
        """Do to a project what the step says: run its commands, or write its lines."""
        if self.language == "sh":
            path = {"PATH": f"{bin_folder}:/usr/bin:/bin"}
            run(["bash", "-euc", self.code], cwd=project, environment=environment | path)
            return
        named = FILE.search(self.words)
        assert named, f"step {self.number} names no file"
        file = project / named[1]
        before = "" if named["whole"] else file.read_text(encoding="utf-8")
        file.write_text(f"{before}\n{self.code}", encoding="utf-8")


def steps(page: Path = PAGE) -> list[Step]:
    """Return the steps of a page in their order."""
    found = []
    for match in STEP.finditer(page.read_text(encoding="utf-8")):
        block = BLOCK.search(match["text"])
        assert block, f"step {match['number']} has no block of code"
        words = match["text"][: block.start()]
        found.append(Step(int(match["number"]), words, block["language"], block["code"]))
    return found
