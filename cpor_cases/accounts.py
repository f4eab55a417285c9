"""allauth as this house uses it."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import LoginForm, ResetPasswordForm  # noqa: F401


class AccountAdapter(DefaultAccountAdapter):
    pass
