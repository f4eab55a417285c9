"""The forms that rename a member of staff, and invite one."""

from typing import cast

from django import forms
from django.contrib.auth.models import Group
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from cpor_cases.permissions import can_invite, is_role_at_a_court, reaches_all_courts, roles_given_by
from cpor_core.actors import role_name
from cpor_core.formfields import EmailAddressField
from cpor_core.models import Court
from cpor_core.office.forms import ClerkForm, CourtForm

NAME_INPUT = forms.TextInput({"autocomplete": "off"})


class NameForm(ClerkForm):
    """The name by which the court knows a member of staff."""

    last_name = forms.CharField(label=gettext_lazy("Family name"), max_length=150, widget=NAME_INPUT)
    first_name = forms.CharField(
        label=gettext_lazy("Given name"), max_length=150, required=False, widget=NAME_INPUT
    )


class RoleField(forms.ModelChoiceField):
    """One of the roles that the person may give, in the reader's language."""

    def label_from_instance(self, role: Group) -> str:
        return role_name(role)


class InvitationForm(CourtForm):
    """Whom to invite to the office: name, address, role and court, all in one form."""

    email = EmailAddressField(
        label=pgettext_lazy("person", "Email address"),
        help_text=gettext_lazy("The link goes there. Their own address at work; nobody else should read it."),
    )
    last_name = forms.CharField(label=gettext_lazy("Family name"), max_length=150, widget=NAME_INPUT)
    first_name = forms.CharField(
        label=gettext_lazy("Given name"), max_length=150, required=False, widget=NAME_INPUT
    )
    role = RoleField(Group.objects.none(), label=pgettext_lazy("staff", "Role"))
    field_order = ["last_name", "first_name", "email", "role", "court"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        role = cast(forms.ModelChoiceField, self.fields["role"])
        role.queryset = roles = roles_given_by(self.clerk)
        first_two = list(roles[:2])
        if len(first_two) == 1:
            role.initial = first_two[0]
            role.empty_label = None
        if not all(map(is_role_at_a_court, roles)):
            self.fields["court"].required = False
            self.fields["court"].help_text = _("For clerks and court managers.")

    def get_courts(self):
        return Court.objects.all() if reaches_all_courts(self.clerk) else super().get_courts()

    def clean(self) -> None:
        super().clean()
        role, court = self.cleaned_data.get("role"), self.cleaned_data.get("court")
        if role is None or "court" in self.errors:
            return
        if is_role_at_a_court(role) and court is None:
            self.add_error("court", _("Choose the court at which this person will serve."))
        elif court and not is_role_at_a_court(role):
            self.add_error("court", _("This role is not one at a court. Leave the court empty."))
        elif not can_invite(self.clerk, role, court):
            self.add_error("role", _("You cannot invite anybody in this role at this court."))
