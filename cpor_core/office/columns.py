"""Columns of the lists of the admin, whatever they list."""

from collections.abc import Callable
from typing import Any

from django.db.models import Model
from django.template.defaultfilters import yesno
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.ui.tables import Column, NumberColumn

from cpor_core import languages
from cpor_core.model_fields import field_of
from cpor_core.punctuation import in_a_row, labelled
from cpor_core.translated.fields import texts


class MomentColumn(Column):
    """A day, with its time if it has one, in both calendars. `is_named_on_cards` repeats the heading on a phone's cards."""

    cell_template_name = "cpor_core/office/cells/moment.html"

    def __init__(self, *args, is_named_on_cards: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        self.is_named_on_cards = is_named_on_cards


class CountColumn(NumberColumn):
    """A number; on a phone its card repeats the heading."""

    cell_template_name = "cpor_core/office/cells/count.html"


class OtherLanguagesColumn(Column):
    """A text in the languages that are not the reader's."""

    def __init__(self, name: str, **kwargs):
        self.field_name = name
        # Wagtail shows only the last of two columns with the same name, and the text in the reader's language is one, too.
        super().__init__(f"{name}_in_other_languages", label=_("In other languages"), **kwargs)

    def get_value(self, instance):
        found = texts(instance, self.field_name)
        others = [code for code in languages.codes() if code != languages.reader() and found.get(code)]
        if len(languages.codes()) == 2:
            return "".join(found[code] for code in others)
        return in_a_row(labelled(languages.name(code), found[code]) for code in others)


class ChooseColumn(Column):
    """A box that chooses a row for a bulk action, with one box in the heading for all rows. Its list has the cell's template."""

    header_template_name = "cpor_core/office/cells/choose_header.html"

    def __init__(self, label_of_all: str, **kwargs):
        super().__init__("choose", label=pgettext_lazy("button", "Choose"), **kwargs)
        self.label_of_all = label_of_all


class ActionLinkColumn(Column):
    """A link to an action on the row, for rows of which `is_offered` is true."""

    def __init__(self, *args, template_name: str, is_offered: Callable[[Any], bool], **kwargs):
        super().__init__(*args, **kwargs)
        self.cell_template_name = template_name
        self.is_offered = is_offered

    def get_value(self, row):
        return self.is_offered(row)


class ShortColumn(Column):
    """A few characters that stay on one line."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, classname="office-short", **kwargs)


class YesNoColumn(Column):
    """A boolean as “yes” or “no” in the reader's language: Wagtail's own column says True and False."""

    def get_value(self, instance):
        return yesno(super().get_value(instance))


def yes_no(model: type[Model], name: str) -> YesNoColumn:
    """Return the column of a field that says yes or no, by which the list can be sorted."""
    label = capfirst(field_of(model, name).verbose_name)
    return YesNoColumn(name, label=label, sort_key=name)
