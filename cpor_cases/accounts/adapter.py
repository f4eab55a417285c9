"""What allauth asks the site about accounts: nobody signs up, and its mails are rows of the outbox like all others."""

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cpor_cases.actions import bounces
from cpor_cases.address_register import find_by_address
from cpor_cases.mail import notifications
from cpor_core import security_log

from . import known_browsers
from .login_limits import LogInLimits
from .mfa_adapter import ConfirmByFactor
from .second_factor import may_change_address

# allauth's mails about what was changed, and the kind of ours that says it.
NOTICES = {
    "account/email/password_changed": "password_changed",
    "account/email/password_reset": "password_changed",
    "account/email/password_set": "password_changed",
    "mfa/email/totp_deactivated": "second_factor_removed",
    "mfa/email/webauthn_added": "second_factor_added",
    "mfa/email/webauthn_removed": "second_factor_removed",
}
# allauth posts these after the commit; views/account_actions.py and views/second_factors.py post ours within it.
POSTED_BY_OUR_VIEWS = {
    "account/email/email_changed",
    "mfa/email/totp_activated",
    "mfa/email/recovery_codes_generated",
}
# Nothing has happened of which these would tell: until a new address is proven, the account keeps the one it has.
NEVER_POSTED = {"account/email/email_confirm", "account/email/email_deleted"}


class UnknownMail(Exception):
    """allauth sends a mail of a kind that we do not have; written by allauth, it would be stored with its signed link."""


class AccountAdapter(LogInLimits, ConfirmByFactor, DefaultAccountAdapter):
    """Answers what allauth leaves to the site."""

    error_messages = (
        DefaultAccountAdapter.error_messages
        | LogInLimits.error_messages
        | {
            "username_password_mismatch": _("The account name or the password is not right."),
            "email_password_mismatch": _("The email address or the password is not right."),
            "incorrect_password": _("The password is not right."),
            "enter_current_password": _("The current password is not right."),
        }
    )

    def pre_authenticate(self, request, **credentials) -> None:
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            security_log.record_rate_limit(request)
            raise

    def is_open_for_signup(self, request) -> bool:
        return False

    def get_login_redirect_url(self, request) -> str:
        """Return the office for staff, the cases for litigants."""
        name = (
            "wagtailadmin_home" if request.user.has_perm("wagtailadmin.access_admin") else "cpor_cases:cases"
        )
        return reverse(name)

    def get_password_change_redirect_url(self, request) -> str:
        """Return the log-in: whoever has changed the password is logged out everywhere."""
        return reverse("account_login")

    @transaction.atomic
    def login(self, request, user) -> None:
        """Log in, and notify the person of a log-in in a browser that the account never used, except for its first log-in."""
        is_first = user.last_login is None
        super().login(request, user)
        if not (is_first or known_browsers.is_known(request, user)):
            notifications.new_login(user, browser=known_browsers.name_of(self.get_http_user_agent(request)))

    def post_login(self, request, user, **kwargs):
        response = super().post_login(request, user, **kwargs)
        known_browsers.note(request, response, user)
        return response

    def send_notification_mail(self, template_prefix, user, context=None, email=None) -> None:
        """Add the account to the context: the link that confirms an address may be opened where nobody is logged in."""
        context = {"user": user} | (context or {})
        super().send_notification_mail(template_prefix, user, context, email or user.email)

    def confirm_email(self, request, email_address) -> bool:
        """Confirm a new address, unless it has become another account's since the change was begun.

        Staff confirm theirs only in a session that has proven a second factor, even if the change was begun before they
        became staff.
        """
        if not may_change_address(request, email_address.user):
            messages.error(
                request, _("Staff confirm a new address while logged in with their second factor.")
            )
            return False
        owner = find_by_address(email_address.email)
        if owner not in (None, email_address.user):
            messages.error(request, _("There is already an account with this email address."))
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
        """Post a mail of ours in place of allauth's: a row that says what it is about, without the link."""
        if template_prefix in POSTED_BY_OUR_VIEWS | NEVER_POSTED:
            return
        elif template_prefix in NOTICES:
            account = context.get("user") or self._account_of(email)
            notifications.account_notice(account, NOTICES[template_prefix], address=email)
        else:
            raise UnknownMail(template_prefix)

    def send_confirmation_mail(self, request, emailconfirmation, signup) -> None:
        address = emailconfirmation.email_address
        notifications.email_confirmation(address.user, email_address_id=address.pk, address=address.email)

    def _account_of(self, email: str):
        if self.request.user.is_authenticated:
            return self.request.user
        return find_by_address(email)
