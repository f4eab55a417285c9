"""The form for what a court tells the people in its cases."""

import re
import unicodedata

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cpor_core.office.forms import ClerkForm
from cpor_core.translated.forms import TranslatedFormField, TranslatedInput


class CourtSettingsForm(ClerkForm):
    """How a court is reached, as litigants read it, and what it tells them beside the entries."""

    PHONE = re.compile(r"\+?[\d()][\d() -]{5,24}(?:\s*(?:#|轉|分機|ext\.?)\s*\d{1,6})?", re.IGNORECASE)

    phone = forms.CharField(
        label=_("Telephone"),
        max_length=40,
        required=False,
        help_text=_("As it is dialled, with an extension if there is one: 02-2314-6871 #123"),
        widget=forms.TextInput({"autocomplete": "off", "inputmode": "tel"}),
    )
    address = TranslatedFormField(
        label=_("Address of the court"),
        max_length=200,
        required=False,
        is_whole=True,
        help_text=_("In reminders of hearings. For instance: 臺北市中正區博愛路 131 號"),
        widget=TranslatedInput({"autocomplete": "off"}),
    )
    map_url = forms.URLField(
        label=_("Page or map that shows the way"),
        required=False,
        assume_scheme="https",
        help_text=_("In reminders of hearings: the court's own page, or a map."),
        widget=forms.URLInput({"autocomplete": "off"}),
    )
    hours = TranslatedFormField(
        label=_("Opening hours"),
        max_length=200,
        required=False,
        is_whole=True,
        help_text=_(
            "For instance: 週一至週五 8:30–12:00、13:30–17:30 or Monday to Friday 8:30–12:00, 13:30–17:30"
        ),
        widget=TranslatedInput({"autocomplete": "off"}),
    )
    tells_waiting_times = forms.BooleanField(
        label=_("Say on the page of a case how long the next entry usually takes"),
        required=False,
        help_text=_(
            "Within how many days or weeks half of all cases had their next entry, and 8 of 10: where at least 30 cases "
            "like it are on record, computed each night. Never a date for the case itself."
        ),
    )
    tells_when_quiet = forms.BooleanField(
        label=_("Email people when nothing has been recorded in their case for long"),
        required=False,
        help_text=_(
            "The email says that this is usual at this stage and that they still follow the case. After how many weeks it is "
            "sent, editors keep by category and stage. Each person can stop it."
        ),
    )

    def clean_phone(self):
        phone = unicodedata.normalize("NFKC", self.cleaned_data["phone"]).strip()
        if phone and not self.PHONE.fullmatch(phone):
            raise ValidationError(
                _("This is not a telephone number. Write figures and hyphens, and # before an extension.")
            )
        return phone
