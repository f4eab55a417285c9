"""The guide for the programmers of courts' systems: one text in Markdown a language, of which the page and the file are made.

The text is a template. What is decided in code (refusals, reasons, limits) is filled in here, so that it cannot say anything
else than what the interface does.
"""

import json
import re

from django.template.loader import select_template
from django.utils import translation
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from markdown_it import MarkdownIt

from cpor_cases.intake.columns import COLUMNS, Column
from cpor_cases.manifests.reading import HEADINGS as MANIFEST_HEADINGS
from cpor_cases.manifests.reading import MOST_ENTRIES, MOST_GROUPS
from cpor_core import conf
from cpor_core.punctuation import in_a_row, listed
from cpor_core.reasons import SENTENCES, WARNINGS

from .problems import TYPES
from .schemas import DRY_RUN_ROWS, EXAMPLE, MOST_ROWS_A_PAGE

ORIGINAL = "en"  # which stands in where a language has no text of its own
_PLACE = re.compile(r"%\(\w+\)[sd]")


def text(language: str) -> str:
    """Return the guide in Markdown."""
    names = (f"cpor_cases/api/guide.{code}.md" for code in (language, ORIGINAL))
    with translation.override(language):
        context = {
            "problems": [
                {"name": name, "status": kind.status, "title": kind.title, "remedy": kind.remedy}
                for name, kind in TYPES.items()
            ],
            "reasons": [(code, _outline(str(sentence))) for code, sentence in SENTENCES.items()],
            "warnings": [(code, _outline(str(sentence))) for code, sentence in WARNINGS.items()],
            "columns": [{"column": column, "holds": _holds(column)} for column in COLUMNS],
            "example": json.dumps([EXAMPLE], ensure_ascii=False, indent=2),
            "manifest_headings": listed(f"{heading} ({key})" for key, heading in MANIFEST_HEADINGS.items()),
            "most_groups": f"{MOST_GROUPS:,}",
            "most_entries": f"{MOST_ENTRIES:,}",
            "most_mb": conf.API_MOST_BYTES >> 20,
            "token_days": conf.API_TOKEN_DAYS,
            "calls_a_minute": conf.API_CALLS_A_MINUTE,
            "dry_run_rows": f"{DRY_RUN_ROWS:,}",
            "most_rejected_shown": f"{MOST_ROWS_A_PAGE:,}",
        }
        return select_template(list(names)).render(context).strip() + "\n"


def _holds(column: Column) -> str:
    """Return the description of a column's values, with the maximum length of running text."""
    length = _("up to %(most)d characters") % {"most": column.max_length} if column.is_running_text else ""
    return in_a_row(filter(None, [length, str(column.holds)]))


def _outline(sentence: str) -> str:
    """Return a sentence without what differs from row to row."""
    return re.sub(r"^…[:：]\s*", "", _PLACE.sub("…", sentence))


def page(language: str) -> str:
    """Return the guide as HTML, in the language now active."""
    return _markdown().render(text(language))


def _markdown() -> MarkdownIt:
    # The text is ours alone: its anchors are written in HTML.
    markdown = MarkdownIt("commonmark", {"html": True}).enable("table")
    markdown.add_render_rule("fence", _code)
    markdown.add_render_rule("code_block", _code)
    markdown.add_render_rule("th_open", lambda self, tokens, index, options, env: '<th scope="col">')
    markdown.add_render_rule("table_open", _table)
    markdown.add_render_rule("table_close", lambda *_: "</table>\n</div>\n")
    return markdown


def _table(self, tokens, index, options, env) -> str:
    label = escape(pgettext("court system", "Table"))
    return f'<div class="table-scroll" tabindex="0" role="group" aria-label="{label}">\n<table>\n'


def _code(self, tokens, index, options, env) -> str:
    """Code that is wider than the page can be moved to and scrolled by keyboard."""
    return f'<pre tabindex="0"><code>{escape(tokens[index].content)}</code></pre>\n'
