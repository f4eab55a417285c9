"""One word per thing, the field's own: words that the project gave up do not come back.

Each entry is a word that is not used in one sense any more, the word to use, and the ordinary uses that stay. Checked
are the names of all files, the texts of code, comments, docstrings, templates, tests, styles, scripts and docs, and the
msgids of the catalog. Chinese texts and the court's own data (CSV) are not checked.
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
    ".ci",
    "benchmarks",
    "drills",
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
TEXT_SUFFIXES = {
    "",
    ".py",
    ".html",
    ".txt",
    ".xml",
    ".js",
    ".ts",
    ".css",
    ".svg",
    ".md",
    ".json",
    ".toml",
    ".yaml",
    ".example",
}
NOT_OURS = {"node_modules", "__pycache__"}
CATALOG = ROOT / "locale" / "zh_Hant" / "LC_MESSAGES" / "django.po"


class Word(NamedTuple):
    """A word not used in one sense: its pattern, the word to use, and patterns of its ordinary uses.

    A blank in a pattern stands for a blank, an underscore or a hyphen.
    """

    pattern: str
    instead: str
    ordinary: str = r"(?!)"


# \b does not part identifiers: there is a turn in `court_turn`, and a letter in `LetterForm`, but none in `returns`.
START, END = r"(?<![A-Za-z])", r"(?![A-Za-z])"
IN_CAMEL_CASE = re.compile(r"(?<=[a-z])(?=[A-Z])")
WORDS = [
    Word("deeds?", "action", "indeed"),
    Word("doors?|backdoors?", "view or entry point"),
    Word("houses?", "project, site or court"),
    Word(
        "rooms?",
        "module",
        r"court ?rooms?|waiting room|(?:open|enough|less|more|has|have|is|no|leaves?|left|with|the) room|room (?:to|for|\d)",
    ),
    Word("desks?|backoffice|back office", "office", "help desks?|front desks?"),
    Word(
        "(?:record|log) looks?|looks? on record|(?:an?|each|every|last|first|whole|no) looks?|looks(?= =)|as people look"
        "|the looks? (?:at|into|of|on|follow)|looks after|(?:second|closer|quick) looks?|may looks?(?! like)|looks? whether|looks? at (?:what|no)"
        "|looks? once|looks? through|looked (?:through|at (?:what|one by one|again|together|before|alone|your))|(?:for|function|def) look(?= in|[(])|(?:nobody has|not|last|first|what was) looked at",
        "view; review, check or preview",
        "(?:and|a) look (?:and feel|alike)|look up",
    ),
    Word(
        "look(?:s|ed|ing)? (?:at|into)|having looked",
        "view, check or read",
        "look at that case alone",  # in the guide, whose PDF has been made of these words
    ),
    Word("strangers?", "anonymous visitor"),
    Word(
        "kept (?:public |and new )?(?:pages?|copies)|pages? that nobody has kept|pages? (?:is|are) kept (?:for|by|in memory)"
        "|(?:has|have) kept the pages?|browser (?:may )?keeps? (?:the |a )?pages?|keeps? (?:that page|a page (?:for|of an account))"
        "|may be kept by anybody|keeps nothing between pages|kept by(?=[(])|const KEPT(?= = {{)|_KEPT = 4096|keeps the two pages|pages kept in memory",
        "cached page",
    ),
    Word("stamps?|stamped", "version", "(?:rubber|postage|receipt|date|time|court's) stamps?"),
    Word("remembered|known_browsers[.]remember", "cached or noted"),
    Word(
        "letters?",
        "mail",
        r"letter by letter|(?:small|capital|latin|english|greek|single|wide|narrow|fewer|more|few|of|three|four|by|figures,?|only|two|one|"
        r"some|first|last|other|ascii|no|these|their|its) letters?"
        r"|letters?(?:,| and| or| from| by| are| case| box\w*| spacing|-spacing|-like| figures)"
        r"|ascii letters|per letter|and the letter|are letters|class=.letters|[.]letters|wide letters",
    ),
    Word("ledgers?|in_passing|letter_forms", "mail queue, async statements, compiled templates"),
    Word("specimens?|gather(?:s|ed|ing)?", "preview, prefetch"),
    Word("mail_pauses?|pauses(?=[.](?!append))", "throttle"),
    Word("silences?", "circuit breaker"),
    Word(
        "(?:court|mail|worker) turns?|turns(?=[.])|turn seconds|(?:court|worker|file)'s turn|turn of (?:a|the|one) (?:court|worker)"
        "|(?:its|their|whose|a|the|no|next|one|last|each) turns?|lambda turn|(?:court|worker)'?s places?|free places?",
        "court lock, delivery session or worker slot",
    ),
    Word(
        "rings?|rung|ringing|wakes?|waking|waked|woken|wake up|doorbell",
        "enqueue or activate",
        "focus ring|(?:tele)?phone (?:then )?rings|wake lock|rings no alarm|alarms ring",
    ),
    Word("rehears(?:e|es|ed|al|als|ing)", "dry run"),
    Word("spoilt|spoils?|spoiled", "malformed"),
    Word("mend|mends|mended|mending", "repair or correct"),
    Word("turned down|turns? down|turning down", "reject"),
    # The interface calls a state so: courts' systems compare it.
    Word(
        "broken off|breaks? off|broke off|breaking off",
        "abort, cut off or incomplete",
        """["`]broken off["`:]""",
    ),
    Word(r"hears?|heard(?=[(=,:]| =|\.\w)|signs? of life", "on_progress, heartbeat", "hear nothing"),
    Word("(?<!_)nobody(?=[(])|= nobody", "no-op"),
    Word(
        "weighty|asleep|awake|(?:accounts?|links?) (?:that )?sleeps?|sleeping accounts?",
        "important, inactive, active",
    ),
    Word(
        "verdicts?|hindrances?|findings?",
        "change set, check result or obstacle",
        "fact finding|finding (?:it|them|the|out)",
    ),
    Word("dockets?|typos?|tallies|tally", "case_merging, email_suggestions, counters", "for typos"),
    Word("ages(?=[.])|import (?:ages|answers|in_use)", "working_days, caller_help, delete_guard"),
    Word("spans?(?= = )|(?<=[*])span", "batch or period"),
    Word("typed_texts?|own_data|secret links?", "unsaved_forms, data_export, signed links"),
    Word("kept ?search(?:es)?", "saved search"),
    Word(
        "questions? (?:of|to|asked of|put to|for) the database|database is asked|question's value|question(?= ?= ?.(?:select|insert|update|delete))"
        r"|asks? (?:of )?(?:the|no|one) (?:database|queryset)|asked (?:of )?(?:the|no) database|asks? (?:a|an|the|no|as) (?:[a-z]+ )?(?:number of |more )?queries"
        r"|(?:as a|in one|many|few|number of|no more|ask no|asks no|worker's one|clock's|\d) questions?|questions of(?=[(])"
        r"|questions? to the DNS|(?:DNS|cache) (?:can|could)(?: not|not) be asked|asks database|asking the database|records are asked"
        r"|query can ask|asks one partition|asked at once|asked (?:a few|many) times a|num_queries[(]\d+[)] as asked"
        r"|Capture Queries Context[(]connection[)] as asked|asked by(?=[(]client)|ask(?=[(](?:query|connection|operation|name, kind|f?.SELECT))"
        r"|def _?ask(?=[(](?:self, operation|query|name: str [|] dns|connection))",
        "how many questions|common questions",
        "query",
    ),
    Word("look ?alikes?", "duplicates"),
    Word("huge numbers?", "integer overflow"),
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
    pattern = re.compile(f"{START}(?:{_of_any_blank(word.pattern)}){END}", re.IGNORECASE)
    return pattern, re.compile(_of_any_blank(word.ordinary), re.IGNORECASE), word.instead


def _of_any_blank(pattern: str) -> str:
    return pattern.replace(" ", "[ _-]")


COMPILED = [_compiled(word) for word in WORDS]
ANY = re.compile(f"{START}(?:{'|'.join(_of_any_blank(word.pattern) for word in WORDS)}){END}", re.IGNORECASE)


def words_in(text: str) -> Iterator[tuple[str, str]]:
    """Yield each word that is not used any more in a line, with the word to use."""
    text = IN_CAMEL_CASE.sub("_", text)
    if not ANY.search(text):  # nearly every line: twenty times as fast
        return
    for pattern, ordinary, instead in COMPILED:
        for match in pattern.finditer(text):
            around = [other.span() for other in ordinary.finditer(text)]
            if not any(start <= match.start() and match.end() <= end for start, end in around):
                yield match.group(), instead


def files() -> list[Path]:
    """Return all files of the project's folders and beside them, whatever they hold."""
    inside = (path for folder in FOLDERS for path in (ROOT / folder).rglob("*"))
    found = (path for path in [*inside, *ROOT.iterdir()] if path.is_file() and not NOT_OURS & set(path.parts))
    return sorted(path for path in found if path != Path(__file__) and path.suffix != ".pyc")


def found_in(path: Path) -> list[Found]:
    name = str(path.relative_to(ROOT))
    lines = path.read_text(encoding="utf-8").splitlines() if path.suffix in TEXT_SUFFIXES else []
    return [
        Found(name, number, word, instead, line)
        for number, line in [(0, name), *enumerate(lines, start=1)]
        for word, instead in words_in(line)
    ]


def test_no_file_uses_a_word_that_was_given_up():
    found = [each for path in files() for each in found_in(path)]

    assert not found, "\n".join(map(str, found))


def test_no_label_uses_a_word_that_was_given_up():
    entries = [entry for entry in polib.pofile(CATALOG) if not entry.obsolete]

    assert [(entry.msgid, word) for entry in entries for word, _instead in words_in(entry.msgid)] == []


@pytest.mark.parametrize(
    "text",
    [
        "a deed of the clerk",
        "class DeedForm",
        "self.deed(",
        "COURT_TURN",
        "MAIL_TURN_SECONDS",
        "record_look(",
        "def test_every_look_is_on_record():",
        "leaves_no_look(",
        "looks = CourtLogEntry.objects",
        "nobody has looked at it",
        "the mail ledger",
        "hold no turn",
        "pauses_of_silence",
        "a_sleeping_account",
        "no_sign_of_life",
        "a run that breaks_off",
        "kept copies",
        "told as a question",
        "a_constant_number_of_questions",
        "filter(**span)",
        "server.hear(recipient)",
        'def ask(connection, question="SELECT 1"):',
        "The periodic tasks. Each asks the database what is due",
        "nothing else may be asked of the database",
        "test_a_page_asks_the_database_little",
        "def test_list_asks_a_constant_number_of_queries(",
        "each page, mail and file asks one queryset",
        "`r`: may look. `w`: may look and send.",
        "if a row needs a closer look",
        "what asks for a second look is set apart",
        "who did what and looked at what",
        "Look at what would happen",
        "rows looked at together",
        "look whether a row has changed",
        "Keeps secret links out of the logs",
        "class KeptSearchManager",
        "`manage.py check_sender` looks at the sender as receivers do",
        "Please look at the case again.",
        "Whoever looks at your calendar can read it.",
        "its name are looked at, too",
        "The settings of DKIM, looked at when the site starts",
        "look into the mailbox",
        "Nobody is pursued for having looked",
        "known_browsers.remember(request, response, user)",
        "Lets no browser keep a page of an account",
        "when it has kept the page",
        "public pages kept in memory",
        "| pages, words, forms | may be kept by anybody |",
        "const KEPT = {{ kept|safe }};",
        "def kept_by(client)",
        "Questions to the DNS",
        "The DNS could not be asked",
        "the cache cannot be asked how often",
        "asks_database = True",
        "is_answered_without_asking_the_database",
        "def _ask(query: str, key: int) -> bool:",
        "with CaptureQueriesContext(connection) as asked:",
        "def asked_by(client, address)",
        "ASKED_AT_ONCE = 5000",
        "It is asked a few times a second",
        "before the records are asked",
        "from cpor_cases.kept_search import KEY",
    ],
)
def test_a_word_that_was_given_up_is_noticed(text):
    assert list(words_in(text))


@pytest.mark.parametrize(
    "text",
    [
        "courtroom",
        "indeed",
        "strings",
        "returns",
        "small letters",
        "timestamp",
        "in turn",
        '<span class="tag">',
        '"broken_off"',
        "look up",
        "look in your spam folder",
        "whether an address looks right",
        "What a reader is asked about an entry",
        "it looks right",
        "is asked for a password",
    ],
)
def test_an_ordinary_word_is_let_pass(text):
    assert not list(words_in(text))
