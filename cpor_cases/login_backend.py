"""The authentication back end: one account is looked for and one password hashed, whatever was typed."""

from allauth.account.auth_backends import AuthenticationBackend

from .address_register import find_by_login


class LogInBackend(AuthenticationBackend):
    """allauth's back end with one look-up in the place of its several.

    allauth passes on what was typed both as a name and as an address, and tries the password for each account it finds:
    twice for an address that has an account, once for any other. The time of the answer told which addresses have one.
    """

    def _authenticate(self, request, **credentials):
        account = find_by_login(credentials.get("username") or credentials.get("email") or "")
        return self._check_password(
            account, credentials["password"]
        )  # without an account, allauth hashes all the same
