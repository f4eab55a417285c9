"""The cases that a person may see: what every page of a litigant reads first."""

import uuid
from functools import cache

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cpor_cases.accounts import unsaved_forms
from cpor_cases.hearings.of_cases import attach_to
from cpor_cases.models import CaseAccess
from cpor_cases.models.case_accesses import CaseAccessQuerySet
from cpor_cases.query_period import attach_ends
from cpor_core.view_types import route_of

# What a person is told at an old address or by an old form.
MERGED = gettext_lazy("The court has recorded this case under another number: %(number)s. Here it is.")


@cache  # building these queries takes Django five times as long as the database takes to answer them
def _listed() -> CaseAccessQuerySet:
    """All accesses with what a list tells of each and its order; to be narrowed down to a person's."""
    own = CaseAccess.objects.with_has_news().with_missing_since().latest_activity_first()
    return own.select_related("case").prefetch_related("case__court").defer("note")


class OwnCasesMixin(LoginRequiredMixin):
    """Gives what the person may see now. The case of somebody else, a revoked and an ended one are alike not found."""

    request: HttpRequest

    def handle_no_permission(self) -> HttpResponseRedirect:
        """Whose log-in ended while they typed logs in again, and finds what they typed."""
        response = super().handle_no_permission()
        if self.request.method == "POST":
            unsaved_forms.store(self.request, response)
        return response

    def typed_before_log_in(self) -> QueryDict | None:
        """Return what was typed here when the log-in had ended; the page says that it is not saved yet."""
        typed = unsaved_forms.take_back(self.request)
        if typed is not None:
            messages.warning(
                self.request, _("Your log-in had ended. What you typed is still here, but not saved yet.")
            )
        return typed

    def own_accesses(self) -> CaseAccessQuerySet:
        return CaseAccess.objects.visible_to(self.request.user)

    def read_all(self) -> list[CaseAccess]:
        """Return all accesses of the person, the one with the latest entry first, each with its case, court and `has_news`."""
        return list(_listed().visible_to(self.request.user))

    def find_access(self, public_id: uuid.UUID) -> CaseAccess:
        """Return the access to the case of an address, or to the one into which that case was merged. Raises Http404."""
        own = self.own_accesses().with_missing_since().of_case(public_id)
        access = own.with_latest_entries(explained=True).first()
        if access is None:
            raise Http404
        attach_to([access])
        return access

    def read_ended(self) -> list[CaseAccess]:
        """Return the accesses of the person to cases that are listed as ended, the latest first, with why they ended."""
        ended = CaseAccess.objects.lately_over(self.request.user).select_related("case__court")
        accesses = list(ended.order_by("-case__closed_on", "pk"))
        if accesses:
            attach_ends(access.case for access in accesses)
        return accesses

    def lead_on(self, access: CaseAccess, public_id: uuid.UUID) -> HttpResponse | None:
        """Return the way to the same page of the case that stays, if the address is that of a case merged into it."""
        if access.case.public_id == public_id:
            return None
        messages.info(self.request, MERGED % {"number": access.case.full_number})
        return redirect(route_of(self.request).view_name, public_id=access.case.public_id)
