from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    name = "cpor_core"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("Courts and case words")

    def ready(self) -> None:
        from . import (  # noqa: F401 (receivers, a path converter)
            checks,
            content_version,
            keys,
            reference,
            search_text,
            stored_moments,
        )
        from .office import invalid_filters, list_counts, widget_starters
        from .reference.files import FILES
        from .translated import comparison

        checks.register()
        comparison.register()
        invalid_filters.install()
        list_counts.install()
        widget_starters.replace_inline_script()
        stored_moments.connect()
        search_text.connect()
        reference.register(*FILES)
