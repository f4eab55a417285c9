"""Whose case it is: the one question every page of a litigant asks first."""

import uuid

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpResponse, QueryDict
from django.utils.translation import gettext as _

from cpor_cases import typed_text
from cpor_cases.models import CaseAccess


class OwnCasesMixin(LoginRequiredMixin):
    """Only what this person may see now; somebody else's, a revoked and an ended case are alike not there."""

    def handle_no_permission(self) -> HttpResponse:
        """Whose log-in ended while they typed logs in again, and finds what they typed."""
        response = super().handle_no_permission()
        if self.request.method == "POST":
            typed_text.keep(self.request, response)
        return response

    def typed_before_log_in(self) -> QueryDict | None:
        """Return what was typed here when the log-in had ended; the page says that it is not saved yet."""
        typed = typed_text.take_back(self.request)
        if typed is not None:
            messages.warning(
                self.request, _("Your log-in had ended. What you typed is still here, but not saved yet.")
            )
        return typed

    def own_accesses(self):
        return CaseAccess.objects.visible_to(self.request.user)

    def find_access(self, public_id: uuid.UUID) -> CaseAccess:
        own = self.own_accesses().with_next_hearing().with_latest_entries()
        access = own.filter(case__public_id=public_id).first()
        if access is None:
            raise Http404
        return access

    def find_merged(self, public_id: uuid.UUID) -> uuid.UUID | None:
        """Return where a case made by a slip, and merged since, stands now, if this person may see it."""
        own = self.own_accesses().filter(case__merged_cases__public_id=public_id)
        return own.values_list("case__public_id", flat=True).first()
