"""The page on which anybody finds out whether we sent a mail: by its check code and the address that got it."""

from allauth.core import ratelimit
from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from cpor_cases.mail import check_codes, links
from cpor_cases.models import OutgoingMail
from cpor_core import conf
from cpor_core.formfields import AnythingField, email_input


class MailCheckForm(forms.Form):
    code = AnythingField(
        label=_("Check code"),
        help_text=format_lazy(
            _("It stands at the end of each of our emails and looks like {example}."),
            example=check_codes.EXAMPLE,
        ),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )
    address = AnythingField(
        label=_("Your email address"),
        help_text=_("The one at which you received the email."),
        widget=email_input(),
    )

    def find_mail(self) -> OutgoingMail | None:
        return check_codes.find_sent(code=self.cleaned_data["code"], address=self.cleaned_data["address"])


# No CSRF token: nobody is logged in for this, nothing is changed, and only the page itself can read the answer.
@method_decorator([never_cache, csrf_exempt, sensitive_post_parameters("code", "address")], name="dispatch")
class MailCheckView(View):
    """Asked by POST, so that no address gets into a log. Of a mail of ours it says when it was sent and what kind it is,
    never its case or person. Everything else gets one and the same answer."""

    http_method_names = ["get", "head", "post"]

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(MailCheckForm())

    @method_decorator(sensitive_variables())
    def post(self, request: HttpRequest) -> HttpResponse:
        if refusal := ratelimit.consume_or_429(request, action="mail_check"):
            return refusal
        form = MailCheckForm(request.POST)
        if not form.is_valid():
            return self._page(form)
        return self._page(form, is_answer=True, mail=form.find_mail())

    def _page(self, form: MailCheckForm, *, is_answer: bool = False, mail: OutgoingMail | None = None):
        context = {
            "form": form,
            "is_answer": is_answer,
            "kind": mail and mail.get_kind_display(),
            "sent_at": mail and (mail.ended_at or mail.created_at),
            "months": conf.KEEP_MAIL_ADDRESS_MONTHS,
            "forged_url": links.to_forged_mails(),
            "service_url": links.to_home(),
        }
        return render(self.request, "cpor_cases/mail_check.html", context)
