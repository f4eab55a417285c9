"""Wagtail's permission policies for the rows of the office: each keeps to the reader's horizon (rule 8)."""

from wagtail.permission_policies import ModelPermissionPolicy

from cpor_core.models import ClerkPost, Court

from .permissions import (
    courts_with_rhythm_of,
    invitations_in_charge_of,
    is_in_charge,
    oversees_courts,
    serves_somewhere,
    staff_in_charge_of,
    staff_listed_for,
)


class RowsPolicy(ModelPermissionPolicy):
    """A policy of which a subclass says two things: who may do what, and with which rows."""

    def instances_user_has_any_permission_for(self, user, actions):
        raise NotImplementedError

    def instances_user_has_permission_for(self, user, action):
        return self.instances_user_has_any_permission_for(user, [action])

    def user_has_any_permission_for_instance(self, user, actions, instance) -> bool:
        return self.instances_user_has_any_permission_for(user, actions).filter(pk=instance.pk).exists()

    def user_has_permission_for_instance(self, user, action, instance) -> bool:
        return self.user_has_any_permission_for_instance(user, [action], instance)


class CourtHorizonPolicy(RowsPolicy):
    """Django's model permissions, but only for rows of the courts at which the person serves.

    The model's default manager has `for_clerk(user)`; lists, forms, exports and choosers use it through this policy. People
    who serve at no court (service managers among them) find no rows, and the menu does not offer them the screens.
    """

    def user_has_permission(self, user, action):
        return super().user_has_permission(user, action) and self.has_horizon(user)

    def has_horizon(self, user) -> bool:
        return serves_somewhere(user)

    def instances_user_has_any_permission_for(self, user, actions):
        if not self.user_has_any_permission(user, actions):
            return self.model._default_manager.none()
        return self.model._default_manager.for_clerk(user)


class PostPolicy(CourtHorizonPolicy):
    """Who serves where: seen and changed by the court's own manager, and by who oversees the service."""

    def has_horizon(self, user) -> bool:
        return oversees_courts(user) or serves_somewhere(user)

    def instances_user_has_any_permission_for(self, user, actions):
        if not self.user_has_any_permission(user, actions):
            return ClerkPost.objects.none()
        if oversees_courts(user):
            return ClerkPost.objects.all()
        return ClerkPost.objects.filter(court__in=Court.objects.for_clerk(user))


class OwnRulesPolicy(RowsPolicy):
    """A policy that asks rules of the service in place of Django's permissions: `user_has_permission` alone decides."""

    def user_has_any_permission(self, user, actions) -> bool:
        return any(self.user_has_permission(user, action) for action in actions)


class StaffPolicy(OwnRulesPolicy):
    """Members of staff as those see them who invite them, end their sessions and reset their second factors.

    Given to those screens alone, never registered: Wagtail's own screens of users ask for Django's permissions.
    """

    def user_has_permission(self, user, action) -> bool:
        return action in {"view", "change"} and is_in_charge(user)

    def instances_user_has_any_permission_for(self, user, actions):
        rows = staff_listed_for(user) if set(actions) == {"view"} else staff_in_charge_of(user)
        return rows if self.user_has_any_permission(user, actions) else rows.none()


class StaffInvitationPolicy(StaffPolicy):
    """Open invitations to the office, as those see them who could have made them."""

    def user_has_permission(self, user, action) -> bool:
        return action in {"view", "add", "change"} and is_in_charge(user)

    def instances_user_has_any_permission_for(self, user, actions):
        rows = invitations_in_charge_of(user)
        return rows if self.user_has_any_permission(user, actions) else rows.none()


class RhythmPolicy(OwnRulesPolicy):
    """The courts as those see them who see to their data: a manager's own, an operator's all. Given to those screens alone."""

    def user_has_permission(self, user, action) -> bool:
        return action == "manage" and courts_with_rhythm_of(user).exists()

    def instances_user_has_any_permission_for(self, user, actions):
        return courts_with_rhythm_of(user)


class ClosurePolicy(RhythmPolicy):
    """The closed days of these courts."""

    def instances_user_has_any_permission_for(self, user, actions):
        return self.model._default_manager.filter(court__in=courts_with_rhythm_of(user))
