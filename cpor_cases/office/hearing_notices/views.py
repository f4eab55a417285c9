"""People who must be told of a hearing that was moved or called off within days: the list, and that one was told."""

from typing import cast

from django.contrib import messages
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.tables import Column, TitleColumn

from cpor_cases.actions import hearing_notices
from cpor_cases.hearings.of_cases import of_case
from cpor_cases.models import HearingNotice
from cpor_cases.models.hearing_notices import HearingNoticeQuerySet
from cpor_cases.office.views import ObjectFormView, OfficeListView
from cpor_core.office.columns import MomentColumn

from .forms import ToldForm
from .wording import already_told, why

RELATED = ("access__case__court", "access__application__case", "access__account")


class NoticeListView(OfficeListView):
    """Those whom the mail has not reached, the next hearing first."""

    related = RELATED
    stacks = True
    default_ordering = "hearing_at"
    page_title = gettext_lazy("Tell by telephone")
    empty_message = gettext_lazy("Nobody has to be telephoned: all who had to know have been reached.")

    def get_base_queryset(self):
        notices = cast(HearingNoticeQuerySet, super().get_base_queryset())
        return notices.to_telephone().one_each()

    @cached_property
    def columns(self):
        return [
            TitleColumn(
                "name",
                label=_("Applicant"),
                accessor="access.application.applicant_name",
                url_name="office_hearing_notices:inspect",
            ),
            Column("phone", label=_("Telephone"), accessor="access.application.phone"),
            Column("case", label=_("Case"), accessor="access.case.full_number"),
            MomentColumn("hearing_at", label=_("Hearing"), sort_key="hearing_at"),
            Column("why", label=_("Why the email is not enough"), accessor=why),
        ]


class ToldView(ObjectFormView):
    """Says whom to call and what to say, and notes when the person was told."""

    model = HearingNotice
    form_class = ToldForm
    permission_required = "change"
    template_name = "cpor_cases/office/hearing_notices/told.html"
    index_url_name = inspect_url_name = "office_hearing_notices:index"
    page_title = gettext_lazy("Tell by telephone")
    button = gettext_lazy("Note that the person was told")

    def get_base_object_queryset(self):
        notices = cast(HearingNoticeQuerySet, super().get_base_object_queryset())
        return notices.with_reach().select_related(*RELATED)

    def get_list_label(self) -> str:
        return str(NoticeListView.page_title)

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"notice": self.object}

    def get_context_data(self, **kwargs):
        case = self.object.access.case
        return super().get_context_data(
            case=case,
            application=self.object.access.application,
            hearings=of_case(case.pk),
            why=why(self.object),
            already_told=already_told(self.object),
            **kwargs,
        )

    def get_initial(self):
        return {"told_at": timezone.now()}

    def form_valid(self, form):
        try:
            hearing_notices.note_told(self.object, at=form.cleaned_data["told_at"], by=self.request.user)
        except hearing_notices.AlreadyTold as told:
            messages.warning(self.request, already_told(told.notice))
        else:
            messages.success(self.request, _("It is noted that the person was told."))
        return redirect("office_hearing_notices:index")
