"""Transferring a case, merging two cases, revoking an access."""

from typing import cast

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from cpor_cases.actions import access as accesses
from cpor_cases.actions import case_merging, case_transfer, merge_plan, viewing
from cpor_cases.models import Case, CaseAccess
from cpor_cases.models.case_accesses import CaseAccessQuerySet
from cpor_cases.office.views import ActionView, ObjectFormView

from .duplicates import duplicate_groups
from .forms import MergeForm, RevocationForm, TransferForm
from .merged_cases import MergedLeadsOnMixin


class CaseFormView(MergedLeadsOnMixin, ObjectFormView):
    """A form about the case as such."""

    model = Case
    index_url_name = "office_cases:index"
    inspect_url_name = "office_cases:inspect"

    def get_base_object_queryset(self):
        return super().get_base_object_queryset().select_related("court")

    def get_context_data(self, **kwargs):
        return super().get_context_data(case=self.object, **kwargs)


class TransferView(CaseFormView):
    """The case goes to another division: people see it on the page, nobody is mailed."""

    form_class = TransferForm
    template_name = "cpor_cases/office/cases/transfer.html"
    page_title = gettext_lazy("Transfer to another division")
    button = gettext_lazy("Transfer")

    def get_initial(self):
        return {"division": self.object.division}

    def form_valid(self, form):
        division = form.cleaned_data["division"]
        if case_transfer.transfer(case=self.object, division=division, by=self.request.user):
            messages.success(self.request, _("The case is now with division %(name)s.") % {"name": division})
        else:
            messages.info(self.request, _("The case was with this division already."))
        return redirect("office_cases:inspect", self.object.pk)


class ChooseMergeView(CaseFormView):
    """Chooses the case that stays, when a case was recorded twice by mistake."""

    form_class = MergeForm
    template_name = "cpor_cases/office/cases/merge_choose.html"
    page_title = gettext_lazy("Merge into another case")
    button = gettext_lazy("Preview what would happen")

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"dropped": self.object}

    def get_initial(self):
        return {"category": self.object.category}

    def form_valid(self, form):
        return redirect("office_cases:merge_into", self.object.pk, form.cleaned_data["kept"].pk)


class MergeView(MergedLeadsOnMixin, ActionView):
    """What a merge would do, and the merge."""

    model = Case
    related = ("court",)
    index_url_name = "office_cases:index"
    inspect_url_name = "office_cases:inspect"
    template_name = "cpor_cases/office/cases/merge.html"
    question = gettext_lazy("Merge the two cases?")
    button = gettext_lazy("Merge")
    is_serious = True
    kept: Case

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        found = self.get_rows().select_related("court").filter(pk=kwargs["into"]).first()
        if found is not None:
            self.kept = found
        elif self.merged is None:
            self.merged = self.find_merged(kwargs["into"])
            if self.merged is None:
                raise Http404

    def show_people(self, context):
        for case in (self.object, self.kept):
            viewing.show(self.request, case)

    def get_context_data(self, **kwargs):
        plan = merge_plan.MergePlan(self.object, self.kept)
        return super().get_context_data(
            **{"plan": plan, "obstacles": plan.obstacles, "duplicate_groups": duplicate_groups(plan)} | kwargs
        )

    def post(self, request, *args, **kwargs):
        number = self.object.full_number
        groups = duplicate_groups(merge_plan.MergePlan(self.object, self.kept))
        try:
            case_merging.merge(dropped=self.object, kept=self.kept, by=request.user)
        except case_merging.NotMergeable:
            return self.render_to_response(self.get_context_data())
        except Case.DoesNotExist:
            messages.info(request, _("One of the two cases is gone: somebody was faster."))
            return redirect(self.index_url_name)
        messages.success(request, _("Case %(number)s has been merged into this one.") % {"number": number})
        if groups:
            messages.warning(
                request, _("Some progress entries seem to be duplicates: withdraw what was recorded twice.")
            )
        return redirect("office_cases:inspect", self.kept.pk)


class RevokeView(ObjectFormView):
    """The court ends an access: the mandate ended, the wrong person was let in."""

    model = CaseAccess
    form_class = RevocationForm
    index_url_name = "office_cases:index"
    template_name = "cpor_cases/office/cases/revoke.html"
    page_title = gettext_lazy("Revoke the access?")
    button = pgettext_lazy("access", "Revoke")

    def get_base_object_queryset(self):
        rows = cast(CaseAccessQuerySet, super().get_base_object_queryset())
        return rows.live().select_related("case__court", "account", "application__role")

    def get_list_label(self) -> str:
        return str(Case._meta.verbose_name_plural)

    def get_back_url(self) -> str:
        return reverse("office_cases:inspect", args=[self.object.case_id])

    def form_valid(self, form):
        accesses.revoke(access=self.object, by=self.request.user, **form.cleaned_data)
        messages.success(self.request, _("The access has been revoked."))
        return redirect(self.get_back_url())
