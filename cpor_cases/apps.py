from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CasesConfig(AppConfig):
    name = "cpor_cases"
    verbose_name = _("Case progress")

    def ready(self) -> None:
        from . import (
            address_register,
            keys,  # noqa: F401
            search_text,
            security_signals,
            session_limit,
            staff_guard,
            stored_moments,
        )
        from .backoffice import invalid_filters, wagtail_reports
        from .intake import same_meaning

        address_register.connect()
        security_signals.connect()
        staff_guard.connect()
        wagtail_reports.install()
        invalid_filters.install()
        session_limit.connect()
        stored_moments.connect()
        same_meaning.connect()
        search_text.connect()
