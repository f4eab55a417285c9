"""Export of all case words as CSV, and import of a changed file after a preview of its changes.

Rows are known by category, bench and word. A row that is not in the file stays as it is: a word is closed by a date,
not by being left out.
"""

import csv
import datetime as dt
import io
import tempfile
from functools import cache
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cpor_core import case_word_history, languages
from cpor_core.case_numbers import fold, fold_word
from cpor_core.formulas import defuse
from cpor_core.model_fields import field_of
from cpor_core.models import CaseWord, Category
from cpor_core.models.case_words import WordTier
from cpor_core.punctuation import listed
from cpor_core.reading.archives import UnreadableFile
from cpor_core.reading.encodings import INVISIBLE, MISFITS
from cpor_core.reading.tables import read_table
from cpor_core.reading.texts import tidy
from cpor_core.roc_dates import parse_date
from cpor_core.translated.columns import columns_of
from cpor_core.translated.fields import text_in, texts

KEY = ("category", "court_tier", "word")
TEXTS = ("procedure", "meaning")  # a column for each language
DATES = ("open_from", "open_until")
CODES = {"category": Category, "court_tier": WordTier, "openness": CaseWord.Openness}
MOST_ROWS = 5000


class Change(NamedTuple):
    """One field of a word, before and after."""

    field: str
    before: str
    after: str


class Rejected(NamedTuple):
    line: int
    reason: str


class Plan(NamedTuple):
    """The changes that a file would make: words to add, words to change, and rejected rows."""

    added: list[CaseWord]
    changed: list[tuple[CaseWord, list[Change]]]
    unchanged: int
    rejected: list[Rejected]


def columns() -> list[str]:
    """Return the columns of the file, which depend on the site's languages."""
    return [*KEY, *text_columns(), "openness", *DATES, "source"]


def text_columns() -> dict[str, tuple[str, str]]:
    """Return the columns of texts, each with its field and its language."""
    return {column: (name, code) for name in TEXTS for column, code in columns_of(name).items()}


def export() -> bytes:
    """Return every word, open or not, as CSV that Excel reads and `plan` takes back."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(columns())
    for word in CaseWord.objects.all():
        writer.writerow(map(defuse, _as_texts(word).values()))
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def as_text(file: UploadedFile) -> str:
    """Return a file's content as CSV text for `plan`, read like a court's export. Raises UnreadableFile."""
    out = io.StringIO()
    with tempfile.NamedTemporaryFile(prefix="case-words-") as kept:
        for piece in file.chunks():
            kept.write(piece)
        kept.flush()
        rows = islice(read_table(Path(kept.name), file.name or ""), MOST_ROWS + 2)
        csv.writer(out).writerows(cells for _line, cells in rows)
    return MISFITS.sub("\ufffd", out.getvalue())


def plan(text: str) -> Plan:
    """Return the changes that the rows of `text` would make. Changes nothing."""
    known = {tuple(getattr(word, name) for name in KEY): word for word in CaseWord.objects.all()}
    made = Plan([], [], 0, [])
    seen: set = set()
    unchanged = 0
    for line, row in _rows(text):
        try:
            facts = _facts(row)
            key = tuple(facts[name] for name in KEY)
            if key in seen:
                raise ValidationError(_("This word stands in the file twice."))
            seen.add(key)
            unchanged += not _place(facts, known.get(key), made)
        except ValidationError as error:
            made.rejected.append(Rejected(line, _reason(error)))
    return made._replace(unchanged=unchanged)


@transaction.atomic
def carry_out(made: Plan, *, by) -> None:
    """Apply a plan: add and change its words, with records in the public history and the log."""
    for word in made.added:
        word.save()
        log(instance=word, action="wagtail.create", user=by)
        case_word_history.note(word, by=by)
    for word, _changes in made.changed:
        word.save()
        log(instance=word, action="wagtail.edit", user=by)
        case_word_history.note(word, by=by)


def _rows(text: str) -> list[tuple[int, dict]]:
    reader = csv.DictReader(io.StringIO(text.replace("\x00", ""), newline=None))
    try:
        missing = [name for name in KEY if name not in (reader.fieldnames or [])]
        rows = [(reader.line_num, row) for row in reader]
    except csv.Error as error:
        sentence = _("Line %(line)d: a cell does not end. A quotation mark may be missing.")
        raise UnreadableFile(sentence % {"line": reader.line_num}) from error
    known = columns()
    unknown = [name for name in reader.fieldnames or [] if name and name not in known]
    if unknown:
        facts = {"names": listed(unknown), "known": listed(known)}
        raise UnreadableFile(_("These columns are not known: %(names)s. The columns are: %(known)s") % facts)
    if missing:
        raise UnreadableFile(_("These columns are missing: %(names)s") % {"names": listed(missing)})
    if len(rows) > MOST_ROWS:
        raise UnreadableFile(_("The file has more than %(most)s rows.") % {"most": MOST_ROWS})
    return rows


def _facts(row: dict) -> dict[str, str | dt.date | None]:
    """Return the values of a row by column, without the columns that the file lacks."""
    if any(cell.strip() for cell in row.get(None) or []):
        raise ValidationError(
            _("The row has more cells than there are columns. A quotation mark may be missing.")
        )
    cells = {name: _tidy(row[name], name) for name in columns() if row.get(name) is not None}
    cells = dict.fromkeys(KEY, "") | cells  # a short row lacks its last cells
    cells["word"] = fold_word(cells["word"])
    read = dict.fromkeys(DATES, _date) | dict.fromkeys(CODES, _code)
    facts: dict[str, str | dt.date | None] = {**cells}
    wrong = {}
    for name in cells.keys() & read:
        try:
            facts[name] = read[name](cells[name], name)
        except ValidationError as error:
            wrong[name] = error
    if wrong:
        raise ValidationError(wrong)
    return facts


def _date(cell: str, _name: str) -> dt.date | None:
    try:
        return parse_date(cell) if cell else None
    except ValueError as error:
        raise ValidationError(str(error)) from error


def _code(cell: str, name: str) -> str:
    """Return the code that a cell means: the code itself, or what it is called in one of the site's languages."""
    if (code := _codes(name).get(fold(cell).casefold())) is not None:
        return code
    allowed = listed(f"{label} ({value})" for value, label in CODES[name].choices)
    sentence = _("“%(cell)s” is not one of the allowed values: %(allowed)s.")
    raise ValidationError(sentence % {"cell": cell, "allowed": allowed})


