"""Security headers of every response, the Content-Security-Policy among them."""

from csp.constants import SELF
from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.security import SecurityMiddleware

from cpor_core import conf
from cpor_core.office.admin_views import is_for_admin


class SecurityHeadersMiddleware(SecurityMiddleware):
    """Django's security headers and ours, on every response.

    It is the outermost: where a middleware itself raises (a host name that is not allowed, before the redirect to https),
    Django's error response passes none of those inside it. It neither refuses nor redirects: Django's own does.
    """

    def process_request(self, request: HttpRequest) -> None:
        return None

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        response.headers.setdefault("Permissions-Policy", conf.PERMISSIONS_POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return super().process_response(request, response)


class ContentSecurityPolicyMiddleware(CSPMiddleware):
    """The strict policy everywhere, and for Wagtail's admin the tightest under which it works."""

    def get_policy_parts(self, request, response, report_only=False) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        if getattr(request, "is_preview", False):
            # A preview is the page as an anonymous visitor gets it, in a frame of the editor's.
            parts.config = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"] | {"frame-ancestors": [SELF]}
        elif is_for_admin(request) and not report_only:
            parts.config = conf.OFFICE_CONTENT_SECURITY_POLICY
        return parts
