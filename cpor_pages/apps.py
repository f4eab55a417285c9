from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PagesConfig(AppConfig):
    name = "cpor_pages"
    verbose_name = _("Pages")

    def ready(self):
        from . import receivers, retention  # noqa: F401
