"""Why a row, or a value in it, is rejected: a code for programs and a sentence in the reader's language.

The codes are a part of the interface for court systems. A sentence is made when it is read, not when the row is rejected:
a court's programmer, a clerk and a log may read it in different languages.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext_lazy

from .punctuation import labelled, listed

# About dates. Forms show these at the field as well, so they do not name the column.
SENTENCES_ABOUT_DATES = {
    "not_a_date": gettext_lazy("“%(text)s” is not a date. Write 2026-09-24 or 115/09/24."),
    "no_such_day": gettext_lazy("“%(text)s” is not a day of the calendar."),
    "year_out_of_range": gettext_lazy("“%(text)s” cannot be right. Write 2026-09-24 or 115/09/24."),
    "not_a_time": gettext_lazy("“%(text)s” is not a time of day. Write 09:30."),
    "case_year_not_come": gettext_lazy("The year %(year)d of the case is in the future."),
    "date_implausible": gettext_lazy(
        "%(day)s cannot be right: in a case of the year %(year)d this date must lie between %(first)s and %(last)s."
    ),
}
SENTENCES = {
    "missing": gettext_lazy("Nothing is given for: %(missing)s."),
    "too_long": gettext_lazy(
        "%(heading)s: too long. There are %(length)d characters; at most %(longest)d are allowed."
    ),
    "unknown_court": gettext_lazy("%(heading)s: no court has the code or name “%(text)s”."),
    "other_court": gettext_lazy("%(heading)s: “%(text)s” is another court than the sender's."),
    "unknown_category": gettext_lazy(
        "%(heading)s: “%(text)s” is not civil, family, criminal or administrative."
    ),
    "unknown_word": gettext_lazy("%(heading)s: “%(text)s” is not a word of this court in this category."),
    "unknown_kind": gettext_lazy("%(heading)s: “%(text)s” is not a kind of progress entry."),
    "not_a_number": gettext_lazy("%(heading)s: “%(text)s” is not a whole number from %(least)d to %(most)d."),
    "number_shortened": gettext_lazy(
        "%(heading)s: the number was shortened by a spreadsheet (%(text)s). Format the column as text and export again."
    ),
    "not_yes_or_no": gettext_lazy("%(heading)s: “%(text)s” is neither yes nor no."),
    **SENTENCES_ABOUT_DATES,
    "broken_characters": gettext_lazy(
        "%(heading)s: contains bytes that are not valid in the encoding of the file."
    ),
    "user_defined_character": gettext_lazy(
        "%(heading)s: contains a user-defined character, which differs from court to court."
    ),
    "spreadsheet_error": gettext_lazy("%(heading)s: the spreadsheet shows the error %(text)s."),
    "not_text": gettext_lazy("%(heading)s: must be text or a number."),
    "twice_in_row": gettext_lazy("%(heading)s: appears twice in this row."),
    "cell_too_many": gettext_lazy("Cell %(cell)d lies beyond the last heading. Is a quotation mark missing?"),
    "too_many_fields": gettext_lazy("A row has at most %(most)d fields."),
    "not_json": gettext_lazy("This line is not JSON."),
    "not_an_object": gettext_lazy("A row must be a JSON object."),
    "entry_of_another_case": gettext_lazy("This entry number already stands in another case of this court."),
    "later_line_counts": gettext_lazy("Line %(last)d has the same entry number and counts instead."),
}
# The same of all rows with one code: for counts of them.
SENTENCES_IN_SHORT = {
    "missing": gettext_lazy("a value is missing"),
    "too_long": gettext_lazy("a value is too long"),
    "unknown_court": gettext_lazy("unknown court"),
    "other_court": gettext_lazy("row of another court"),
    "unknown_category": gettext_lazy("unknown category"),
    "unknown_word": gettext_lazy("unknown case word"),
    "unknown_kind": gettext_lazy("unknown kind of progress entry"),
    "not_a_number": gettext_lazy("not a whole number"),
    "number_shortened": gettext_lazy("number shortened by a spreadsheet"),
    "not_yes_or_no": gettext_lazy("neither yes nor no"),
    "not_a_date": gettext_lazy("not a date"),
    "no_such_day": gettext_lazy("not a day of the calendar"),
    "year_out_of_range": gettext_lazy("year that cannot be right"),
    "not_a_time": gettext_lazy("not a time of day"),
    "case_year_not_come": gettext_lazy("year of the case in the future"),
    "date_implausible": gettext_lazy("date that cannot be right for the case"),
    "broken_characters": gettext_lazy("broken characters"),
    "user_defined_character": gettext_lazy("user-defined character"),
    "spreadsheet_error": gettext_lazy("error of a spreadsheet"),
    "not_text": gettext_lazy("neither text nor a number"),
    "twice_in_row": gettext_lazy("a column twice in a row"),
    "cell_too_many": gettext_lazy("more cells than headings"),
    "too_many_fields": gettext_lazy("too many fields in a row"),
    "not_json": gettext_lazy("not JSON"),
    "not_an_object": gettext_lazy("not a JSON object"),
    "entry_of_another_case": gettext_lazy("entry of another case"),
    "later_line_counts": gettext_lazy("a later line counts instead"),
}
# What is said of a row that is taken all the same.
WARNINGS = {
    "hearing_unclear": gettext_lazy(
        "It is not clear from the entry which hearing is moved or called off: several stand, or the one that stands has "
        "another date (%(dates)s). None was changed; send the row again with the date that the hearing has now."
    ),
}


@dataclass(frozen=True)
class Reason:
    """Why a row is rejected, as it is stored."""

    code: str
    column: str = ""
    """The key of the column; empty if it is the row as a whole."""
    parameters: dict = field(default_factory=dict)
    """What the sentence says besides: text and numbers. The keys of columns that lack a value stand in a list."""

    def named(self, names: Mapping[str, str]) -> "Reason":
        """Return the reason with the sender's names of the columns; `names` maps every key to one."""
        parameters = dict(self.parameters)
        if self.column:
            parameters["heading"] = names[self.column]
        if "missing" in parameters:
            parameters["missing"] = [names[key] for key in parameters["missing"]]
        return replace(self, parameters=parameters)

    def sentence(self) -> str:
        """Return why, in the language now active. Raises KeyError for a code that this version does not know."""
        parameters = dict(self.parameters)
        for name in ("missing", "dates"):
            if name in parameters:
                parameters[name] = listed(parameters[name])
        said = str((SENTENCES | WARNINGS)[self.code]) % parameters
        if self.code in SENTENCES_ABOUT_DATES and "heading" in parameters:
            return labelled(parameters["heading"], said)
        return said


class Unfit(ValueError):
    """A value is rejected. `str()` gives the sentence for whoever typed it."""

    def __init__(self, code: str, **parameters):
        super().__init__(code)
        self.code, self.parameters = code, parameters

    def __str__(self) -> str:
        return Reason(self.code, parameters=self.parameters).sentence()
