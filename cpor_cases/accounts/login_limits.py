"""How many wrong passwords may be tried, by allauth's counts in the shared cache."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from cpor_cases.address_register import find_by_login
from cpor_core.allauth_internals import clear_limit, client_address, consume_limit
from cpor_core.email_addresses import normalise

HERE, ANYWHERE = "login_failed", "login_failed_anywhere"
COUNTED = "is_password_counted"


class LogInLimits(DefaultAccountAdapter):
    """A part of the account adapter: after five wrong passwords no log-in to the account for a quarter of an hour.

    They are counted for the account, by whichever of its names and addresses it was tried, *and* the internet address
    they come from: the other party of a lawsuit knows a person's e-mail address, and must not be able to lock the person
    out. From all internet addresses together, the limit is wider. What is typed and belongs to no account is limited alike.
    """

    error_messages = {
        "too_many_login_attempts": _(
            "Too many failed attempts. Log-in with this account name or address is paused for 15 minutes. If you have forgotten the password, set a new one by email; then you can log in at once."
        )
    }

    def pre_authenticate(self, request: HttpRequest, **credentials) -> None:
        """Count one more password, in place of allauth, whose count is per address as typed."""
        key = _budget_of(credentials)
        here = consume_limit(request, action=HERE, key=f"{key} {client_address(request)}")
        anywhere = here and consume_limit(request, action=ANYWHERE, key=key)
        if not here or not anywhere:
            raise self.validation_error("too_many_login_attempts")
        self._usages = [here, anywhere]
        setattr(request, COUNTED, True)

    def authenticate(self, request: HttpRequest, **credentials):
        account = super().authenticate(request, **credentials)
        # The right password is not counted. Clearing the count would help whoever tries other passwords in between.
        if account:
            for usage in self._usages:
                usage.rollback()
        return account

    def forget_wrong_passwords(self, request: HttpRequest, account) -> None:
        """Let a person log in at once who has just set a new password by the mailed link."""
        key = _budget_of({"username": account.get_username()})
        clear_limit(request, action=HERE, key=f"{key} {client_address(request)}")
        clear_limit(request, action=ANYWHERE, key=key)


def is_counted(request) -> bool:
    """Whether the password of this request was counted a moment ago; each count is good for one password."""
    return request is not None and bool(vars(request).pop(COUNTED, False))


def _budget_of(credentials: dict) -> str:
    typed = credentials.get("username") or credentials.get("email") or ""
    account = find_by_login(typed)
    return f"account {account.pk}" if account else f"typed {normalise(typed)}"
