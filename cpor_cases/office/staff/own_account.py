"""Wagtail's page of one's own account, without the panel for the name: the log uses it, so managers set it."""

from wagtail.admin.views import account

from cpor_core.office.admin_views import stands_in_for_admin


class AccountView(account.AccountView):
    def get_panels(self):
        panels = super().get_panels()
        return [panel for panel in panels if not isinstance(panel, account.NameEmailSettingsPanel)]


own_account = stands_in_for_admin(AccountView.as_view())
