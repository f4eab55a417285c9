"""What belongs to a person's account."""

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.generic import TemplateView

from cpor_cases.actions.second_factors import has_second_factor


@method_decorator(never_cache, name="dispatch")
class AccountView(LoginRequiredMixin, TemplateView):
    """Links to all that a person can see and change about the account."""

    template_name = "cpor_cases/account/home.html"

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(has_second_factor=has_second_factor(self.request.user), **kwargs)


class GoOnView(View):
    """Keeps a log-in alive: the request itself starts its idle time anew."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        return HttpResponse(status=204 if request.user.is_authenticated else 403)
