"""The form about a telephone call."""

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cpor_cases.models import HearingNotice
from cpor_core.formfields import BothCalendarsMomentField
from cpor_core.office.forms import ClerkForm


class ToldForm(ClerkForm):
    """When a person was told."""

    told_at = BothCalendarsMomentField(label=_("Told, when"))

    def __init__(self, *args, notice: HearingNotice, **kwargs):
        super().__init__(*args, **kwargs)
        self.notice = notice

    def clean_told_at(self):
        at = self.cleaned_data["told_at"]
        if at > timezone.now():
            raise ValidationError(_("This time is in the future."))
        # By days: the time of day may be left out.
        if timezone.localdate(at) < timezone.localdate(self.notice.made_at):
            raise ValidationError(_("The hearing was changed after this day."))
        return at
