"""The form that uploads a file."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cpor_cases.actions import uploads
from cpor_cases.models import RejectionGroup
from cpor_core.office.forms import ClerkForm, CourtForm


class UploadForm(CourtForm):
    """A court's export of progress entries."""

    file = forms.FileField(
        label=pgettext_lazy("import", "File"),
        help_text=_("CSV, NDJSON or XLSX with the headings of the export; up to 100 MB."),
        widget=forms.FileInput({"accept": ".csv,.ndjson,.jsonl,.xlsx,.txt"}),
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > uploads.MOST_BYTES:
            raise ValidationError(
                _("The file is larger than 100 MB. Split it, or send it through the interface.")
            )
        return file


class AnswerForm(ClerkForm):
    """Why rejected rows do not come in corrected."""

    answer = forms.ChoiceField(
        label=_("Reason"), choices=RejectionGroup.Answer.choices, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label=pgettext_lazy("rejected rows", "Note"),
        max_length=500,
        required=False,
        help_text=_("For colleagues. Of another reason, say which."),
        widget=forms.Textarea({"rows": 3}),
    )

    def clean(self):
        cleaned = super().clean() or {}
        if cleaned.get("answer") == RejectionGroup.Answer.OTHER and not cleaned.get("note"):
            self.add_error("note", _("Say which reason."))
        return cleaned
