"""Nobody who follows a case is made a member of staff, whatever changes their groups, permissions or flags (rule 4).

Wagtail's forms, commands and the shell all end in these signals; there is no action of ours for it.
"""

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db.models.signals import m2m_changed, pre_save
from django.utils.translation import gettext as _

from cpor_cases.models import CaseAccess
from cpor_cases.permissions import entering_permissions, follows_cases, opens_office


class FollowsCases(PermissionDenied):
    """The account may see cases as a litigant, so it cannot open the office."""

    def __init__(self):
        super().__init__(
            _("This account follows cases as a litigant. A member of staff needs an account of its own.")
        )


def connect() -> None:
    """Connect the receivers, once, when the app is ready."""
    user_model = get_user_model()
    pre_save.connect(_flags, sender=user_model)
    m2m_changed.connect(_groups, sender=user_model.groups.through)
    m2m_changed.connect(_own_permissions, sender=user_model.user_permissions.through)
    m2m_changed.connect(_permissions_of_group, sender=Group.permissions.through)


def _flags(sender, instance, raw=False, **kwargs):
    is_flagged = instance.is_superuser or instance.is_staff
    if not raw and is_flagged and instance.pk and follows_cases(instance):
        raise FollowsCases


def _groups(sender, instance, action, reverse, pk_set, **kwargs):
    """`reverse`: accounts were added to the group `instance`, and not groups to the account."""
    if action != "pre_add" or not pk_set:
        return
    groups = [instance] if reverse else Group.objects.filter(pk__in=pk_set)
    accounts = pk_set if reverse else [instance.pk]
    if any(opens_office(group) for group in groups):
        _refuse_litigants(accounts)


def _own_permissions(sender, instance, action, reverse, pk_set, **kwargs):
    if action != "pre_add" or not pk_set:
        return
    permissions = [instance.pk] if reverse else pk_set
    if entering_permissions().filter(pk__in=permissions).exists():
        _refuse_litigants(pk_set if reverse else [instance.pk])


def _permissions_of_group(sender, instance, action, reverse, pk_set, **kwargs):
    if action != "pre_add" or not pk_set:
        return
    permissions, groups = ([instance.pk], pk_set) if reverse else (pk_set, [instance.pk])
    if entering_permissions().filter(pk__in=permissions).exists():
        _refuse_litigants(get_user_model().objects.filter(groups__in=groups).values("pk"))


def _refuse_litigants(accounts) -> None:
    if CaseAccess.objects.live().filter(account__in=accounts).exists():
        raise FollowsCases
