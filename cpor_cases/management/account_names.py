"""How a command names an account."""

from django.contrib.auth import get_user_model
from django.core.management.base import CommandError
from django.db.models import Q


def find_account(name: str):
    """Return the account with this account name or e-mail address. Raises CommandError with a sentence if there is none."""
    found = get_user_model().objects.filter(Q(username__iexact=name) | Q(email__iexact=name)).first()
    if found is None:
        raise CommandError(f"There is no account with the name or address {name}.")
    return found
