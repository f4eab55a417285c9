from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CasesConfig(AppConfig):
    name = "cpor_cases"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("Case progress")

    def ready(self) -> None:
        from cpor_core import reference

        from . import address_register, checks
        from .accounts import security_signals, session_limit, staff_guard
        from .actions import changed_kinds
        from .intake import text_meaning
        from .mail import approvals, descriptions, messages, page_comments  # noqa: F401 (registers the kinds of mail)
        from .office.reports import wagtail_reports
        from .reference import FILES
        from .views import record

        address_register.connect()
        approvals.connect()
        page_comments.connect()
        checks.register()
        changed_kinds.connect()
        descriptions.connect()
        record.connect()
        security_signals.connect()
        staff_guard.connect()
        wagtail_reports.install()
        session_limit.connect()
        text_meaning.connect()
        reference.register(*FILES)
