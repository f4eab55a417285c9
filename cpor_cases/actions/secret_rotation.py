"""Stored secrets, when the site's secret key is replaced."""

from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from django.db import transaction

from cpor_core.encryption import Unreadable, reencrypt

# The encrypted fields of allauth's factors; passkeys have none, their keys are public.
ENCIPHERED = {
    Authenticator.Type.TOTP: ["secret"],
    Authenticator.Type.RECOVERY_CODES: ["seed", "migrated_codes"],
}


@dataclass
class Rotation:
    """How many factors were re-encrypted, and whose no key could read (account keys)."""

    done: int
    unreadable: list[int]


def rotate() -> Rotation:
    """Encrypt every stored secret with the present key. Safe to repeat, and while people log in."""
    rotation = Rotation(0, [])
    for pk in Authenticator.objects.filter(type__in=ENCIPHERED).order_by("pk").values_list("pk", flat=True):
        _rotate_one(pk, rotation)
    return rotation


@transaction.atomic
def _rotate_one(pk: int, rotation: Rotation) -> None:
    """One row at a time: a recovery code that is used meanwhile waits for the lock, and stays used."""
    factor = Authenticator.objects.select_for_update().filter(pk=pk).first()
    if factor is None:
        return
    try:
        for name in ENCIPHERED[factor.type]:
            if name in factor.data:
                factor.data[name] = _anew(factor.data[name])
    except Unreadable:
        rotation.unreadable.append(factor.user_id)
        return
    factor.save(update_fields=["data"])
    rotation.done += 1


def _anew(value: str | list[str]) -> str | list[str]:
    return [reencrypt(each) for each in value] if isinstance(value, list) else reencrypt(value)
