"""What allauth asks the site about second factors: offered to everybody, required of staff."""

import base64
import secrets

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cpor_cases.actions.second_factors import FACTORS
from cpor_cases.permissions import is_staff_account
from cpor_core import branding, conf, encryption


class MFAAdapter(DefaultMFAAdapter):
    """Answers what allauth leaves to the site."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": _(
            "Staff need a second factor. Add another one before you remove this one."
        ),
        "incorrect_code": _("This code is not right, or has expired. Please enter the one shown now."),
    }

    def get_totp_issuer(self) -> str:
        return branding.service_name()

    def get_totp_label(self, user) -> str:
        return user.get_username()

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return super().get_public_key_credential_rp_entity() | {"name": branding.service_name()}

    def get_public_key_credential_user_entity(self, user) -> dict:
        name = user.get_username()
        return super().get_public_key_credential_user_entity(user) | {"name": name, "display_name": name}

    def generate_authenticator_name(self, user, type: Authenticator.Type) -> str:
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return gettext("Passkey %(number)d") % {"number": number}

    def encrypt(self, text: str) -> str:
        return encryption.encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        try:
            return encryption.decrypt(encrypted_text)
        except encryption.Unreadable:
            # SECRET_KEY was replaced without its fallback. No code matches a random secret; an empty one could be guessed.
            return base64.b32encode(secrets.token_bytes(20)).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Staff keep at least one where a second factor is required of them."""
        if not (conf.STAFF_MFA_REQUIRED and is_staff_account(authenticator.user)):
            return True
        others = Authenticator.objects.filter(user_id=authenticator.user_id, type__in=FACTORS)
        return others.exclude(pk=authenticator.pk).exists()


class ConfirmByFactor(DefaultAccountAdapter):
    """A part of the account adapter: a person with a second factor reauthenticates by it, never by the password."""

    def get_reauthentication_methods(self, user) -> list[dict]:
        methods = super().get_reauthentication_methods(user)
        types = set(Authenticator.objects.filter(user_id=user.pk).values_list("type", flat=True))
        if types.isdisjoint(FACTORS):
            return [method for method in methods if method["id"] == "reauthenticate"]
        methods = [method for method in methods if method["id"] != "reauthenticate"]
        if Authenticator.Type.TOTP not in types:
            methods.reverse()  # the passkey first; the recovery codes are for the day when it is lost
        return methods
