"""allauth as this house uses it: no open sign-up, mail through the one lane, a reset by account name too."""

from copy import copy

from allauth.account.adapter import DefaultAccountAdapter, get_adapter
from allauth.account.fields import PasswordField, SetPasswordField
from allauth.account.forms import AddEmailForm
from allauth.account.forms import LoginForm as AllauthLoginForm
from allauth.account.models import EmailAddress
from django import forms
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.core.validators import MaxLengthValidator
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cpor_cases.actions import address_changes, bounces, password_resets
from cpor_cases.address_register import find_by_address
from cpor_cases.mail import notifications
from cpor_core import security_log
from cpor_core.email_addresses import MAX_LENGTH
from cpor_core.formfields import EmailAddressField

from . import known_browsers
from .login_limits import LogInLimits
from .second_factor import ConfirmByFactor, may_change_address

# allauth's letters about what was changed, and the letter of ours that says it.
NOTICES = {
    "account/email/password_changed": "password_changed",
    "account/email/password_reset": "password_changed",
    "account/email/password_set": "password_changed",
    "mfa/email/totp_deactivated": "second_factor_removed",
    "mfa/email/webauthn_added": "second_factor_added",
    "mfa/email/webauthn_removed": "second_factor_removed",
}
# These allauth posts after the commit; the doors in views/account_deeds.py post ours within it.
POSTED_WITH_THE_DEED = {
    "account/email/email_changed",
    "mfa/email/totp_activated",
    "mfa/email/recovery_codes_generated",
}
# These tell of nothing that happened: until a new address is proven, the account keeps the one it has.
NEVER_POSTED = {"account/email/email_confirm", "account/email/email_deleted"}


class UnknownLetter(Exception):
    """allauth wants to send a letter that this house has no way to write without storing its secret."""


class AccountAdapter(LogInLimits, ConfirmByFactor, DefaultAccountAdapter):
    """Decides what allauth leaves to the site."""

    error_messages = (
        DefaultAccountAdapter.error_messages
        | LogInLimits.error_messages
        | {
            "username_password_mismatch": _("The account name or the password is not right."),
            "email_password_mismatch": _("The e-mail address or the password is not right."),
            "incorrect_password": _("The password is not right."),
        }
    )

    def pre_authenticate(self, request, **credentials) -> None:
        try:
            super().pre_authenticate(request, **credentials)
        except forms.ValidationError:
            security_log.record_rate_limit(request)
            raise

    def is_open_for_signup(self, request) -> bool:
        return False

    def get_login_redirect_url(self, request) -> str:
        """Staff go to their desk, litigants to their cases."""
        name = (
            "wagtailadmin_home" if request.user.has_perm("wagtailadmin.access_admin") else "cpor_cases:cases"
        )
        return reverse(name)

    @transaction.atomic
    def login(self, request, user) -> None:
        """Tell by mail of a log-in from a browser in which this account was never used, but not of the very first."""
        is_first = user.last_login is None
        super().login(request, user)
        if not (is_first or known_browsers.is_known(request, user)):
            notifications.new_login(user, browser=known_browsers.name_of(self.get_http_user_agent(request)))

    def post_login(self, request, user, **kwargs):
        response = super().post_login(request, user, **kwargs)
        known_browsers.remember(request, response, user)
        return response

    def send_notification_mail(self, template_prefix, user, context=None, email=None) -> None:
        """Name the account: the link that confirms an address may be opened where nobody is logged in."""
        context = {"user": user} | (context or {})
        super().send_notification_mail(template_prefix, user, context, email or user.email)

    def confirm_email(self, request, email_address) -> bool:
        """An address that became another account's since the change was begun stays that account's.

        Staff prove theirs where they have proven a second factor, though the change was begun before they became staff.
        """
        if not may_change_address(request, email_address.user):
            messages.error(
                request, _("Staff confirm a new address while logged in with their second factor.")
            )
            return False
        owner = find_by_address(email_address.email)
        if owner not in (None, email_address.user):
            messages.error(request, _("There is already an account with this e-mail address."))
            return False
        accounts = get_user_model().objects.filter(pk=email_address.user_id)
        former = accounts.get().email
        is_confirmed = super().confirm_email(request, email_address)
        account = accounts.get()
        if is_confirmed and former not in ("", account.email):
            notifications.email_changed(account, former=former)
            bounces.follow(account)
        return is_confirmed

    def send_mail(self, template_prefix: str, email: str, context: dict) -> None:
        """Post allauth's letters to the outbox: what they are about, never the link they would hold."""
        if template_prefix in POSTED_WITH_THE_DEED | NEVER_POSTED:
            return
        elif template_prefix in NOTICES:
            account = context.get("user") or self._account_of(email)
            notifications.account_notice(account, NOTICES[template_prefix], address=email)
        else:
            raise UnknownLetter(template_prefix)

    def send_confirmation_mail(self, request, emailconfirmation, signup) -> None:
        address = emailconfirmation.email_address
        notifications.email_confirmation(address.user, email_address_id=address.pk, address=address.email)

    def _account_of(self, email: str):
        if self.request.user.is_authenticated:
            return self.request.user
        return find_by_address(email)


