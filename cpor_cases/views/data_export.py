"""A person's own data: download them, leave a case, close the account."""

import uuid

from allauth.account.decorators import reauthentication_required
from allauth.core import ratelimit
from allauth.core.exceptions import ReauthenticationRequired
from django import forms
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.generic import TemplateView

from cpor_cases.accounts import data_export
from cpor_cases.actions import access, account_closing, view_log, viewing
from cpor_cases.mail import notifications
from cpor_cases.models import CaseAccess
from cpor_cases.permissions import may_enter_office
from cpor_core.downloads import name_file

from .cases import OwnCasesMixin


@reauthentication_required(app="allauth.account")
def _require_reauthentication(request: HttpRequest) -> None:
    """Raise ReauthenticationRequired unless the person has just reauthenticated."""


class ReauthenticatedMixin(LoginRequiredMixin):
    """Opens only to a person who has just reauthenticated, both on the page and when its button is pressed."""

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        try:
            _require_reauthentication(request)
        except ReauthenticationRequired:
            if request.method != "POST":
                raise
            # Not done as a side effect of reauthentication: the page asks once more.
            return redirect(request.path)
        return super().dispatch(request, *args, **kwargs)


@method_decorator(never_cache, name="dispatch")
class DownloadView(ReauthenticatedMixin, TemplateView):
    """Downloads everything stored about the person, in one file."""

    template_name = "cpor_cases/account/download.html"

    def post(self, request: HttpRequest) -> HttpResponse | FileResponse:
        if refusal := ratelimit.consume_or_429(request, action="data_download"):
            return refusal
        view_log.log_case_views(data_export.shown_to(request.user), by=request.user, opened=False)
        file = data_export.archive_of(request.user)
        notifications.account_notice(request.user, "data_downloaded")
        response = FileResponse(file, content_type="application/zip")
        ending = f"{timezone.localdate():%Y-%m-%d}.zip"
        title = pgettext("downloaded file", "My case progress")
        name_file(response, f"{title}-{ending}", fallback=f"case-progress-{ending}")
        return response


@method_decorator(never_cache, name="dispatch")
class LeaveView(OwnCasesMixin, View):
    """Asks for confirmation, then ends the person's access to a case."""

    def get(self, request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
        left = self.find_access(public_id)
        if way := self.lead_on(left, public_id):
            return way
        viewing.show_rows(request, [left], title=gettext_lazy("Leaving a case"))
        return render(request, "cpor_cases/leave.html", {"case": left.case})

    def post(self, request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
        left = self.find_access(public_id)
        if way := self.lead_on(left, public_id):
            return way
        access.leave(access=left)
        messages.success(request, _("You no longer follow %(number)s.") % {"number": left.case.full_number})
        return redirect("cpor_cases:cases")


class CloseForm(forms.Form):
    """Confirms that the person wants to close the account."""

    is_sure = forms.BooleanField(
        label=gettext_lazy(
            "I want to close my account, and I understand that I will no longer be able to follow any case."
        ),
        error_messages={"required": gettext_lazy("Tick the box if you want to close your account.")},
    )


@method_decorator(never_cache, name="dispatch")
class CloseView(ReauthenticatedMixin, View):
    """Asks for confirmation, then closes the account. Accounts of staff are closed by their court."""

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        if may_enter_office(request.user):
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(CloseForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = CloseForm(request.POST)
        if not form.is_valid():
            return self._page(form)
        account_closing.close(account=request.user)
        logout(request)
        return redirect("account_closed")

    def _page(self, form: CloseForm) -> HttpResponse:
        count = CaseAccess.objects.visible_to(self.request.user).count()
        return render(self.request, "cpor_cases/account/close.html", {"form": form, "count": count})


class ClosedView(TemplateView):
    """The page after the account is closed."""

    template_name = "cpor_cases/account/closed.html"
