"""One word per thing, the field's own: a private dialect of earlier years comes back nowhere.

Each entry is a word that the project no longer uses in the sense meant, what it says instead, and the ordinary uses
of the same word that stay. Texts are read whole: code, comments, docstrings, templates, tests, papers, names of files
and the msgids of the catalog. The Chinese texts are not read.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import polib
import pytest
from django.conf import settings

ROOT = settings.BASE_DIR
FOLDERS = (
    "benchmarks",
    "cpor_cases",
    "cpor_core",
    "cpor_pages",
    "docs",
    "examples",
    "site",
    "templates",
    "tests",
    "tools",
)
PAPERS = ("README.md", "CHANGELOG.md", "Makefile", ".env.example", "pyproject.toml")
ENDINGS = {".py", ".html", ".txt", ".xml", ".js", ".css", ".md", ".json", ".toml"}
NOT_OURS = {"node_modules", "__pycache__"}
CATALOG = ROOT / "locale" / "zh_Hant" / "LC_MESSAGES" / "django.po"


class Word(NamedTuple):
    """A word not used in one sense: its pattern, the word to use, and the ordinary uses of it, in text around it."""

    pattern: str
    instead: str
    ordinary: str = r"(?!)"


# \b does not part identifiers: there is a turn in `court_turn`, and a letter in `LetterForm`, but none in `returns`.
START, END = r"(?<![A-Za-z])", r"(?![A-Za-z])"
IN_CAMEL_CASE = re.compile(r"(?<=[a-z])(?=[A-Z])")
WORDS = [
    Word(r"deeds?", "action", "indeed"),
    Word("doors?|backdoors?", "view or entry point"),
    Word("houses?", "project, site or court"),
    Word(
        "rooms?",
        "module",
        r"court[ _]?rooms?|waiting room|(?:open|enough|less|more|has|have|is|no|leaves?|with|the) room|room (?:to|for|\d)",
    ),
    Word("desks?|backoffice|back office", "office", "help desks?|front desks?"),
    Word("record_looks?|log_looks?|looks? on record", "view"),
    Word("(?:a|each|every|last|first|whole) look (?:at|of|is|into)", "view"),
    Word("strangers?", "anonymous visitor"),
    Word("kept (?:public )?pages?", "cached page"),
    Word("stamps?", "version", "(?:rubber|postage|receipt|date|time|court's) stamps?"),
    Word("remembered", "cached"),
    Word(
        "letters?",
        "mail",
        r"letter by letter|(?:small|capital|latin|english|greek|single|wide|narrow|fewer|more|few|of|three|four|by|figures,?|only|two|one|"
        r"some|first|last|other|ascii|no|these|their|its) letters?"
        r"|letters?(?:,| and| or| from| by| are| case| box\w*| spacing|-spacing|-like|_box\w*| figures)"
        r"|_letters|ascii letters|per letter|and the letter|are letters|class=.letters|[.]letters",
    ),
    Word(
        "ledgers?|in_passing|letter_forms|specimens?",
        "mail queue, async statements, compiled templates, preview",
    ),
    Word("mail_pauses?|pauses(?=[.](?!append))", "throttle"),
    Word(
        "court_turns?|turns(?=[.])|(?:court|worker|file)'s turn|(?:its|their|whose) turn|turn of (?:a|the|one) (?:court|worker)",
        "court lock or delivery session",
    ),
    Word(
        "rings?|rung|ringing|wakes?|waked|woken|wake-up|doorbell",
        "enqueue",
        "focus ring|(?:tele)?phone (?:then )?rings|wake-lock|rings no alarm|alarms ring",
    ),
    Word("rehears(?:e|es|ed|al|als|ing)", "dry run"),
    Word("spoilt|spoils?|spoiled", "malformed"),
    Word("mend|mends|mended|mending", "repair or correct"),
    Word("turned down|turns? down|turning down", "reject"),
    Word("broken off|breaks? off|broke off|breaking off", "abort, cut off or incomplete"),
    Word("heard(?=[(=,:])|signs? of life", "on_progress, heartbeat"),
    Word("(?<!_)nobody(?=[(])|= nobody", "no-op"),
    Word("weighty|asleep|awake|accounts? (?:that )?sleeps?", "important, inactive, active"),
    Word(
        "verdicts?|hindrances?|findings?",
        "change set, check result or obstacle",
        "fact-finding|finding (?:it|them|the|out)",
    ),
    Word(
        "dockets?|typos?|tallies|tally", "case_merging, email_suggestions, counters", "typo@example|for typos"
    ),
    Word("ages(?=[.])|import in_use", "working_days, delete_guard"),
    Word("typed_texts?|own_data|secret_links?", "unsaved_forms, data_export, signed links"),
    Word("questions? (?:of|to|asked of|put to|for) the database|database is asked", "query"),
]


class Found(NamedTuple):
    file: str
    line: int
    word: str
    instead: str
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: “{self.word}” is “{self.instead}” here: {self.text.strip()[:140]}"


def _compiled(word: Word) -> tuple[re.Pattern, re.Pattern, str]:
    pattern = re.compile(f"{START}(?:{word.pattern}){END}", re.IGNORECASE)
    return pattern, re.compile(word.ordinary, re.IGNORECASE), word.instead


COMPILED = [_compiled(word) for word in WORDS]
ANY = re.compile(f"{START}(?:{'|'.join(word.pattern for word in WORDS)}){END}", re.IGNORECASE)


def words_in(text: str) -> Iterator[tuple[str, str]]:
    """Yield each word of the old dialect in a line, with what is said instead."""
    text = IN_CAMEL_CASE.sub("_", text)
    if not ANY.search(text):  # nearly every line: twenty times as fast
        return
    for pattern, ordinary, instead in COMPILED:
        for match in pattern.finditer(text):
            around = [other.span() for other in ordinary.finditer(text.replace("_", " "))]
            if not any(start <= match.start() and match.end() <= end for start, end in around):
                yield match.group(), instead


def sources() -> list[Path]:
    inside = (path for folder in FOLDERS for path in (ROOT / folder).rglob("*"))
    kept = (path for path in inside if path.suffix in ENDINGS and not NOT_OURS & set(path.parts))
    return [*sorted(kept), *(ROOT / name for name in PAPERS)]


def found_in(path: Path) -> list[Found]:
    name = str(path.relative_to(ROOT))
    if path == Path(__file__):
        return []
    lines = [(0, name), *enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)]
    return [
        Found(name, number, word, instead, line) for number, line in lines for word, instead in words_in(line)
    ]


def test_no_text_uses_a_word_of_the_old_dialect():
    found = [each for path in sources() for each in found_in(path)]

    assert not found, "\n".join(map(str, found))


def test_no_label_uses_a_word_of_the_old_dialect():
    entries = [entry for entry in polib.pofile(CATALOG) if not entry.obsolete]

    assert [(entry.msgid, word) for entry in entries for word, _instead in words_in(entry.msgid)] == []


@pytest.mark.parametrize(
    "text",
    ["a deed of the clerk", "class DeedForm", "self.deed(", "COURT_TURN", "record_look(", "the mail ledger"],
)
def test_a_word_of_the_old_dialect_is_noticed(text):
    assert list(words_in(text))


@pytest.mark.parametrize("text", ["courtroom", "indeed", "strings", "returns", "small letters", "timestamp"])
def test_an_ordinary_word_is_let_pass(text):
    assert not list(words_in(text))
