"""A site with the service and without the public pages: its accounts are of Django's own user model."""

from .common import *  # noqa: F403
from .common import APPS

INSTALLED_APPS = [
    "cpor_cases",
    "cpor_core",
    *APPS,
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
]
MIDDLEWARE = [
    "cpor_core.request_ids.RequestIdMiddleware",
    "cpor_cases.accounts.middleware.sessions.SessionMiddleware",
    "cpor_cases.accounts.middleware.sessions.IdleMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "cpor_core.integer_overflow.IntegerOverflowMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "cpor_cases.accounts.middleware.sessions.UserSessionsMiddleware",
    "cpor_cases.accounts.middleware.gates.StaffOnlyMiddleware",
    "cpor_cases.actions.viewing.ViewingMiddleware",
    "cpor_core.sent_forms.SentFormsMiddleware",
]
ROOT_URLCONF = "drills.alone.cases_alone_urls"
AUTHENTICATION_BACKENDS = ["cpor_cases.accounts.login_backend.LogInBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "cpor_cases:cases"
ACCOUNT_ADAPTER = "cpor_cases.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_FORMS = {"login": "cpor_cases.accounts.forms.LoginForm"}
MFA_ADAPTER = "cpor_cases.accounts.mfa_adapter.MFAAdapter"
USERSESSIONS_TRACK_ACTIVITY = True
