"""Forms of pages and snippets with scheduled publishing."""

import datetime as dt

from django import forms
from django.utils import timezone
from wagtail.admin.forms import WagtailAdminModelForm, WagtailAdminPageForm


class PastScheduleMixin(forms.BaseForm):
    """Drop an expiry that has passed and that the editor did not change.

    It has done its work. Wagtail demands one in the future, and refuses any other change of what has expired.
    """

    def clean(self):
        super().clean()
        cleaned = self.cleaned_data
        expire_at = cleaned.get("expire_at")
        if expire_at and expire_at < timezone.now() and expire_at == _as_shown(self.initial.get("expire_at")):
            cleaned["expire_at"] = None
        return cleaned


class ScheduledModelForm(PastScheduleMixin, WagtailAdminModelForm):
    pass


class ScheduledPageForm(PastScheduleMixin, WagtailAdminPageForm):
    pass


def _as_shown(moment: dt.datetime | None) -> dt.datetime | None:
    """Return a moment as the form shows it: to the minute."""
    return moment and moment.replace(second=0, microsecond=0)
