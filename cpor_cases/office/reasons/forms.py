"""The form for a reason for refusal."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cpor_cases.models import RefusalReason


class ReasonForm(forms.ModelForm):
    """One reason for refusal. The wording is fixed once an application was refused for it: the record shows it."""

    class Meta:
        model = RefusalReason
        fields = ["name", "is_retired"]

    def __init__(self, *args, for_user=None, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk and self.instance.applications.exists():
            self.fields["name"].disabled = True
            self.fields["name"].help_text = _(
                "Applications were refused for this reason: to reword it, retire it and add another one."
            )
