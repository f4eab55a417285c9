"""The form that hands in a manifest."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cpor_core.office.forms import CourtForm

MOST_BYTES = 100 * 1024 * 1024


class ManifestForm(CourtForm):
    """What a court's system says it holds."""

    file = forms.FileField(
        label=pgettext_lazy("manifest", "Manifest"),
        help_text=_("CSV, NDJSON, JSON or XLSX with the headings of a manifest; up to 100 MB."),
        widget=forms.FileInput({"accept": ".csv,.ndjson,.jsonl,.json,.xlsx,.txt"}),
    )
    is_complete = forms.BooleanField(
        label=_("It names every case of the court, or every day from its first to its last"),
        required=False,
        help_text=_("Only then is what it does not name taken for missing at the court."),
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise ValidationError(
                _("The file is larger than 100 MB. Split it, or send it through the interface.")
            )
        return file
