"""Rules of all templates and styles for screen readers, voice control and keyboards."""

import re

import polib
import pytest
from django.conf import settings
from django.utils import translation

from cpor_core import punctuation
from cpor_core.templatetags import court_dates

TEMPLATES = sorted((settings.BASE_DIR / "templates").rglob("*.*"))
STYLES = sorted((settings.BASE_DIR / "site" / "static" / "cpor" / "css").rglob("*.css"))
# They stand alone, and say everything in both languages.
BILINGUAL = {"400.html", "500.html", "page.html"}

NAMED = re.compile(
    r'aria-label="{% blocktranslate[^%]*%}\s*(?P<name>[^"]*?)\s*{% endblocktranslate %}"[^>]*>\s*'
    r'{% translate "(?P<shown>[^"]+)"(?: context "(?P<context>[^"]+)")? %}\s*<'
)
LABELLED = [
    pytest.param(name, shown, context, id=shown)
    for path in TEMPLATES
    for name, shown, context in NAMED.findall(path.read_text(encoding="utf-8"))
]
HALF_WIDTH = re.compile(r"[\u3400-\u9fff）」]:(?!//)")
AFTER_A_VALUE = re.compile(r"(?:}}|%}|</a>): ?[{<]")
PLAIN_TEXT = re.compile(r"{% blocktrans.*?{% endblocktrans(?:late)? %}", re.DOTALL)


def without_sentences(path) -> str:
    return PLAIN_TEXT.sub("{% sentence %}", path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("language", ["zh-hant", "en"])
@pytest.mark.parametrize(("name", "shown", "context"), LABELLED)
def test_who_says_what_is_shown_presses_it(name, shown, context, language):
    """WCAG 2.5.3: the words of a label stand in its accessible name."""
    with translation.override(language):
        spoken = translation.gettext(re.sub(r"{{ (\w+) }}", r"%(\1)s", name))
        words = translation.pgettext(context, shown) if context else translation.gettext(shown)

    assert words.casefold() in spoken.casefold()


def test_labels_with_another_name_are_found():
    assert len(LABELLED) >= 4


def test_no_outline_is_taken_away():
    """Whoever jumps to the content by the keyboard sees where it begins."""
    taken = re.compile(r"outline:\s*(none|0)\b")

    assert not [path.name for path in STYLES if taken.search(path.read_text(encoding="utf-8"))]


def test_no_words_are_marked_as_in_the_language_of_their_page():
    pages = [path for path in TEMPLATES if path.suffix == ".html" and path.name not in BILINGUAL]

    marked = [path for path in pages if re.search(r'\slang="zh', path.read_text(encoding="utf-8"))]

    assert marked == []


def test_no_colon_is_as_wide_as_in_one_language_alone():
    texts = [path for path in TEMPLATES if path.suffix in (".html", ".txt")]

    assert [path for path in texts if AFTER_A_VALUE.search(without_sentences(path))] == []


def test_no_colon_after_chinese_is_half_as_wide():
    for path in sorted((settings.BASE_DIR / "locale").rglob("*.po")):
        texts = [
            text for entry in polib.pofile(path) for text in (entry.msgstr, *entry.msgstr_plural.values())
        ]
        assert not [text for text in texts if HALF_WIDTH.search(text)]


@pytest.mark.parametrize(
    ("language", "mark", "colon"), [("zh-hant", "", "："), ("en", ' lang="zh-Hant"', ": ")]
)
def test_what_is_chinese_alone_is_marked_on_a_page_in_english(language, mark, colon):
    with translation.override(language):
        assert court_dates.chinese() == mark
        assert punctuation.colon() == colon


# What closes an element or begins a line may follow; a blank would stand after a full-width colon.
COLON_AND_BLANK = re.compile(
    r"""(?::"(?:\scontext\s"[^"]*")?\s%}|{%\scolon\s%}|:\s*{%\sendblocktranslate\s%})\s++(?!</|<br|{%\send|{%\s(?:translate|url)\s[^%]*\sas\s)""",
    re.VERBOSE,
)


def test_no_blank_follows_a_colon_on_a_page():
    pages = [path for path in TEMPLATES if path.suffix == ".html"]

    assert [path for path in pages if COLON_AND_BLANK.search(path.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize(
    "template", ['{% translate "Key:" %} <code>', "{% colon %}\n  {{ day }}", '{% translate "Go:" %}\n<a>']
)
def test_a_blank_after_a_colon_is_noticed(template):
    assert COLON_AND_BLANK.search(template)


# Where a day cannot be an element of its own: the title, a description, what only a screen reader says.
IN_PLAIN_TEXT = re.compile(r"<title>|{% block (?:title|description) %}|visually-hidden|current=|content=")


def test_a_day_on_a_page_is_an_element_that_does_not_break():
    found = [
        f"{path.name}: {line.strip()}"
        for path in TEMPLATES
        if path.suffix == ".html" and "office" not in path.parts and path.name != "guide_pdf.html"
        for line in path.read_text(encoding="utf-8").splitlines()
        if "|both_calendars" in line and not IN_PLAIN_TEXT.search(line)
    ]

    # The title of a page, over two lines.
    assert [each for each in found if not each.startswith("case_words_as_of.html")] == []
