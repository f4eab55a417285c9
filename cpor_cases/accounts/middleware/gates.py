"""Who may not go on: litigants in the office, staff without second factor, people with too old a password, large bodies."""

from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve
from django.utils import translation
from django.utils.translation import gettext as _

from cpor_cases.accounts.passwords import is_too_old
from cpor_cases.accounts.second_factor import is_by_link, is_proven
from cpor_cases.actions.second_factors import has_second_factor
from cpor_cases.models import litigant_of
from cpor_cases.permissions import may_enter_office
from cpor_core import conf
from cpor_core.office.admin_views import is_for_admin
from cpor_core.view_types import route_of


class StaffOnlyMiddleware:
    """Redirects a person who is not staff from Wagtail's admin, at whatever URL, to their own cases.

    Wagtail would send them to the log-in, which sends whoever is logged in back to the admin, without end.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view) -> HttpResponse | None:
        if not is_for_admin(request) or not request.user.is_authenticated or may_enter_office(request.user):
            return None
        if request.headers.get("x-requested-with") == "XMLHttpRequest":
            raise PermissionDenied
        with translation.override(litigant_of(request.user).language):  # the office's URLs have no language
            messages.info(
                request, _("The office is for staff of the courts. These are the cases that you follow.")
            )
            return redirect("cpor_cases:cases")


class StaffSecondFactorMiddleware:
    """Opens Wagtail's admin, at whatever URL, only to staff whose session has proven a second factor."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view) -> HttpResponse | None:
        if not _lacks_second_factor(request):
            return None
        if request.headers.get("x-requested-with") == "XMLHttpRequest":
            raise PermissionDenied
        if has_second_factor(request.user):
            messages.info(request, _("The office asks for your second factor."))
            url = get_adapter().get_reauthentication_methods(request.user)[0]["url"]
            return redirect(f"{url}?{urlencode({'next': request.get_full_path()})}")
        messages.warning(
            request, _("The office opens once you have set up a second factor: a passkey or an app.")
        )
        return redirect("mfa_index")


def _lacks_second_factor(request: HttpRequest) -> bool:
    if not is_for_admin(request) or not (conf.STAFF_MFA_REQUIRED or is_by_link(request)):
        return False
    user = request.user
    return user.is_authenticated and may_enter_office(user) and not is_proven(request)


class PasswordAgeMiddleware:
    """Redirects a person whose password is too old to the page that changes it, before cases or office open."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view) -> HttpResponse | None:
        if not _must_change_password(request):
            return None
        messages.warning(request, _("You have used your password for a long time. Please choose a new one."))
        return redirect("account_change_password")


def _must_change_password(request: HttpRequest) -> bool:
    guarded = is_for_admin(request) or "cpor_cases" in route_of(request).app_names
    return guarded and request.user.is_authenticated and is_too_old(request.user)


class LargeBodiesMiddleware:
    """Refuses a large body before it is read, unless it comes from staff.

    Files are uploaded in the office alone, and Django writes those of any form to the disk before it checks the CSRF
    token, let alone calls the view. The interface for the courts' systems limits its bodies itself, once it knows who calls.
    """

    LIMITED_THEMSELVES = frozenset({"api", "anymail"})

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if _is_large(request) and not self._may_be_sent(request):
            raise RequestDataTooBig("a large body that is not from staff")
        return self.get_response(request)

    def _may_be_sent(self, request: HttpRequest) -> bool:
        try:
            if resolve(request.path_info).namespace in self.LIMITED_THEMSELVES:
                return True
        except Resolver404:
            return False
        return may_enter_office(request.user)


def _is_large(request: HttpRequest) -> bool:
    length = request.META.get("CONTENT_LENGTH") or "0"
    return length.isdecimal() and int(length) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE
