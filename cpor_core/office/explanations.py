"""The explanation of each kind of progress entry: its part of the form, and which kinds still lack it."""

import django_filters
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.admin.ui.tables import Column

from cpor_core import languages
from cpor_core.model_fields import field_of
from cpor_core.models import ProgressKind
from cpor_core.punctuation import in_a_row

LACKING = "lacking"

EXPLANATION_PANEL = MultiFieldPanel(
    [
        FieldPanel(
            "meaning", help_text=_("One thought a sentence. Explain each word that only lawyers know.")
        ),
        FieldPanel(
            "to_do",
            help_text=_(
                "Begin with “Please …”, or with “You do not need to do anything.” If it depends on who reads, say who. Give no advice on what to decide."
            ),
        ),
        FieldPanel(
            "next_step",
            help_text=_("Say “usually”. After a time limit, say that the paper says how it is counted."),
        ),
        FieldPanel(
            "whom_to_ask",
            help_text=_(
                "If empty, readers are sent to the clerk of the division. The court's telephone is added to it by itself."
            ),
        ),
    ],
    heading=_("What the people in the case read"),
    help_text=_(
        "Below each such entry: on the page, on the printed sheet, in calendars, and in the emails of those who want the entry in the email. Best in at most 120 Chinese characters each."
    ),
)


class ExplanationColumn(Column):
    """Whether the explanation of a kind is complete, or which of its parts are missing in which language."""

    def get_value(self, instance):
        missing = super().get_value(instance)
        if not missing:
            return pgettext("explanation", "complete")
        sentence = pgettext("part of an explanation in a language", "%(part)s (%(language)s)")
        parts = (
            sentence % {"part": field_of(ProgressKind, name).verbose_name, "language": languages.name(code)}
            for name, code in missing
        )
        return gettext("missing: %(parts)s") % {"parts": in_a_row(parts)}


class ProgressKindFilterSet(WagtailFilterSet):
    """What the list of kinds can be narrowed to."""

    explanation = django_filters.ChoiceFilter(
        label=_("Explanation"), choices=[(LACKING, _("not complete"))], method="filter_explanation"
    )

    class Meta:
        model = ProgressKind
        fields = ["hearing_effect", "ends_query", "resumes_query"]

    def filter_explanation(self, queryset, _name, _value):
        return queryset.not_fully_explained()
