"""Forms about accounts, in the place of allauth's: log-in, password reset, change of address, activation."""

from copy import copy
from typing import cast

from allauth.account.adapter import get_adapter
from allauth.account.fields import PasswordField, SetPasswordField
from allauth.account.forms import AddEmailForm
from allauth.account.forms import LoginForm as AllauthLoginForm
from allauth.account.models import EmailAddress
from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cpor_cases.accounts.passwords import help_with_a_first_password
from cpor_cases.actions import address_changes, password_resets
from cpor_core.email_addresses import MAX_LENGTH
from cpor_core.formfields import EmailAddressField


class LoginForm(AllauthLoginForm):
    """allauth's, with a label that says what to type."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("Account name or email address")
        self.fields["login"].validators.append(MaxLengthValidator(MAX_LENGTH))
        self.fields["password"].help_text = ""  # the template has a button for who has forgotten it


class ResetPasswordForm(forms.Form):
    """Asks for an account name or e-mail address. What it does and answers does not depend on whether there is such an account."""

    email = forms.CharField(
        label=_("Account name or email address"),
        validators=[MaxLengthValidator(MAX_LENGTH)],
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )

    def save(self, request, **kwargs) -> str:
        password_resets.ask(typed=self.cleaned_data["email"])
        return self.cleaned_data["email"]


class ChangeAddressForm(AddEmailForm):
    """Asks for a new address. Whether it is another account's already makes no difference here.

    The worker writes the mail: a link that proves the address, or, if it is another account's, a notice to its owner.
    """

    email = EmailAddressField(label=_("New email address"))

    def clean_email(self) -> str:
        if self.user.own_addresses.filter(address=self.cleaned_data["email"]).exists():
            raise forms.ValidationError(_("This is the address of your account already."))
        return self.cleaned_data["email"]

    def save(self, request) -> EmailAddress:
        return address_changes.ask(request, account=self.user, address=self.cleaned_data["email"])


class FirstPasswordForm(forms.Form):
    """The password that somebody chooses for an account of their own."""

    password1 = SetPasswordField(label=pgettext_lazy("account", "Password"))
    password2 = PasswordField(label=_("Password, once more"), autocomplete="new-password")

    def __init__(self, *args, account, **kwargs):
        super().__init__(*args, **kwargs)
        password = cast(SetPasswordField, self.fields["password1"])
        self.account = password.user = copy(account)
        password.help_text = help_with_a_first_password()

    def clean(self) -> None:
        super().clean()
        fields = self.cleaned_data
        first, second = fields.get("password1"), fields.get("password2")
        if first and second and first != second:
            self.add_error(
                "password2", _("The two passwords are not the same. Please type the same one twice.")
            )


class ActivationForm(FirstPasswordForm):
    """The applicant's name, as proof that the mail reached the right person, and how they will log in."""

    name = forms.CharField(
        label=_("Your name, as written on the form"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        help_text=_("We ask for it because an email can reach the wrong person."),
    )
    username = forms.CharField(
        label=_("Account name"),
        max_length=150,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        ),
        help_text=_("At least four letters, figures or the signs . + - _"),
    )
    field_order = ["name", "username", "password1", "password2"]

    def clean_username(self) -> str:
        """The password, cleaned after it, may not be like it; and a name that is an address could be another person's."""
        username = get_adapter().clean_username(self.cleaned_data["username"])
        if "@" in username:
            raise forms.ValidationError(
                _("An account name cannot contain @. You can still log in with your email address.")
            )
        self.account.username = username
        return username
