"""Who may do what. A member of staff's horizon is their court (rule 8)."""

from functools import reduce
from operator import or_

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, QuerySet
from wagtail.models import GroupPagePermission

from cpor_core.models import ClerkPost, Court
from cpor_core.models.courts import OVERSIGHT_PERMISSION, CourtQuerySet, holds_no_post

from .models import Activation, Application, CaseAccess, StaffInvitation

OFFICE_PERMISSION = "wagtailadmin.access_admin"
MANAGER_PERMISSION = "cpor_core.add_clerkpost"
TOKEN_PERMISSION = "cpor_cases.add_apitoken"  # noqa: S105 (a right's name)
COURT_PERMISSION = "cpor_core.manage_court"
REPORT_PERMISSION = "cpor_core.report_court"


def serves_at(user, court: Court) -> bool:
    """Whether `court` lies within the horizon of this member of staff."""
    return Court.objects.for_clerk(user).filter(pk=court.pk).exists()


def serves_somewhere(user) -> bool:
    """Whether this member of staff serves at any court. Cached on the user object, as Django caches permissions."""
    if not hasattr(user, "_serves_somewhere"):
        user._serves_somewhere = Court.objects.for_clerk(user).exists()
    return user._serves_somewhere


def is_clerk(user) -> bool:
    """Whether this person has a clerk's right: to view applications."""
    return user.has_perm("cpor_cases.view_application")


def works_in_office(user) -> bool:
    """Whether this person has a clerk's right and a court."""
    return is_clerk(user) and serves_somewhere(user)


def entering_permissions() -> QuerySet:
    """The permission to enter the office."""
    return Permission.objects.filter(content_type__app_label="wagtailadmin", codename="access_admin")


def opens_office(group: Group) -> bool:
    """Whether members of this group may enter the office."""
    return group.permissions.filter(pk__in=entering_permissions()).exists()


def staff_accounts() -> QuerySet:
    """The accounts that may enter the office, and inactive ones that could if they were activated.

    Inactive ones count: an activation link must never restore a former clerk's rights.
    """
    entering = entering_permissions()
    is_staff = (
        Q(is_superuser=True)
        | Q(is_staff=True)
        | Q(groups__in=Group.objects.filter(permissions__in=entering))
        | Q(user_permissions__in=entering)
        | Q(pk__in=ClerkPost.objects.values("user"))
    )
    return get_user_model()._default_manager.filter(is_staff).distinct()


def is_staff_account(account) -> bool:
    """Whether an account is one of the `staff_accounts`: it can receive no case (rule 4)."""
    return staff_accounts().filter(pk=account.pk).exists()


def manageable_accounts() -> QuerySet:
    """The accounts that whoever manages users may see and change: staff, and new ones that were never a litigant's."""
    is_litigant = (
        Exists(model.objects.filter(account=OuterRef("pk")))
        for model in (CaseAccess, Activation, Application)
    )
    accounts = get_user_model()._default_manager
    was_never = ~reduce(or_, is_litigant)
    return accounts.filter(Q(pk__in=staff_accounts().values("pk")) | was_never)


def follows_cases(account) -> bool:
    """Whether an account may see a case as a litigant: it cannot become a staff account meanwhile (rule 4)."""
    return CaseAccess.objects.live().filter(account=account.pk).exists()


def may_become_staff(account) -> bool:
    """Whether an account may become one of staff: it never was a litigant's, or was staff before."""
    return manageable_accounts().filter(pk=account.pk).exists() and not follows_cases(account)


def may_enter_office(user) -> bool:
    """Whether this person may enter the office now, as far as rights go."""
    return user.is_active and user.has_perm(OFFICE_PERMISSION)


def staff_in_charge_of(user) -> QuerySet:
    """The members of staff whose sessions this person may end, whose lost second factor they may reset, and whose work
    in the office they may end.

    A superuser's are all others. A service manager's are the managers of the courts. A court manager's are those who
    serve at the manager's courts alone and whose work reaches no further: never managers, superusers, or editors of the
    site's pages.
    """
    staff = _holders_of(OFFICE_PERMISSION).exclude(pk=user.pk)
    if user.is_active and user.is_superuser:
        return staff
    if not is_in_charge(user):
        return staff.none()
    staff = staff.filter(is_superuser=False)
    beyond = [OVERSIGHT_PERMISSION, _user_permission()]
    if oversees_courts(user):
        staff = staff.filter(pk__in=_holders_of(MANAGER_PERMISSION).values("pk"))
    else:
        own = Court.objects.for_clerk(user).values("pk")
        staff = staff.filter(pk__in=ClerkPost.objects.filter(court__in=own).values("user"))
        staff = staff.exclude(pk__in=ClerkPost.objects.exclude(court__in=own).values("user"))
        beyond.append(MANAGER_PERMISSION)
    for permission in beyond:
        staff = staff.exclude(pk__in=_holders_of(permission).values("pk"))
    editors = get_user_model().objects.filter(groups__in=GroupPagePermission.objects.values("group"))
    return staff.exclude(pk__in=editors.values("pk"))


def staff_listed_for(user) -> QuerySet:
    """The members of staff whom this person sees: those in their charge; a superuser also those whose work has ended."""
    if user.is_active and user.is_superuser:
        return staff_accounts().exclude(pk=user.pk)
    return staff_in_charge_of(user)


