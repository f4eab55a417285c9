from django.apps import AppConfig
from django.conf import settings
from django.utils.translation import pgettext_lazy


class SiteConfig(AppConfig):
    name = "cpor_site"
    verbose_name = pgettext_lazy("account", "Accounts")

    def ready(self) -> None:
        if settings.METRICS_TOKEN or settings.METRICS_FROM_LOOPBACK:
            from .metrics import counters  # what it counts is loaded by now

            counters.connect()
