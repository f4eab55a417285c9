"""The kind and role of whoever acts, for the audit and the security log."""

from django.db import models
from django.utils.translation import gettext, gettext_noop, pgettext_lazy

# What the groups of the migrations are called in the database: role_name says it in the reader's language.
ROLES = [
    gettext_noop("Clerks"),
    gettext_noop("Court managers"),
    gettext_noop("Service managers"),
    gettext_noop("Editors"),
    gettext_noop("Chief editors"),
]


class ActorKind(models.TextChoices):
    ANONYMOUS = "anonymous", pgettext_lazy("actor", "not logged in")
    LITIGANT = "litigant", pgettext_lazy("actor", "litigant")
    STAFF = "staff", pgettext_lazy("actor", "staff")
    SYSTEM = "system", pgettext_lazy("actor", "system")


KIND_LABELS = dict(ActorKind.choices)


def kind_of(user) -> ActorKind:
    """Return the kind of actor that `user` is. Accounts that may open the office are staff, active or not; None is the system."""
    if user is None:
        return ActorKind.SYSTEM
    if not user.is_authenticated:
        return ActorKind.ANONYMOUS
    return ActorKind.STAFF if _may_open_office(user) else ActorKind.LITIGANT


def role_of(user) -> str:
    """Return the names of the groups of an account, as the migrations name them; empty for a litigant."""
    if not hasattr(user, "_role_for_log"):
        names = user.groups.order_by("name").values_list("name", flat=True)
        user._role_for_log = ", ".join(names)[:200] if kind_of(user) == ActorKind.STAFF else ""
    return user._role_for_log


def role_name(role) -> str:
    """Return what a role (a group, or its name) is called in the active language; one that a site has added keeps its name."""
    return gettext(str(role))


def _may_open_office(user) -> bool:
    if user.is_active:
        return user.has_perm("wagtailadmin.access_admin")
    return user.is_superuser or user.groups.filter(permissions__codename="access_admin").exists()
