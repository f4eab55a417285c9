"""Middleware of the project itself."""

from csp.constants import SELF
from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings


class ContentSecurityPolicyMiddleware(CSPMiddleware):
    """The strict policy everywhere, and below /office/ one as tight as Wagtail's admin works under.

    A preview is a page of the site, shown in a frame of the office.
    """

    def get_policy_parts(self, request, response, report_only=False) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        if getattr(request, "is_preview", False):
            # The page as a stranger gets it, in a frame of the editor's.
            parts.config = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"] | {"frame-ancestors": [SELF]}
        elif request.path_info.startswith("/office/") and not report_only:
            parts.config = settings.OFFICE_CONTENT_SECURITY_POLICY
        return parts
