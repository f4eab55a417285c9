"""The authentication back end: one look-up and one password hash, whatever was typed."""

from allauth.account.auth_backends import AuthenticationBackend
from django.core.exceptions import PermissionDenied

from cpor_cases.address_register import find_by_login

from .login_limits import is_counted


class LogInBackend(AuthenticationBackend):
    """allauth's back end with a single look-up of the account.

    allauth looks up what was typed both as a name and as an address, and checks the password for each account it finds:
    twice for an address that has an account, once for any other. The time of the answer told which addresses have one.

    Only allauth's log-in may call it, which counts wrong passwords and then asks for the second factor. Django's own
    log-in view, which Wagtail serves for restricted pages, would do neither.
    """

    def authenticate(self, request, **credentials):
        """Raise PermissionDenied, which Django treats like a wrong password, unless this attempt was counted before."""
        if not is_counted(request):
            raise PermissionDenied
        return super().authenticate(request, **credentials)

    def _authenticate(self, request, **credentials):
        account = find_by_login(credentials.get("username") or credentials.get("email") or "")
        # Without an account, allauth hashes all the same.
        return self._check_password(account, credentials["password"])
