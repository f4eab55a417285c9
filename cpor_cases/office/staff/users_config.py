"""Replaces Wagtail's screens of users by ours. Listed in INSTALLED_APPS instead of `wagtail.users`."""

from wagtail.users.apps import WagtailUsersAppConfig


class StaffAccountsConfig(WagtailUsersAppConfig):
    group_viewset = "cpor_cases.office.staff.accounts.RoleViewSet"
    user_viewset = "cpor_cases.office.staff.accounts.StaffAccountViewSet"

    def ready(self):
        super().ready()
        from django.contrib.auth import get_user_model
        from wagtail.permissions import register_permission_policy

        from .accounts import StaffAccountPolicy

        register_permission_policy(get_user_model(), StaffAccountPolicy(get_user_model()))
