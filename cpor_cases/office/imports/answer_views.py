"""Saying why rejected rows of an import do not come in corrected, and taking that back."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from cpor_cases.actions import rejections
from cpor_cases.models import ImportRun, RejectionGroup
from cpor_cases.office.views import ActionView, ObjectFormView

from .forms import AnswerForm

ALL = "all"
"""In an address: all reasons of the import of which nobody has said it yet."""


class AnswerView(ObjectFormView):
    """Says why the rows of one reason, or all that are left, do not come in corrected."""

    model = ImportRun
    permission_required = "add"
    form_class = AnswerForm
    template_name = "cpor_cases/office/imports/answer.html"
    index_url_name = "office_imports:index"
    inspect_url_name = "office_imports:inspect"
    page_title = gettext_lazy("Why do these rows not come in corrected?")
    button = pgettext_lazy("button", "Save")

    @cached_property
    def groups(self) -> list[RejectionGroup]:
        """Return what the answer is about."""
        groups = self.object.rejection_groups.unanswered()
        if self.kwargs["code"] != ALL:
            groups = groups.filter(code=self.kwargs["code"])
        return list(groups)

    def get(self, request, *args, **kwargs):
        if not self.groups:
            raise Http404
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        return super().get_context_data(run=self.object, groups=self.groups, **kwargs)

    def form_valid(self, form):
        code = None if self.kwargs["code"] == ALL else self.kwargs["code"]
        if rejections.answer(self.object, code=code, by=self.request.user, **form.cleaned_data):
            messages.success(self.request, _("Saved: these rows are no longer waited for."))
        else:
            messages.info(self.request, _("Somebody has said it before."))
        return redirect("office_imports:inspect", self.object.pk)


class TakeBackAnswerView(ActionView):
    """Makes the rows of one reason work again."""

    model = ImportRun
    permission_required = "add"
    index_url_name = "office_imports:index"
    inspect_url_name = "office_imports:inspect"
    question = gettext_lazy("Take back what was said of these rows?")
    explanation = gettext_lazy("They are then waited for again, until they come in corrected.")
    button = gettext_lazy("Take back")

    def get_subject(self) -> str:
        groups = self.object.rejection_groups.answered().filter(code=self.kwargs["code"])
        group = groups.first()
        if group is None:
            raise Http404
        return str(group)

    def post(self, request, *args, **kwargs):
        if rejections.take_back_answer(self.object, code=self.kwargs["code"], by=request.user):
            messages.success(request, _("Taken back."))
        return redirect("office_imports:inspect", self.object.pk)
