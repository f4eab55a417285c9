"""The addresses of the accounts that a site has already: one address is one account (rule 3)."""

from collections import defaultdict

from django.conf import settings
from django.contrib.auth import get_user_model

from cpor_core.email_addresses import normalise

REFUSAL = (
    "These accounts have the same e-mail address, spelled differently: {keys}. One address is one account. Give all but "
    "one of each group another address, or none, and run migrate again."
)


def register_addresses(apps, schema_editor):
    """Write down in normal form whose each address is. Raises RuntimeError, naming keys alone, if two accounts share one."""
    User = apps.get_model(settings.AUTH_USER_MODEL)
    EmailAddress = apps.get_model("account", "EmailAddress")
    owners = _owners(User, EmailAddress, get_user_model().get_email_field_name())
    if shared := sorted(sorted(accounts) for accounts in owners.values() if len(accounts) > 1):
        raise RuntimeError(REFUSAL.format(keys=", ".join("/".join(map(str, group)) for group in shared)))
    AccountAddress = apps.get_model("cpor_cases", "AccountAddress")
    AccountAddress.objects.bulk_create(
        (
            AccountAddress(account_id=next(iter(accounts)), address=address)
            for address, accounts in owners.items()
        ),
        batch_size=500,
    )


def _owners(User, EmailAddress, email_field: str) -> dict[str, set]:
    owners = defaultdict(set)
    rows = User.objects.exclude(**{email_field: ""}).values_list("pk", email_field)
    proven = EmailAddress.objects.filter(verified=True).values_list("user", "email")
    for account, address in [*rows, *proven]:
        if address:
            owners[normalise(address)].add(account)
    return owners
