"""How often a wrong password may be tried, by allauth's own counts in the shared cache."""

from allauth.core.internal import ratelimit  # the public one hands out no usage that could be taken back
from django.utils.translation import gettext_lazy as _

from cpor_cases.address_register import find_by_login
from cpor_core.email_addresses import normalise

APP = "allauth.account"
ANYWHERE = "login_failed_anywhere"
COUNTED = "is_password_counted"


class LogInLimits:
    """A part of allauth's adapter: five wrong passwords rest the log-in for a quarter of an hour.

    They are counted for the account, by whichever of its names and addresses it was tried, *and* the internet address
    they come from: the other side of a lawsuit knows one's e-mail address, and must not be able to lock one out. Those
    from everywhere together have a wider limit. What is no account's rests alike, in every spelling of it.
    """

    error_messages = {
        "too_many_login_attempts": _(
            "Too many failed attempts. Log-in with this account name or address rests for 15 minutes. If you have"
            " forgotten the password, set a new one by mail; then you can log in at once."
        )
    }

    def _get_login_attempts_cache_key(self, request, **credentials) -> str:
        return f"{_budget_of(credentials)} {ratelimit.get_ip(request)}"

    def pre_authenticate(self, request, **credentials) -> None:
        super().pre_authenticate(request, **credentials)
        key = _budget_of(credentials)
        self._from_anywhere = ratelimit.consume(request, app=APP, action=ANYWHERE, key=key)
        if not self._from_anywhere:
            raise self.validation_error("too_many_login_attempts")
        setattr(request, COUNTED, True)

    def _rollback_login_failed_rl_usage(self) -> None:
        super()._rollback_login_failed_rl_usage()
        self._from_anywhere.rollback()

    def forget_wrong_passwords(self, request, account) -> None:
        """Let a person in at once who has just set a new password by the mailed link, whichever way they log in."""
        credentials = {"username": account.get_username()}
        here = self._get_login_attempts_cache_key(request, **credentials)
        ratelimit.clear(request, app=APP, action="login_failed", key=here)
        ratelimit.clear(request, app=APP, action=ANYWHERE, key=_budget_of(credentials))


def is_counted(request) -> bool:
    """Whether the password of this request was counted a moment ago; each count is good for one password."""
    return request is not None and bool(vars(request).pop(COUNTED, False))


def _budget_of(credentials: dict) -> str:
    typed = credentials.get("username") or credentials.get("email") or ""
    account = find_by_login(typed)
    return f"account {account.pk}" if account else f"typed {normalise(typed)}"
