"""Wagtail's page of one's own account, without the panel of one's name: a manager names staff, the log goes by it."""

from wagtail.admin.auth import require_admin_access
from wagtail.admin.views import account


class AccountView(account.AccountView):
    def get_panels(self):
        panels = super().get_panels()
        return [panel for panel in panels if not isinstance(panel, account.NameEmailSettingsPanel)]


own_account = require_admin_access(AccountView.as_view())
