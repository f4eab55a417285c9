"""The answer to the mail about a hearing that was moved or called off within days."""

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from cpor_cases.actions import hearing_notices
from cpor_cases.mail import links


@method_decorator([never_cache, csrf_exempt], name="dispatch")
class KnownView(View):
    """One POST, without log-in, says that the person knows. A GET (a link scanner's) changes nothing, neither names the case."""

    http_method_names = ["get", "head", "post"]

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        self._read(token)
        return render(request, "cpor_cases/known.html", {"is_noted": False})

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        account, run = self._read(token)
        hearing_notices.note_known(account, run=run)
        return render(request, "cpor_cases/known.html", {"is_noted": True})

    def _read(self, token: str) -> tuple[AbstractBaseUser, int]:
        account_id, run_id = links.read_known_token(token) or (0, 0)
        return get_object_or_404(get_user_model(), pk=account_id, is_active=True), run_id
