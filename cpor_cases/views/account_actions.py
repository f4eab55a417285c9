"""allauth's views that change an account, with the change and the mail about it in one transaction.

allauth changes, and then sends its mail: in a transaction of its own, or even after the commit. A machine that dies in
between would leave a change of which nobody was notified.
"""

from allauth.account import views as account
from allauth.account.adapter import get_adapter
from allauth.account.decorators import reauthentication_required
from allauth.account.models import EmailAddress
from allauth.core import ratelimit
from allauth.core.exceptions import ReauthenticationRequired
from allauth.usersessions import views as usersessions
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import path, re_path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from cpor_cases.accounts.calendar_ending import EndSessionsForm
from cpor_cases.accounts.second_factor import may_change_address
from cpor_cases.actions import address_changes
from cpor_cases.actions.second_factors import has_second_factor
from cpor_core.email_addresses import MAX_LENGTH
from cpor_core.view_types import HostView

from .address_undo import UndoAddressChangeView


class AtomicForm(HostView):
    """Handles a valid form in one transaction."""

    @transaction.atomic
    def form_valid(self, form) -> HttpResponse:
        return super().form_valid(form)


class AtomicPost(HostView):
    """Handles a POST in one transaction."""

    @transaction.atomic
    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        return super().post(request, *args, **kwargs)


class ChangePasswordView(AtomicForm, account.PasswordChangeView):
    pass


class ForgottenPasswordView(account.PasswordResetView):
    """Begins with what was typed at the log-in, whose form is sent here: an address never stands in a URL."""

    @method_decorator(sensitive_post_parameters("password"))
    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if "login" not in request.POST:
            return super().post(request, *args, **kwargs)
        form = self.get_form_class()(initial={"email": request.POST["login"][:MAX_LENGTH]})
        return self.render_to_response(self.get_context_data(form=form))


class ResetPasswordView(AtomicForm, account.PasswordResetFromKeyView):
    def form_valid(self, form) -> HttpResponse:
        response = super().form_valid(form)
        get_adapter().forget_wrong_passwords(self.request, self.reset_user)
        return response


@method_decorator(reauthentication_required(allow_get=True), name="dispatch")
class SessionsView(AtomicForm, usersessions.ListUserSessionsView):
    """The sessions of an account. To end the others asks for reauthentication."""

    form_class = EndSessionsForm


class EmailView(AtomicPost, account.EmailView):
    """Asks for a new address. Neither the page nor the work done depends on whether it is another account's already.

    Requests are counted for the account and for the address, so that nobody can send others mail at will.
    """

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        user = request.user
        if user.is_anonymous or may_change_address(request, user):
            return super().dispatch(request, *args, **kwargs)
        if has_second_factor(user):
            raise ReauthenticationRequired
        messages.warning(request, _("Staff change their address once they have set up a second factor."))
        return redirect("mfa_index")

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if "action_add" in request.POST:
            return super().post(request, *args, **kwargs)
        # Only what was asked for can be sent again or given up: never the address that the account has.
        pending = address_changes.pending_of(request.user).last()
        if pending and "action_send" in request.POST:
            self._send_again(pending)
        elif pending and "action_remove" in request.POST:
            address_changes.give_up(pending)
            messages.success(request, _("Your account keeps the address it has."))
        return redirect(self.get_success_url())

    def form_valid(self, form) -> HttpResponse:
        if refusal := self._refusal(form.cleaned_data["email"]):
            form.add_error("email", refusal)
            return self.form_invalid(form)
        response = super().form_valid(form)
        messages.success(self.request, _("We have sent you an email. Please open the link in it."))
        return response

    def get_context_data(self, **kwargs) -> dict:
        pending = address_changes.pending_of(self.request.user).last()
        return super().get_context_data(**kwargs) | {"new_emailaddress": pending}

    def _send_again(self, pending: EmailAddress) -> None:
        if refusal := self._refusal(pending.email):
            messages.warning(self.request, refusal)
            return
        pending.send_confirmation(self.request)
        messages.success(self.request, _("We have sent you an email. Please open the link in it."))

    def _refusal(self, address: str) -> str:
        """Count one more mail. Return why it is one too many, or an empty string."""
        if not ratelimit.consume(self.request, action="change_address"):
            return _("You have asked for many emails lately. Please wait an hour and try again.")
        if not ratelimit.consume(self.request, action="confirm_email", key=address):
            return _(
                "Several emails have gone to this address. Use the link in the latest one, or try again tomorrow."
            )
        return ""


class ConfirmEmailView(AtomicPost, account.ConfirmEmailView):
    pass


patterns = [
    path("password/reset/", ForgottenPasswordView.as_view(), name="account_reset_password"),
    path("password/change/", ChangePasswordView.as_view(), name="account_change_password"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        ResetPasswordView.as_view(),
        name="account_reset_password_from_key",
    ),
    path("sessions/", SessionsView.as_view(), name="usersessions_list"),
    path("email/", EmailView.as_view(), name="account_email"),
    path("email/undo/<str:token>/", UndoAddressChangeView.as_view(), name="account_undo_email"),
    re_path(r"^confirm-email/(?P<key>[-:\w]+)/$", ConfirmEmailView.as_view(), name="account_confirm_email"),
]
