"""Log-ins, passwords and second factors."""

from .environment import env

AUTH_USER_MODEL = "cpor_site.User"
AUTHENTICATION_BACKENDS = ["cpor_cases.accounts.login_backend.LogInBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["username", "email"]},
    },
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "cpor_cases.accounts.passwords.BreachedPasswordValidator"},
    {"NAME": "cpor_cases.accounts.passwords.WordsOfTheServiceValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "cpor_cases.accounts.passwords.NotARecentPasswordValidator", "OPTIONS": {"latest": 3}},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "cpor_cases:cases"

ACCOUNT_ADAPTER = "cpor_cases.accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "change_password": "cpor_cases.accounts.calendar_ending.ChangePasswordForm",
    "reset_password_from_key": "cpor_cases.accounts.calendar_ending.ResetPasswordKeyForm",
    "add_email": "cpor_cases.accounts.forms.ChangeAddressForm",
    "login": "cpor_cases.accounts.forms.LoginForm",
    "reset_password": "cpor_cases.accounts.forms.ResetPasswordForm",
}
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # The activation link is the proof that the address is the person's.
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_USERNAME_MIN_LENGTH = 4
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_RATE_LIMITS = {
    "reset_password": "20/m/ip",  # how many go to one account: PASSWORD_RESETS_AN_HOUR, silently
    "login_failed": "30/m/ip,5/15m/key",  # its key is the account and the internet address (login_limits.py)
    "login_failed_anywhere": "50/h/key",
    "change_address": "5/h/user,10/d/user",
    "confirm_email": "3/h/key,5/d/key",  # its key is the address that is asked for
    "activate": "20/m/ip",
    "renew_link": "10/m/ip,3/h/key",
    "answer_vote": "10/m/ip",
    "mail_check": "20/m/ip",
    "clarity": "30/m/ip",
    "petition_step": "120/m/ip",
    "petition_code": "30/h/ip",
    "petition_code_to": "4/h/key,10/d/key",  # its key is the address that gets the code
    "petition_try": "60/h/ip",
    "petition_try_for": "10/h/key,30/d/key",
    "petition_make": "30/h/ip",
    "petition_pdf": "6/m/ip",
    "petition_status": "20/m/ip",
    "petition_status_of": "60/h/key",
    "search_miss": "20/m/ip",
    "passkey_challenge": "60/m/ip",
    "hearing_feed": "60/m/ip",
    "data_download": "5/h/user",
}
USERSESSIONS_TRACK_ACTIVITY = True
MFA_ADAPTER = "cpor_cases.accounts.mfa_adapter.MFAAdapter"
MFA_FORMS = {
    "activate_totp": "cpor_cases.accounts.mfa_forms.AddAppForm",
    "authenticate": "cpor_cases.accounts.mfa_forms.LogInCodeForm",
    "reauthenticate": "cpor_cases.accounts.mfa_forms.ConfirmCodeForm",
    "add_webauthn": "cpor_cases.accounts.mfa_forms.AddPasskeyForm",
    "edit_webauthn": "cpor_cases.accounts.mfa_forms.RenamePasskeyForm",
    "login_webauthn": "cpor_cases.accounts.mfa_forms.LogInPasskeyForm",
}
MFA_SUPPORTED_TYPES = ["webauthn", "totp", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_ALLOW_UNVERIFIED_EMAIL = (
    True  # An account is born with a proven address; a change in hand must block nothing.
)
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0, least=0, most=10)
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
ACCOUNTS = {
    "PASSWORD_MAX_AGE_DAYS": env.int("PASSWORD_MAX_AGE_DAYS", default=0, least=0),
    "SESSION_MAX_HOURS": env.int("SESSION_MAX_HOURS", default=12),
    "STAFF_MFA_REQUIRED": env.bool("STAFF_MFA_REQUIRED", default=False),
}