@cache
def _codes(name: str) -> dict[str, str]:
    """Return the code by each of its spellings, folded."""
    known = {value.casefold(): value for value in CODES[name].values}
    for language, _language_name in settings.LANGUAGES:
        with translation.override(language):
            known |= {fold(str(label)).casefold(): value for value, label in CODES[name].choices}
    return known


def _reason(error: ValidationError) -> str:
    """Return the errors of a row in sentences, each with its column."""
    if not hasattr(error, "error_dict"):
        return " ".join(error.messages)
    found: dict[str, list[str]] = {}
    for name, errors in error.error_dict.items():
        for each in errors:
            found.setdefault(_column_of(name, each), []).extend(each.messages)
    sentences = []
    for name in sorted(found, key=[*columns(), NON_FIELD_ERRORS].index):
        said = " ".join(found[name])
        if name != NON_FIELD_ERRORS:
            said = _("Column %(column)s: %(reason)s") % {"column": f"{_label(name)} ({name})", "reason": said}
        sentences.append(said)
    return " ".join(sentences)


def _column_of(name: str, error: ValidationError) -> str:
    """Return the column of an error in a field; a text has one for each language."""
    code = (error.params or {}).get("language") if name in TEXTS else None
    return f"{name}_{languages.suffix(code)}" if code else name


def _label(column: str) -> str:
    name, code = text_columns().get(column, (column, ""))
    label = str(field_of(CaseWord, name).verbose_name)
    return f"{label} ({languages.name(code)})" if code else label


def _place(facts: dict, word: CaseWord | None, made: Plan) -> bool:
    """Add a row to the plan's new or changed words; return False if it changes nothing."""
    before = _as_texts(word) if word else {}
    fresh = word or CaseWord()
    _set(fresh, facts)
    fresh.full_clean()
    if not word:
        made.added.append(fresh)
        return True
    changes = [
        Change(_label(name), _in_words(name, before[name]), _in_words(name, now))
        for name, now in _as_texts(fresh).items()
        if before[name] != now
    ]
    if changes:
        made.changed.append((fresh, changes))
    return bool(changes)


def _set(word: CaseWord, facts: dict) -> None:
    """Set the cells of a row. A language whose column the file lacks keeps its text."""
    by_column = text_columns()
    for column in facts.keys() - by_column.keys():
        setattr(word, column, facts[column])
    for name in TEXTS:
        told = {
            code: facts[column]
            for column, (field, code) in by_column.items()
            if field == name and column in facts
        }
        setattr(word, name, texts(word, name) | told)


def _as_texts(word: CaseWord) -> dict[str, str]:
    """Return a word as the cells of its row, by column."""
    by_column = text_columns()
    return {
        column: text_in(word, *by_column[column]) if column in by_column else _as_text(getattr(word, column))
        for column in columns()
    }


def _as_text(value: object) -> str:
    return value.isoformat() if isinstance(value, dt.date) else str(value or "")


def _in_words(name: str, value: str) -> str:
    """Return the label of a value: “open” for `yes`."""
    return str(CaseWord.Openness(value).label) if name == "openness" and value else value


def _tidy(cell: str, name: str) -> str:
    """Return a cell without the traces of a spreadsheet and the guard of our own export, as a court's export is read."""
    is_running_text = name in {*text_columns(), "openness", "source"}
    return tidy(INVISIBLE.sub("", cell), is_running_text=is_running_text)
