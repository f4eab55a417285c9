"""The page behind an enrolment link: staff with a password log in; the others set up here how they will log in."""

from allauth.account.utils import perform_login
from allauth.core import ratelimit
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from cpor_cases.accounts.forms import FirstPasswordForm
from cpor_cases.accounts.second_factor import keep_link, note_log_in_by_link
from cpor_cases.actions import second_factors, staff_invitations
from cpor_cases.mail import links
from cpor_cases.models import EnrolmentLink
from cpor_core.allauth_internals import record_authentication


@method_decorator([never_cache, sensitive_post_parameters("password1", "password2")], name="dispatch")
class EnrolView(View):
    """Opens an enrolment link. A link scanner that follows it does not use it up.

    Of somebody with a password neither the link nor the password is enough alone: the link is noted in the session, and
    the log-in follows. Whoever was invited, or has no password, sets up a passkey, or a password and an app.
    """

    link: EnrolmentLink

    def dispatch(self, request: HttpRequest, token: str) -> HttpResponseBase:
        public_id = links.read_enrolment_token(token)
        issued = EnrolmentLink.objects.select_related("account")
        link = issued.filter(public_id=public_id).first() if public_id else None
        if link is None or not link.is_usable():
            return self._unusable()
        if request.user.is_authenticated and request.user.pk != link.account_id:
            return render(request, "cpor_cases/enrolment/link_of_another_account.html", status=403)
        self.link = link
        return super().dispatch(request, token)

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        if staff_invitations.needs_setting_up(self.link.account):
            return self._page(FirstPasswordForm(account=self.link.account))
        keep_link(request, self.link.public_id.hex)
        return redirect("mfa_index")

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        if refusal := ratelimit.consume_or_429(request, action="activate"):
            return refusal
        if request.POST.get("way") == "passkey":
            return self._begin(password="", next_page="mfa_add_webauthn")  # noqa: S106 (none: a passkey is set up)
        form = FirstPasswordForm(request.POST, account=self.link.account)
        if not form.is_valid():
            return self._page(form)
        return self._begin(password=form.cleaned_data["password1"], next_page="mfa_activate_totp")

    def _begin(self, *, password: str, next_page: str) -> HttpResponse:
        public_id = self.link.public_id.hex
        try:
            account = staff_invitations.accept(
                account=self.link.account, public_id=public_id, password=password
            )
        except second_factors.NotUsable:
            return self._unusable()
        except staff_invitations.NotTakeable:
            return render(self.request, "cpor_cases/enrolment/address_in_use.html", status=410)
        response = perform_login(
            self.request, account, email_verification="none", redirect_url=reverse(next_page)
        )
        if password:
            record_authentication(self.request, account, "password", reauthenticated=True)
        keep_link(self.request, public_id)
        note_log_in_by_link(self.request)
        return response

    def _page(self, form: FirstPasswordForm) -> HttpResponse:
        account = self.link.account
        facts = {"invitations": staff_invitations.find_open(account), "account": account, "form": form}
        return render(self.request, "cpor_cases/enrolment/set_up.html", facts)

    def _unusable(self) -> HttpResponse:
        return render(self.request, "cpor_cases/enrolment/link_unusable.html", status=410)
