"""The page behind the activation link."""

from allauth.account.utils import perform_login
from allauth.core import ratelimit
from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from cpor_cases.accounts.forms import ActivationForm
from cpor_cases.actions import account_activation
from cpor_cases.models import Activation
from cpor_core import conf


@method_decorator([never_cache, sensitive_post_parameters("password1", "password2")], name="dispatch")
class ActivateView(View):
    """Activates an account by the name on the form, an account name and a password, logs in and shows the cases."""

    activation: Activation  # of the link

    def dispatch(self, request: HttpRequest, token: str) -> HttpResponseBase:
        activation = account_activation.find_activation(token)
        if activation is None:
            return self._page("forged", status=404)
        self.activation = activation
        if not account_activation.is_usable(self.activation, token):
            return self._unusable()
        return super().dispatch(request, token)

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        return self._page("form", form=ActivationForm(account=self.activation.account))

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        if refusal := ratelimit.consume_or_429(request, action="activate"):
            return refusal
        form = ActivationForm(request.POST, account=self.activation.account)
        if not form.is_valid():
            return self._page("form", form=form)
        try:
            account = account_activation.activate(
                token=token,
                name=form.cleaned_data["name"],
                username=form.cleaned_data["username"],
                password=form.cleaned_data["password1"],
                language=get_language(),
            )
        except account_activation.WrongName:
            return self._wrong_name(form)
        except account_activation.NotUsable:
            self.activation.refresh_from_db()
            return self._unusable()
        except IntegrityError:
            form.add_error("username", _("This account name is taken. Please choose another one."))
            return self._page("form", form=form)
        messages.success(request, _("Your account is active. These are your cases."))
        return perform_login(request, account, email_verification="none")

    def _wrong_name(self, form: ActivationForm) -> HttpResponse:
        self.activation.refresh_from_db()
        if self.activation.is_locked:
            return self._unusable()
        left = conf.ACTIVATION_WRONG_NAMES - self.activation.wrong_names
        form.add_error(
            "name",
            ngettext(
                "This is not the name on the form. You can try %(left)d more time; then the court has to unlock the link.",
                "This is not the name on the form. You can try %(left)d more times; then the court has to unlock the link.",
                left,
            )
            % {"left": left},
        )
        return self._page("form", form=form)

    def _unusable(self) -> HttpResponse:
        if self.activation.is_activated:
            return self._page("used", status=410)
        if self.activation.is_locked:
            return self._page("locked", status=410)
        return self._page("expired", status=410)

    def _page(self, what: str, *, status: int = 200, **context) -> HttpResponse:
        return render(self.request, f"cpor_cases/activation/{what}.html", context, status=status)


@method_decorator(never_cache, name="dispatch")
class RenewLinkView(View):
    """Sends a new link to the address on record. The page is the same whether it did."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        activation = account_activation.find_activation(token)
        if activation is None:
            return redirect("account_login")
        if refusal := ratelimit.consume_or_429(request, action="renew_link", key=activation.public_id.hex):
            return refusal
        account_activation.send_new_link(activation=activation)
        return render(request, "cpor_cases/activation/renewed.html")
