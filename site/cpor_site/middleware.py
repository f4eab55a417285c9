"""Middleware of the project itself."""

from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings


class ContentSecurityPolicyMiddleware(CSPMiddleware):
    """The strict policy everywhere, and below /office/ one as tight as Wagtail's admin works under."""

    def get_policy_parts(self, request, response, report_only=False) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        if request.path_info.startswith("/office/") and not report_only:
            parts.config = settings.OFFICE_CONTENT_SECURITY_POLICY
        return parts
