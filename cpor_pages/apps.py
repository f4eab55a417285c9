from django.apps import AppConfig
from django.utils.translation import pgettext_lazy


class PagesConfig(AppConfig):
    name = "cpor_pages"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = pgettext_lazy("website", "Pages")

    def ready(self):
        from . import receivers, retention  # noqa: F401
