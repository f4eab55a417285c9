from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SiteConfig(AppConfig):
    name = "cpor_site"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        from . import office_widgets

        office_widgets.replace_inline_script()
