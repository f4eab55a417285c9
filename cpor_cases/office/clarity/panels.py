"""The kinds of entries that fewest readers understand, on the first page of those who write the explanations."""

from django.urls import reverse
from django.utils.translation import gettext_lazy

from cpor_cases.models import ClarityCounter
from cpor_core import languages
from cpor_core.office.list_panels import ListPanel, Row

from .columns import share_in_words
from .reports import QUARTERS_AT_FIRST, by_kind_and_language, latest_quarters

UNDERSTOOD = 0.9  # by so many readers a text is left as it is


class LeastUnderstoodPanel(ListPanel):
    name = "least_understood"
    order = 57
    heading = gettext_lazy("Kinds that readers understand least")
    nothing = gettext_lazy("Of no kind have enough readers said that they do not understand it.")

    def get_rows(self, user):
        counters = ClarityCounter.objects.filter(quarter__in=latest_quarters(QUARTERS_AT_FIRST))
        edit = "wagtailsnippets_cpor_core_progresskind:edit"
        return [
            Row(
                row["kind_name"],
                reverse(edit, args=[row["kind"]]),
                f"{share_in_words(row)} · {languages.name(row['language'])}",
            )
            for row in by_kind_and_language(counters).filter(worst__lt=UNDERSTOOD)
        ]

    def get_list_url(self):
        return reverse("clarity_report")


def lay_out(request, panels: list) -> None:
    """Add the panel for those who may change the explanations."""
    if request.user.has_perm("cpor_core.change_progresskind"):
        panels.append(LeastUnderstoodPanel())
