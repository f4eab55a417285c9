"""allauth's views that change the second factors of an account.

The change, the mail about it and the end of the account's other sessions are one transaction. A person who has a second
factor confirms the change by it: a password alone, or an old session, is not enough.
"""

from allauth.core.exceptions import ReauthenticationRequired
from allauth.core.ratelimit import respond_429
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import views as base
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext as _

from cpor_cases.accounts.second_factor import (
    is_confirmed,
    is_proven,
    link_of,
    may_add_factor,
    record_enrolment,
)
from cpor_cases.actions import second_factors, sessions
from cpor_cases.actions.second_factors import has_second_factor
from cpor_cases.mail import notifications
from cpor_cases.permissions import is_staff_account, may_enter_office
from cpor_core.allauth_internals import consume_limit
from cpor_core.view_types import HostView

from .enrolment import EnrolView


class Confirmed(HostView):
    """Opens only to a person who has just used a second factor, if the account has one."""

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        user = request.user
        if user.is_authenticated and has_second_factor(user) and not is_confirmed(request):
            raise ReauthenticationRequired
        return super().dispatch(request, *args, **kwargs)


class FactorChange(Confirmed):
    """Changes second factors and ends the account's other sessions, in one transaction."""

    notice = ""  # the kind of our mail, where allauth would send its own only after the commit

    @transaction.atomic
    def form_valid(self, form) -> HttpResponse:
        user, session = self.request.user, self.request.session
        response = super().form_valid(form)
        sessions.end_all(user, but=session.session_key)
        if self.notice:
            notifications.account_notice(user, self.notice)
        return response


class SecondFactorsView(base.IndexView):
    """The factors of the person; staff without one are told that they need an enrolment link."""

    def get_context_data(self, **kwargs) -> dict:
        opens_office = may_enter_office(self.request.user) and is_proven(self.request)
        facts = {"may_add": may_add_factor(self.request), "opens_office": opens_office}
        return super().get_context_data(**facts, **kwargs)


class Enrolment(FactorChange):
    """Adds a factor. The first one of staff uses up their enrolment link."""

    type = ""

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        if request.user.is_authenticated and not may_add_factor(request):
            return self._ask_for_link()
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form) -> HttpResponse:
        try:
            return self._enrol(form)
        except second_factors.NotUsable:
            return self._ask_for_link()

    @transaction.atomic
    def _enrol(self, form) -> HttpResponse:
        user = self.request.user
        if is_staff_account(user) and not has_second_factor(user):
            second_factors.use_link(account=user, public_id=link_of(self.request))
        response = super().form_valid(form)
        record_enrolment(self.request, Authenticator.objects.filter(user=user, type=self.type).latest("pk"))
        return response

    def _ask_for_link(self) -> HttpResponse:
        messages.warning(
            self.request,
            _("Staff set up their first second factor by an enrolment link. Ask your manager for one."),
        )
        return redirect("mfa_index")


class AddAppView(Enrolment, totp.ActivateTOTPView):
    """Adds an app. Its codes come after a password: who has none chooses one first."""

    type = Authenticator.Type.TOTP
    notice = "second_factor_added"

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        if request.user.is_authenticated and not request.user.has_usable_password():
            messages.info(
                request,
                _("The codes of an app come after a password. Have a link sent to you to choose one first."),
            )
            return redirect("account_reset_password")
        return super().dispatch(request, *args, **kwargs)


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


class LogInPasskeyView(webauthn.LoginWebAuthnView):
    """Logs in by a passkey alone. allauth limits answers only, but each request for a challenge stores a session."""

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not consume_limit(request, action="passkey_challenge"):
            return respond_429(request)
        return super().get(request, *args, **kwargs)


class RenamePasskeyView(Confirmed, webauthn.EditWebAuthnView):
    pass


class ShowRecoveryCodesView(Confirmed, recovery_codes.ViewRecoveryCodesView):
    pass


class DownloadRecoveryCodesView(Confirmed, recovery_codes.DownloadRecoveryCodesView):
    pass


class MakeRecoveryCodesView(FactorChange, recovery_codes.GenerateRecoveryCodesView):
    notice = "recovery_codes_made"


patterns = [
    path("2fa/", SecondFactorsView.as_view(), name="mfa_index"),
    path("2fa/enrol/<str:token>/", EnrolView.as_view(), name="mfa_enrol"),
    path("2fa/totp/activate/", AddAppView.as_view(), name="mfa_activate_totp"),
    path("2fa/totp/deactivate/", RemoveAppView.as_view(), name="mfa_deactivate_totp"),
    path("2fa/webauthn/add/", AddPasskeyView.as_view(), name="mfa_add_webauthn"),
    path("2fa/webauthn/login/", LogInPasskeyView.as_view(), name="mfa_login_webauthn"),
    path("2fa/webauthn/keys/<key:pk>/remove/", RemovePasskeyView.as_view(), name="mfa_remove_webauthn"),
    path("2fa/webauthn/keys/<key:pk>/edit/", RenamePasskeyView.as_view(), name="mfa_edit_webauthn"),
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
