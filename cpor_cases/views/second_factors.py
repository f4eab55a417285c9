"""allauth's views that change the second factors of an account.

The change, the mail that tells of it and the end of the account's other sessions are one transaction. Who has a second
factor confirms the change by it: a password alone, or an old session, changes nothing.
"""

from allauth.core.exceptions import ReauthenticationRequired
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path

from cpor_cases import notifications
from cpor_cases.actions import sessions
from cpor_cases.second_factor import has_second_factor, is_confirmed, record_enrolment


class Confirmed:
    """Opens to those who have just used a second factor, if their account has one."""

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        user = request.user
        if user.is_authenticated and has_second_factor(user) and not is_confirmed(request):
            raise ReauthenticationRequired
        return super().dispatch(request, *args, **kwargs)


class FactorChange(Confirmed):
    """A change of second factors: done whole or not at all, and the end of the account's other sessions."""

    notice = ""  # the mail of ours that tells of it, where allauth would post its own only after the commit

    @transaction.atomic
    def form_valid(self, form) -> HttpResponse:
        user, session = self.request.user, self.request.session
        response = super().form_valid(form)
        sessions.end_all(user, but=session.session_key)
        if self.notice:
            notifications.account_notice(user, self.notice)
        return response


class Enrolment(FactorChange):
    """A factor is added."""

    type = ""

    @transaction.atomic
    def form_valid(self, form) -> HttpResponse:
        response = super().form_valid(form)
        added = Authenticator.objects.filter(user=self.request.user, type=self.type).latest("pk")
        record_enrolment(self.request, added)
        return response


class AddAppView(Enrolment, totp.ActivateTOTPView):
    type = Authenticator.Type.TOTP
    notice = "second_factor_added"


class AddPasskeyView(Enrolment, webauthn.AddWebAuthnView):
    type = Authenticator.Type.WEBAUTHN


class RemoveAppView(FactorChange, totp.DeactivateTOTPView):
    pass


class RemovePasskeyView(FactorChange, webauthn.RemoveWebAuthnView):
    def form_valid(self, form) -> HttpResponse:
        """allauth asks its adapter whether an app may go, but not whether a passkey may."""
        adapter = get_adapter()
        if not adapter.can_delete_authenticator(self.object):
            messages.error(self.request, adapter.error_messages["cannot_delete_authenticator"])
            return redirect("mfa_list_webauthn")
        return super().form_valid(form)


class RenamePasskeyView(Confirmed, webauthn.EditWebAuthnView):
    pass


class ShowRecoveryCodesView(Confirmed, recovery_codes.ViewRecoveryCodesView):
    pass


class DownloadRecoveryCodesView(Confirmed, recovery_codes.DownloadRecoveryCodesView):
    pass


class MakeRecoveryCodesView(FactorChange, recovery_codes.GenerateRecoveryCodesView):
    notice = "recovery_codes_made"


patterns = [
    path("2fa/totp/activate/", AddAppView.as_view(), name="mfa_activate_totp"),
    path("2fa/totp/deactivate/", RemoveAppView.as_view(), name="mfa_deactivate_totp"),
    path("2fa/webauthn/add/", AddPasskeyView.as_view(), name="mfa_add_webauthn"),
    path("2fa/webauthn/keys/<int:pk>/remove/", RemovePasskeyView.as_view(), name="mfa_remove_webauthn"),
    path("2fa/webauthn/keys/<int:pk>/edit/", RenamePasskeyView.as_view(), name="mfa_edit_webauthn"),
    path("2fa/recovery-codes/", ShowRecoveryCodesView.as_view(), name="mfa_view_recovery_codes"),
    path(
        "2fa/recovery-codes/download/",
        DownloadRecoveryCodesView.as_view(),
        name="mfa_download_recovery_codes",
    ),
    path(
        "2fa/recovery-codes/generate/",
        MakeRecoveryCodesView.as_view(),
        name="mfa_generate_recovery_codes",
    ),
]
