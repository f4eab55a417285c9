"""Forms about second factors, in the place of allauth's: with labels that say what to do."""

from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm, LoginWebAuthnForm
from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from fido2.webauthn import AuthenticationResponse


def _code(label) -> forms.CharField:
    """Return a field for a code: those of apps and recovery codes consist of digits."""
    widget = forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"})
    return forms.CharField(label=label, widget=widget)


class LogInCodeForm(AuthenticateForm):
    """The second step of a log-in. A person without an app is only asked for a recovery code."""

    code = _code(_("Code of the app, or a recovery code"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        types = set(Authenticator.objects.filter(user=self.user).values_list("type", flat=True))
        self.has_app = Authenticator.Type.TOTP in types
        self.has_passkey = Authenticator.Type.WEBAUTHN in types
        if not self.has_app:
            self.fields["code"].label = _("Recovery code")


class ConfirmCodeForm(ReauthenticateForm):
    code = _code(_("Code of the app, or a recovery code"))


class AddAppForm(ActivateTOTPForm):
    code = _code(_("Code that the app shows now"))


class AddPasskeyForm(AddWebAuthnForm):
    """Adds a passkey that logs in without the password, unless the person wants it as a second step only."""

    name = forms.CharField(
        label=_("A name for it"),
        required=False,
        max_length=60,
        help_text=_("So that you can tell it from others, such as “my phone”."),
    )
    passwordless = forms.BooleanField(
        label=_("Log in with it alone, without the password"),
        required=False,
        initial=True,
        help_text=_("Your device then asks for your fingerprint, your face or its PIN."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.user.has_usable_password():
            self.fields["passwordless"].disabled = True  # there is no other way to log in


class RenamePasskeyForm(EditWebAuthnForm):
    name = forms.CharField(label=pgettext_lazy("passkey", "Name"), max_length=60)


class LogInPasskeyForm(LoginWebAuthnForm):
    """Logs in by a passkey alone, if the device has verified its user: by fingerprint, face or PIN.

    allauth requires that of the device where this log-in begins. A challenge begun as the second step after a password
    does not require it, and would be accepted here all the same.
    """

    def clean_credential(self) -> Authenticator:
        answer = self.cleaned_data["credential"]
        authenticator = super().clean_credential()
        if not AuthenticationResponse.from_dict(answer).response.authenticator_data.is_user_verified():
            raise get_adapter().validation_error("incorrect_code")
        return authenticator
