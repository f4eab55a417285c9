"""The page for telephone calls: a search box and the advice for each application found."""

from typing import cast

from django.contrib.auth.models import AbstractUser
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from cpor_cases.actions import viewing
from cpor_cases.models import Application
from cpor_cases.office import searches
from cpor_cases.office.views import OnRecordMixin
from cpor_cases.saved_search import KeyedSearchMixin
from cpor_core.office.views import HorizonMixin

from .advice import Advice

APPLICATIONS_SHOWN = 10


class CallView(KeyedSearchMixin, OnRecordMixin, HorizonMixin, WagtailAdminTemplateMixin, TemplateView):
    """Searches applications and shows the advice for each on the same page."""

    model = Application
    template_name = "cpor_cases/office/caller_help/index.html"
    page_title = _("“I got no email”")
    header_icon = "help"

    def get_breadcrumbs_items(self):
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs):
        text = self.search_query
        clerk = cast(AbstractUser, self.request.user)  # the office lets in nobody else
        found = list(self.find(text)[: APPLICATIONS_SHOWN + 1]) if text else []
        return super().get_context_data(
            text=text,
            advice=[Advice(application, clerk) for application in found[:APPLICATIONS_SHOWN]],
            are_there_more=len(found) > APPLICATIONS_SHOWN,
            merged_numbers=searches.merged_numbers(text, self.request.user),
            on_their_way=searches.petitions_on_their_way(text, self.request.user) if text else [],
            **kwargs,
        )

    def show_people(self, context):
        for advice in context["advice"]:
            viewing.show(self.request, advice.application)
        for petition in context["on_their_way"]:
            viewing.show(self.request, petition)
        if context["text"]:
            found = [advice.application for advice in context["advice"]]
            viewing.show_rows(self.request, found, title=self.page_title, search=self.search_key)

    def find(self, text: str):
        rows = searches.applications(self.get_rows(), text)
        return rows.select_related("case__court", "role", "refusal_reason", "account").order_by(
            "-recorded_at", "-pk"
        )
