"""Checks of database constraints."""

from django.db import IntegrityError, transaction


def is_refused(change) -> bool:
    """Return whether a constraint of the database forbids what `change()` does."""
    try:
        with transaction.atomic():
            change()
    except IntegrityError:
        return True
    return False
