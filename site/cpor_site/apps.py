from django.apps import AppConfig
from django.utils.translation import pgettext_lazy


class SiteConfig(AppConfig):
    name = "cpor_site"
    verbose_name = pgettext_lazy("account", "Accounts")
