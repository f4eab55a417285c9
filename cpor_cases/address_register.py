"""Keeps the register of addresses (AccountAddress) in step with the user model and with allauth's proven addresses.

It receives the models' signals, and is not called by actions: Wagtail, allauth and the command line make and change
accounts too, and two accounts for one address must be impossible by any of these ways.
"""

import unicodedata

from allauth.account.models import EmailAddress
from django.contrib.auth import get_user_model
from django.db.models import Exists, OuterRef
from django.db.models.functions import Lower
from django.db.models.signals import post_delete, post_save

from cpor_core.email_addresses import normalise

from .models import AccountAddress


def find_by_address(address: str):
    """Return the account that owns an address, however it is spelled, or None."""
    return get_user_model().objects.filter(own_addresses__address=address).first()


def find_by_login(typed: str):
    """Return the account, active or not, that logs in with what was typed, its address or its name; None if there is none.

    One query, whatever was typed: log-in takes no longer for the one than for the other.
    """
    accounts = get_user_model().objects
    owner = AccountAddress.objects.filter(address=typed)
    name = unicodedata.normalize("NFKC", typed).strip().lower()
    named = accounts.alias(folded=Lower(get_user_model().USERNAME_FIELD)).filter(folded=name)
    found = accounts.filter(pk__in=owner.values("account").union(named.values("pk")))
    # An account name may equal another account's address: the address was proven, the name only chosen.
    return found.alias(is_owner=Exists(owner.filter(account=OuterRef("pk")))).order_by("-is_owner").first()


def register(account) -> None:
    """Bring the register up to date with the addresses of an account. Raises IntegrityError if one of them is another account's."""
    known = set(AccountAddress.objects.filter(account=account).values_list("address", flat=True))
    current = _addresses_of(account)
    if gone := known - current:
        AccountAddress.objects.filter(account=account, address__in=gone).delete()
    for address in sorted(current - known):
        AccountAddress.objects.create(account=account, address=address)


def not_in_step(accounts: list) -> list[int]:
    """Return the keys of those accounts of which the register has other addresses than their own: for the self-check."""
    current: dict[int, set[str]] = {account.pk: set() for account in accounts}
    for account in accounts:
        if address := getattr(account, _email_field()):
            current[account.pk].add(normalise(address))
    proven = EmailAddress.objects.filter(user__in=current, verified=True)
    for account_id, address in proven.values_list("user", "email"):
        current[account_id].add(normalise(address))
    known: dict[int, set[str]] = {account.pk: set() for account in accounts}
    registered = AccountAddress.objects.filter(account__in=current)
    for account_id, address in registered.values_list("account", "address"):
        known[account_id].add(address)
    return [key for key in current if current[key] != known[key]]


def _addresses_of(account) -> set[str]:
    proven = EmailAddress.objects.filter(user=account, verified=True).values_list("email", flat=True)
    return {normalise(address) for address in (getattr(account, _email_field()), *proven) if address}


def _email_field() -> str:
    return get_user_model().get_email_field_name()


def _account_saved(sender, instance, update_fields=None, raw=False, **kwargs) -> None:
    if not raw and (update_fields is None or _email_field() in update_fields):
        register(instance)


def _proven_address_changed(sender, instance, raw=False, **kwargs) -> None:
    account = get_user_model().objects.filter(pk=instance.user_id).first()
    if account and not raw:  # its account may just be going, too
        register(account)


def connect() -> None:
    """Connect the receivers, once, when the app is ready."""
    post_save.connect(_account_saved, sender=get_user_model(), dispatch_uid="address_register.account")
    for signal in (post_save, post_delete):
        signal.connect(
            _proven_address_changed, sender=EmailAddress, dispatch_uid="address_register.proven_address"
        )
