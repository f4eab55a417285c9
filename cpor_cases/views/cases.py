"""The pages of a person's cases."""

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.generic import ListView, TemplateView

from cpor_cases.actions import cases
from cpor_cases.models import CaseAccess


class OwnCasesMixin(LoginRequiredMixin):
    """Only what this person may see now; somebody else's, a revoked and an ended case are alike not there."""

    def get_queryset(self):
        return CaseAccess.objects.visible_to(self.request.user).latest_activity_first()

    def other_cases(self):
        """What the choice of a case offers: every case, by number alone."""
        return self.get_queryset().select_related("case__court")


@method_decorator(never_cache, name="dispatch")
class CasesView(OwnCasesMixin, ListView):
    """All cases, each with its latest three entries; `?case=` of the choice leads to one."""

    template_name = "cpor_cases/cases.html"
    context_object_name = "accesses"
    paginate_by = 20

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if chosen := request.GET.get("case"):
            access = self._find(chosen)
            return redirect("cpor_cases:case", public_id=access.case.public_id)
        response = super().get(request, *args, **kwargs)
        cases.record_look(response.context_data["accesses"], by=request.user)
        return response

    def get_queryset(self):
        return super().get_queryset().with_latest_entries()

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(choices=self.other_cases(), **kwargs)

    def _find(self, public_id: str) -> CaseAccess:
        for access in self.other_cases():
            if str(access.case.public_id) == public_id:
                return access
        raise Http404


@method_decorator(never_cache, name="dispatch")
class CaseView(OwnCasesMixin, TemplateView):
    """One case: its facts, its latest three entries, its last day."""

    template_name = "cpor_cases/case.html"

    def get_context_data(self, **kwargs) -> dict:
        access = self.get_queryset().with_latest_entries().filter(case__public_id=kwargs["public_id"]).first()
        if access is None:
            raise Http404
        cases.record_look([access], by=self.request.user)
        return super().get_context_data(access=access, case=access.case, choices=self.other_cases(), **kwargs)
