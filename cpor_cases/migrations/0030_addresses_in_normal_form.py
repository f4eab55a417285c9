from collections import defaultdict

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import migrations

from cpor_cases.email_addresses import normalise

REFUSAL = (
    "These accounts have the same e-mail address, spelled differently: {keys}. One address is one account. Give all but "
    "one of each group another address, or none, and run migrate again."
)


def normalise_addresses(apps, schema_editor):
    """Spell every stored address the one way, and write down whose it is. Nothing is changed if two accounts share one."""
    User = apps.get_model(settings.AUTH_USER_MODEL)
    EmailAddress = apps.get_model("account", "EmailAddress")
    email_field = get_user_model().get_email_field_name()
    owners = _owners(User, EmailAddress, email_field)
    if shared := sorted(sorted(accounts) for accounts in owners.values() if len(accounts) > 1):
        raise RuntimeError(REFUSAL.format(keys=", ".join("/".join(map(str, group)) for group in shared)))
    _respell(User, email_field)
    _drop_second_spellings(EmailAddress)
    _respell(EmailAddress, "email")
    _respell(apps.get_model("cpor_cases", "Application"), "email")
    _respell(apps.get_model("cpor_cases", "OutgoingMail"), "address")
    _respell_bounced(apps.get_model("cpor_cases", "BouncedAddress"))
    AccountAddress = apps.get_model("cpor_cases", "AccountAddress")
    AccountAddress.objects.bulk_create(
        (AccountAddress(account_id=next(iter(accounts)), address=address) for address, accounts in owners.items()),
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


def _respell(model, field: str) -> None:
    rows = model.objects.exclude(**{field: ""}).values_list("pk", field)
    for key, address in rows.iterator(2000):
        if address and normalise(address) != address:
            model.objects.filter(pk=key).update(**{field: normalise(address)})


def _drop_second_spellings(EmailAddress) -> None:
    """Keep one row for an address that an account has in two spellings: the proven one, the older one."""
    seen = set()
    for row in EmailAddress.objects.order_by("-verified", "-primary", "pk"):
        spelled = (row.user_id, normalise(row.email))
        if spelled in seen:
            row.delete()
        seen.add(spelled)


def _respell_bounced(BouncedAddress) -> None:
    """Keep one mark for an address: a hard one, the newest."""
    seen = set()
    for row in BouncedAddress.objects.order_by("hardness", "-last_at"):  # "hard" comes before "soft"
        address = normalise(row.address)
        if address in seen:
            row.delete()
        seen.add(address)
    _respell(BouncedAddress, "address")


class Migration(migrations.Migration):
    dependencies = [
        ("account", "0009_emailaddress_unique_primary_email"),
        ("cpor_cases", "0029_account_addresses"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [migrations.RunPython(normalise_addresses, migrations.RunPython.noop)]
