"""The form that assigns a clerk to a court."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cpor_cases.actions import clerk_posts
from cpor_cases.permissions import oversees_courts
from cpor_core.models import Court
from cpor_core.office.forms import CourtForm


class PostForm(CourtForm):
    """A member of staff and the court to which they are assigned."""

    person = forms.CharField(
        label=_("Account name or email address"),
        max_length=254,
        help_text=_("Of a member of staff who already has an account for the office."),
        widget=forms.TextInput({"autocomplete": "off"}),
    )

    def get_courts(self):
        return Court.objects.all() if oversees_courts(self.clerk) else super().get_courts()

    def clean_person(self):
        found = clerk_posts.find_member_of_staff(self.cleaned_data["person"])
        if found is None:
            raise ValidationError(
                _("No member of staff with this account name or address works in the office.")
            )
        try:
            clerk_posts.check_assignable(found, by=self.clerk)
        except clerk_posts.NotAssignable as refusal:
            raise ValidationError(str(refusal)) from refusal
        return found
