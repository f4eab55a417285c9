"""The next court: a case that was sent on appeal is applied for there with what is known of its person."""

import uuid

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views import View

from cpor_cases.models import CaseAccess, litigant_of
from cpor_cases.query_period import is_sent_on
from cpor_core.translated.fields import first_text

from . import drafts
from .drafts import Draft, DraftCase


class NextInstanceView(LoginRequiredMixin, View):
    """Begins a petition with the person's name and address, which the account has proved; the number stays open."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
        access = self._find(public_id)
        if access is None or not is_sent_on(access.case):
            raise Http404
        case, account = access.case, access.account
        former = f"{first_text(case.court, 'name')}{case.full_number}"
        drafts.forget(request.session)
        Draft(
            cases=[DraftCase(former_case=former, has_answered_number=True)],
            name=access.application.applicant_name,
            phone=access.application.phone,
            address=account.email,
            proved=account.email,
            language=litigant_of(account).language,
        ).store_in(request.session)
        return redirect("petitions:court", 1)

    def _find(self, public_id: uuid.UUID) -> CaseAccess | None:
        """Return the access to the case if it can be viewed, or ended so lately that it is still listed."""
        person = self.request.user
        of_person = CaseAccess.objects.visible_to(person), CaseAccess.objects.lately_over(person)
        found = (
            each.of_case(public_id).select_related("case__court", "application").first() for each in of_person
        )
        return next(filter(None, found), None)
