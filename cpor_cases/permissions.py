"""Who may do what. A member of staff's horizon is their court (law of the house, 8)."""

from django.core.exceptions import PermissionDenied
from wagtail.permission_policies import ModelPermissionPolicy

from .models import Court


def serves_at(user, court: Court) -> bool:
    """Whether `court` lies within the horizon of this member of staff."""
    return Court.objects.for_clerk(user).filter(pk=court.pk).exists()


def require_post(user, court: Court) -> None:
    """Raise PermissionDenied unless `user` serves at `court`: every deed asks, whichever door it came through."""
    if not serves_at(user, court):
        raise PermissionDenied


class CourtHorizonPolicy(ModelPermissionPolicy):
    """Django's model permissions, but only for rows of the courts at which the person serves.

    The model's default manager has `for_clerk(user)`; lists, forms, exports and choosers all ask it through here.
    """

    def instances_user_has_any_permission_for(self, user, actions):
        if not self.user_has_any_permission(user, actions):
            return self.model._default_manager.none()
        return self.model._default_manager.for_clerk(user)

    def instances_user_has_permission_for(self, user, action):
        return self.instances_user_has_any_permission_for(user, [action])

    def user_has_any_permission_for_instance(self, user, actions, instance):
        return self.instances_user_has_any_permission_for(user, actions).filter(pk=instance.pk).exists()

    def user_has_permission_for_instance(self, user, action, instance):
        return self.user_has_any_permission_for_instance(user, [action], instance)
