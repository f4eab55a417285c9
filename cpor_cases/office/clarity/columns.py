"""How many readers understand each kind of entry, in the list of kinds."""

from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.tables import Column

from cpor_cases.models import ClarityCounter
from cpor_core import languages
from cpor_core.models import ProgressKind
from cpor_core.punctuation import in_a_row, labelled

from .reports import QUARTERS_AT_FIRST, by_kind_and_language, latest_quarters


class ClarityColumn(Column):
    """For each language the share of “yes” to the question with the lower share. One query for the whole list."""

    @cached_property
    def shares(self) -> dict[int, list[str]]:
        counters = ClarityCounter.objects.filter(quarter__in=latest_quarters(QUARTERS_AT_FIRST))
        found: dict[int, list[str]] = {}
        for row in by_kind_and_language(counters):
            found.setdefault(row["kind"], []).append(
                labelled(languages.name(row["language"]), share_in_words(row))
            )
        return found

    def get_value(self, instance: ProgressKind) -> str:
        return in_a_row(self.shares.get(instance.pk, [])) or "–"


def share_in_words(row: dict) -> str:
    """Return the share of readers who said yes to the question that fewer said yes to."""
    return f"{row['worst']:.0%}" if row["worst"] <= 1 else _("too few answers")


def clarity_column() -> ClarityColumn:
    """Return a new column for one list: it caches the votes."""
    return ClarityColumn("clarity", label=gettext_lazy("Understood"))
