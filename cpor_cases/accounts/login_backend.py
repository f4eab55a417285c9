"""The authentication back end: one account is looked for and one password hashed, whatever was typed."""

from allauth.account.auth_backends import AuthenticationBackend
from django.core.exceptions import PermissionDenied

from cpor_cases.address_register import find_by_login

from .login_limits import is_counted


class LogInBackend(AuthenticationBackend):
    """allauth's back end with one look-up in the place of its several.

    allauth passes on what was typed both as a name and as an address, and tries the password for each account it finds:
    twice for an address that has an account, once for any other. The time of the answer told which addresses have one.

    Only allauth's log-in may ask it: it counts wrong passwords and goes on to ask for the second factor. Django's own
    log-in view, which Wagtail serves for restricted pages, would do neither.
    """

    def authenticate(self, request, **credentials):
        """Raise PermissionDenied, which Django answers like a wrong password, to whoever did not count this try before."""
        if not is_counted(request):
            raise PermissionDenied
        return super().authenticate(request, **credentials)

    def _authenticate(self, request, **credentials):
        account = find_by_login(credentials.get("username") or credentials.get("email") or "")
        # Without an account, allauth hashes all the same.
        return self._check_password(account, credentials["password"])
