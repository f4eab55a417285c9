"""allauth's doors at which an account is changed: the change and the letter that tells of it are one transaction.

allauth changes, and then posts its letter: in a transaction of its own, or even after the commit. A machine that dies
in between would leave a change nobody was told of.
"""

from allauth.account import views as account
from allauth.account.adapter import get_adapter
from allauth.usersessions import views as usersessions
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import path, re_path

from cpor_cases.calendar_ending import EndSessionsForm


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


class SessionsView(WholeForm, usersessions.ListUserSessionsView):
    form_class = EndSessionsForm


class EmailView(WholePost, account.EmailView):
    pass


class ConfirmEmailView(WholePost, account.ConfirmEmailView):
    pass


patterns = [
    path("password/change/", ChangePasswordView.as_view(), name="account_change_password"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        ResetPasswordView.as_view(),
        name="account_reset_password_from_key",
    ),
    path("sessions/", SessionsView.as_view(), name="usersessions_list"),
    path("email/", EmailView.as_view(), name="account_email"),
    re_path(r"^confirm-email/(?P<key>[-:\w]+)/$", ConfirmEmailView.as_view(), name="account_confirm_email"),
]
