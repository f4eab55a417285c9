"""“Where is my petition?”: asked by its number and address. Nothing is sent (rule 1): whoever wants to know asks."""

from allauth.core import ratelimit
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from cpor_cases.actions import petitions
from cpor_cases.models import Petition
from cpor_core import conf
from cpor_core.allauth_internals import consume_limit
from cpor_core.email_addresses import normalise

from .drafts import FINISHED, renew_key
from .forms import StatusForm


@method_decorator([never_cache, sensitive_post_parameters("number", "address")], name="dispatch")
class StatusView(View):
    """Asked by POST, so that nothing typed gets into a log. Whatever does not fit is answered alike."""

    http_method_names = ["get", "head", "post"]

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(StatusForm())

    @method_decorator(sensitive_variables())
    def post(self, request: HttpRequest) -> HttpResponse:
        form = StatusForm(request.POST)
        address = normalise(request.POST.get("address", "")[:1000])
        if not consume_limit(request, action="petition_status") or not consume_limit(
            request, action="petition_status_of", key=address
        ):
            return ratelimit.respond_429(request)
        if not form.is_valid():
            return self._page(form)
        petition = petitions.find(**form.cleaned_data)
        if petition and "print" in request.POST:
            renew_key(request)
            request.session[FINISHED] = [petition.pk]
            return redirect("petitions:finished")
        return self._page(form, is_answer=True, petition=petition)

    def _page(self, form: StatusForm, *, is_answer: bool = False, petition: Petition | None = None):
        application = petition.application if petition else None
        context = {
            "form": form,
            "is_answer": is_answer,
            "petition": petition,
            "application": application,
            "state": petition and Petition.state_of(application),
            "days": conf.KEEP_PETITION_DAYS,
        }
        return render(self.request, "cpor_cases/petitions/status.html", context)