def roles_given_by(user) -> QuerySet[Group]:
    """The roles in which this person may invite others: never one that reaches further than their own.

    A superuser gives each role that opens the office, a service manager that of a court's manager, a court manager that
    of a clerk.
    """
    roles = Group.objects.filter(permissions__in=entering_permissions()).order_by("pk").distinct()
    if user.is_active and user.is_superuser:
        return roles
    if not is_in_charge(user):
        return roles.none()
    of_courts = roles.filter(pk__in=_groups_with("cpor_cases.view_application"))
    for permission in (OVERSIGHT_PERMISSION, _user_permission()):
        of_courts = of_courts.exclude(pk__in=_groups_with(permission))
    of_courts = of_courts.exclude(pk__in=GroupPagePermission.objects.values("group"))
    managing = _groups_with(MANAGER_PERMISSION)
    if oversees_courts(user):
        return of_courts.filter(pk__in=managing)
    return of_courts.exclude(pk__in=managing)


def is_role_at_a_court(role: Group) -> bool:
    """Whether people in this role serve at a court: clerks and their managers do, whoever oversees all courts does not."""
    holders = _groups_with("cpor_cases.view_application").exclude(pk__in=_groups_with(OVERSIGHT_PERMISSION))
    return holders.filter(pk=role.pk).exists()


def can_invite(user, role: Group, court: Court | None) -> bool:
    """Whether this person may invite somebody to the office in this role, at this court (None for a role at no court)."""
    if not roles_given_by(user).filter(pk=role.pk).exists() or is_role_at_a_court(role) != (
        court is not None
    ):
        return False
    return court is None or reaches_all_courts(user) or serves_at(user, court)


def reaches_all_courts(user) -> bool:
    """Whether this person appoints people at every court: superusers and service managers."""
    return (user.is_active and user.is_superuser) or oversees_courts(user)


def invitations_in_charge_of(user) -> QuerySet:
    """The open invitations that this person sees, sends again and withdraws: those that they could make themselves."""
    invitations = StaffInvitation.objects.filter(role__in=roles_given_by(user).values("pk"))
    if reaches_all_courts(user):
        return invitations
    return invitations.filter(court__in=Court.objects.for_clerk(user))


def _groups_with(permission: str) -> QuerySet[Group]:
    app, codename = permission.split(".")
    holding = Permission.objects.filter(content_type__app_label=app, codename=codename)
    return Group.objects.filter(permissions__in=holding)


def require_charge(user, account) -> None:
    """Raise PermissionDenied unless `account` is a member of staff in this person's charge."""
    if not staff_in_charge_of(user).filter(pk=account.pk).exists():
        raise PermissionDenied


def is_in_charge(user) -> bool:
    """Whether this person can have members of staff in their charge: superusers, service managers, court managers."""
    return user.is_active and user.has_perm(MANAGER_PERMISSION)


def _holders_of(permission: str) -> QuerySet:
    """The active accounts that have a right, superusers among them."""
    backend = "django.contrib.auth.backends.ModelBackend"
    return get_user_model()._default_manager.with_perm(permission, backend=backend)


def _user_permission() -> str:
    meta = get_user_model()._meta
    return f"{meta.app_label}.change_{meta.model_name}"


def oversees_courts(user) -> bool:
    """Whether this member of staff oversees the service: sees the reports and the posts of all courts."""
    return user.has_perm(OVERSIGHT_PERMISSION)


def courts_reported_to(user) -> CourtQuerySet:
    """The courts whose figures this person may read: their own, or all if they oversee the service."""
    if not user.has_perm(REPORT_PERMISSION):
        return Court.objects.none()
    return Court.objects.all() if oversees_courts(user) else Court.objects.for_clerk(user)


def can_edit_court(user, court: Court) -> bool:
    """Whether this person may set the telephone and hours of `court`: its own manager alone."""
    return user.has_perm(COURT_PERMISSION) and serves_at(user, court)


def can_set_rhythm(user, court: Court) -> bool:
    """Whether this person may say when `court` usually sends data and when it is closed: its own manager, or an operator."""
    return (user.is_active and user.is_superuser) or can_edit_court(user, court)


def courts_with_rhythm_of(user) -> CourtQuerySet:
    """The courts whose data this person sees to: a manager's own, an operator's all."""
    if user.is_active and user.is_superuser:
        return Court.objects.all()
    return Court.objects.for_clerk(user) if user.has_perm(COURT_PERMISSION) else Court.objects.none()


def managers_of(court: Court) -> QuerySet:
    """The active accounts that manage `court`: they hold the right, and serve there."""
    return _holders_of(COURT_PERMISSION).filter(is_superuser=False, posts__court=court).distinct()


def can_manage_posts(user, court: Court) -> bool:
    """Whether this person may say who serves at `court`: its own manager, or who oversees the service."""
    return user.has_perm(MANAGER_PERMISSION) and (oversees_courts(user) or serves_at(user, court))


def may_hold_post(user) -> bool:
    """Whether this member of staff may serve at a court: a service manager holds none."""
    return not holds_no_post(user)


def can_remove_post(user, post: ClerkPost) -> bool:
    """Whether this person may end `post`: a manager ends clerks' posts, never a fellow manager's or their own."""
    if not can_manage_posts(user, post.court):
        return False
    return oversees_courts(user) or not post.user.has_perm(MANAGER_PERMISSION)


def can_manage_tokens(user, court: Court) -> bool:
    """Whether this person may make and revoke the tokens of `court`'s system: its own manager alone."""
    return user.has_perm(TOKEN_PERMISSION) and serves_at(user, court)


def require_right(user, right: str, court: Court) -> None:
    """Raise PermissionDenied unless `user` holds a right of cpor_cases and serves at `court`.

    Every action of a clerk asks, whichever view or command calls it.
    """
    if not (user.has_perm(f"cpor_cases.{right}") and serves_at(user, court)):
        raise PermissionDenied
