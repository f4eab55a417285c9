"""Second factors (passkeys, authenticator apps, recovery codes) as this service uses allauth's: offered to all, asked of staff."""

import base64
import secrets
import time
import uuid

from allauth.account import app_settings as account_settings
from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication  # the public module only reads records
from allauth.mfa.adapter import DefaultMFAAdapter, get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm, LoginWebAuthnForm
from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from fido2.webauthn import AuthenticationResponse

from cpor_cases.actions.second_factors import FACTORS, has_second_factor, is_link_usable
from cpor_cases.permissions import is_staff_account
from cpor_core import ciphers

LINK_IN_SESSION = "enrolment_link"


class MFAAdapter(DefaultMFAAdapter):
    """Decides what allauth leaves to the site about second factors."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": _(
            "Staff need a second factor. Add another one before you remove this one."
        ),
        "incorrect_code": _("This code is not right, or it has run out. Please enter the one shown now."),
    }

    def get_totp_issuer(self) -> str:
        return settings.WAGTAIL_SITE_NAME

    def get_totp_label(self, user) -> str:
        return user.get_username()

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return super().get_public_key_credential_rp_entity() | {"name": settings.WAGTAIL_SITE_NAME}

    def get_public_key_credential_user_entity(self, user) -> dict:
        name = user.get_username()
        return super().get_public_key_credential_user_entity(user) | {"name": name, "display_name": name}

    def generate_authenticator_name(self, user, type: Authenticator.Type) -> str:
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return gettext("Passkey %(number)d") % {"number": number}

    def encrypt(self, text: str) -> str:
        return ciphers.encipher(text)

    def decrypt(self, encrypted_text: str) -> str:
        try:
            return ciphers.decipher(encrypted_text)
        except ciphers.Unreadable:
            # The site's secret key was replaced and the old one forgotten. A random secret lets nothing match; an empty one could be guessed.
            return base64.b32encode(secrets.token_bytes(20)).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Staff keep one while they must have one."""
        if not (settings.STAFF_MFA_REQUIRED and is_staff_account(authenticator.user)):
            return True
        others = Authenticator.objects.filter(user_id=authenticator.user_id, type__in=FACTORS)
        return others.exclude(pk=authenticator.pk).exists()


def _code(label) -> forms.CharField:
    """A field for a code; the codes of apps and the recovery codes are figures."""
    widget = forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"})
    return forms.CharField(label=label, widget=widget)


class LogInCodeForm(AuthenticateForm):
    """The second step of a log-in; who has no app is asked for none of its codes."""

    code = _code(_("Code of the app, or a recovery code"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        apps = Authenticator.objects.filter(user=self.user, type=Authenticator.Type.TOTP)
        self.has_app = apps.exists()
        if not self.has_app:
            self.fields["code"].label = _("Recovery code")


class ConfirmCodeForm(ReauthenticateForm):
    code = _code(_("Code of the app, or a recovery code"))


class AddAppForm(ActivateTOTPForm):
    code = _code(_("Code that the app shows now"))


class AddPasskeyForm(AddWebAuthnForm):
    """A passkey opens the account without a password, unless its owner wants it as a second step alone."""

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


class RenamePasskeyForm(EditWebAuthnForm):
    name = forms.CharField(label=pgettext_lazy("passkey", "Name"), max_length=60)


class LogInPasskeyForm(LoginWebAuthnForm):
    """A passkey that opens an account alone has asked who holds it: by fingerprint, face or PIN.

    allauth asks the device for it where this log-in begins. A challenge begun elsewhere, as a second step after a
    password, does not, and would be taken here all the same.
    """

    def clean_credential(self) -> Authenticator:
        answer = self.cleaned_data["credential"]
        authenticator = super().clean_credential()
        if not AuthenticationResponse.from_dict(answer).response.authenticator_data.is_user_verified():
            raise get_adapter().validation_error("incorrect_code")
        return authenticator


# What a session has proven


def keep_link(request: HttpRequest, public_id: str) -> None:
    """Note in the session which enrolment link opened it; it survives the log-in that follows."""
    request.session[LINK_IN_SESSION] = public_id


def link_of(request: HttpRequest) -> str:
    """Return the public id of the enrolment link noted in the session; that of none there is."""
    return request.session.get(LINK_IN_SESSION, uuid.UUID(int=0).hex)


def may_add_factor(request: HttpRequest) -> bool:
    """Whether the person may add a factor in the session at hand: staff add their first one by a link only."""
    user = request.user
    return not is_staff_account(user) or has_second_factor(user) or is_link_usable(user, link_of(request))


def may_change_address(request: HttpRequest, account) -> bool:
    """Whether the session at hand may give this account another e-mail address.

    The links by which staff set up a second factor go to that address: a password alone must not lead them elsewhere.
    """
    if not is_staff_account(account):
        return True
    return request.user.is_authenticated and request.user.pk == account.pk and is_proven(request)


def record_enrolment(request: HttpRequest, authenticator: Authenticator) -> None:
    """Note in the session that it holds this factor: whoever has just set it up has just used it."""
    record_authentication(
        request,
        authenticator.user,
        "mfa",
        id=authenticator.pk,
        type=authenticator.type,
        reauthenticated=True,
    )


def is_proven(request: HttpRequest) -> bool:
    """Whether the session of a request has proven a second factor that its account still has; other sessions prove nothing."""
    proven = {record.get("id") for record in _proofs(request)}
    if not proven:
        return False
    types = dict(Authenticator.objects.filter(user_id=request.user.pk).values_list("pk", "type"))
    return not proven.isdisjoint(types) and not set(FACTORS).isdisjoint(types.values())


def is_confirmed(request: HttpRequest) -> bool:
    """Whether the person in the session at hand has used a second factor again a moment ago."""
    latest = max((record["at"] for record in _proofs(request) if record.get("reauthenticated")), default=0)
    return time.time() - latest < account_settings.REAUTHENTICATION_TIMEOUT


def _proofs(request: HttpRequest) -> list[dict]:
    return [each for each in get_authentication_records(request, request.user) if each["method"] == "mfa"]


class ConfirmByFactor:
    """A part of allauth's adapter: who has a second factor confirms who they are by it, never by the password."""

    def get_reauthentication_methods(self, user) -> list[dict]:
        methods = super().get_reauthentication_methods(user)
        types = set(Authenticator.objects.filter(user_id=user.pk).values_list("type", flat=True))
        if types.isdisjoint(FACTORS):
            return [method for method in methods if method["id"] == "reauthenticate"]
        methods = [method for method in methods if method["id"] != "reauthenticate"]
        if Authenticator.Type.TOTP not in types:
            methods.reverse()  # the passkey first; the recovery codes are for the day when it is lost
        return methods
