"""allauth's doors at which an account is changed: the change and the letter that tells of it are one transaction.

allauth changes, and then posts its letter: in a transaction of its own, or even after the commit. A machine that dies
in between would leave a change nobody was told of.
"""

from allauth.account import views as account
from allauth.account.adapter import get_adapter
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import path, re_path

from cpor_cases import notifications


class WholeForm:
    """What a valid form does is done whole or not at all."""

    @transaction.atomic
    def form_valid(self, form) -> HttpResponse:
        return super().form_valid(form)


class WholePost:
    """What a POST does is done whole or not at all."""

    @transaction.atomic
    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        return super().post(request, *args, **kwargs)


class ChangePasswordView(WholeForm, account.PasswordChangeView):
    pass


class ResetPasswordView(WholeForm, account.PasswordResetFromKeyView):
    def form_valid(self, form) -> HttpResponse:
        response = super().form_valid(form)
        get_adapter().forget_wrong_passwords(self.request, self.reset_user)
        return response


class EmailView(WholePost, account.EmailView):
    pass


class ConfirmEmailView(WholePost, account.ConfirmEmailView):
    pass


class AddPasskeyView(WholeForm, webauthn.AddWebAuthnView):
    pass


class RemovePasskeyView(WholeForm, webauthn.RemoveWebAuthnView):
    pass


class RemoveAppView(WholeForm, totp.DeactivateTOTPView):
    pass


class AddAppView(totp.ActivateTOTPView):
    @transaction.atomic
    def form_valid(self, form) -> HttpResponse:
        response = super().form_valid(form)
        notifications.account_notice(self.request.user, "second_factor_added")
        return response


class MakeRecoveryCodesView(recovery_codes.GenerateRecoveryCodesView):
    @transaction.atomic
    def form_valid(self, form) -> HttpResponse:
        response = super().form_valid(form)
        notifications.account_notice(self.request.user, "recovery_codes_made")
        return response


patterns = [
    path("password/change/", ChangePasswordView.as_view(), name="account_change_password"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        ResetPasswordView.as_view(),
        name="account_reset_password_from_key",
    ),
    path("email/", EmailView.as_view(), name="account_email"),
    re_path(r"^confirm-email/(?P<key>[-:\w]+)/$", ConfirmEmailView.as_view(), name="account_confirm_email"),
    path("2fa/totp/activate/", AddAppView.as_view(), name="mfa_activate_totp"),
    path("2fa/totp/deactivate/", RemoveAppView.as_view(), name="mfa_deactivate_totp"),
    path("2fa/webauthn/add/", AddPasskeyView.as_view(), name="mfa_add_webauthn"),
    path("2fa/webauthn/keys/<int:pk>/remove/", RemovePasskeyView.as_view(), name="mfa_remove_webauthn"),
    path(
        "2fa/recovery-codes/generate/",
        MakeRecoveryCodesView.as_view(),
        name="mfa_generate_recovery_codes",
    ),
]