class LoginForm(AllauthLoginForm):
    """Says what to type: the account name or the address."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("Account name or e-mail address")
        self.fields["login"].validators.append(MaxLengthValidator(MAX_LENGTH))


class ResetPasswordForm(forms.Form):
    """Asks for account name or e-mail address, and does and answers the same whether such an account exists or not."""

    email = forms.CharField(
        label=_("Account name or e-mail address"),
        validators=[MaxLengthValidator(MAX_LENGTH)],
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )

    def save(self, request, **kwargs) -> str:
        password_resets.ask(typed=self.cleaned_data["email"])
        return self.cleaned_data["email"]


class ChangeAddressForm(AddEmailForm):
    """The address that an account is to have; whether it is another's already makes no difference here.

    The mail is written in the worker: a link that proves the address, or, if it is another's, a word to its owner.
    """

    email = EmailAddressField(label=_("New e-mail address"))

    def clean_email(self) -> str:
        if self.user.own_addresses.filter(address=self.cleaned_data["email"]).exists():
            raise forms.ValidationError(_("This is the address of your account already."))
        return self.cleaned_data["email"]

    def save(self, request) -> EmailAddress:
        return address_changes.ask(request, account=self.user, address=self.cleaned_data["email"])


class ActivationForm(forms.Form):
    """The applicant's name, as proof that the mail reached the right person, and how they will log in."""

    name = forms.CharField(
        label=_("Your name, as written on the form"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        help_text=_("We ask for it because a mail can reach the wrong person."),
    )
    username = forms.CharField(
        label=_("Account name"),
        max_length=150,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        ),
        help_text=_("At least four letters, figures or the signs . + - _"),
    )
    password1 = SetPasswordField(label=pgettext_lazy("account", "Password"))
    password2 = PasswordField(label=_("Password, once more"), autocomplete="new-password")

    def __init__(self, *args, account, **kwargs):
        super().__init__(*args, **kwargs)
        self.account = self.fields["password1"].user = copy(account)

    def clean_username(self) -> str:
        """The password, cleaned after it, may not be like it; and a name that is an address could be another person's."""
        username = get_adapter().clean_username(self.cleaned_data["username"])
        if "@" in username:
            raise forms.ValidationError(
                _("An account name holds no @. You can log in with your e-mail address all the same.")
            )
        self.account.username = username
        return username

    def clean(self) -> dict:
        fields = super().clean()
        first, second = fields.get("password1"), fields.get("password2")
        if first and second and first != second:
            self.add_error(
                "password2", _("The two passwords are not the same. Please type the same one twice.")
            )
        return fields
