"""What a court tells the people in its cases: its manager keeps it."""

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from cpor_cases.actions import courts
from cpor_cases.office.views import ObjectFormView
from cpor_cases.permission_policies import CourtHorizonPolicy
from cpor_core.models import Court
from cpor_core.office.views import HorizonMixin

from .forms import CourtSettingsForm


class CourtListView(HorizonMixin, WagtailAdminTemplateMixin, TemplateView):
    """The courts that the user manages; redirects to the form if there is only one."""

    model = Court
    permission_policy = CourtHorizonPolicy(Court)
    permission_required = "manage"
    template_name = "cpor_cases/office/courts/index.html"
    page_title = gettext_lazy("Court settings")
    header_icon = "home"

    def get_breadcrumbs_items(self):
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get(self, request, *args, **kwargs):
        rows = list(self.get_rows())
        if len(rows) == 1:
            return redirect("office_courts:edit", rows[0].pk)
        return self.render_to_response(self.get_context_data(courts=rows))


class CourtEditView(ObjectFormView):
    model = Court
    permission_policy = CourtHorizonPolicy(Court)
    permission_required = "manage"
    form_class = CourtSettingsForm
    template_name = "cpor_cases/office/courts/form.html"
    index_url_name = "office_courts:index"
    inspect_url_name = "office_courts:edit"
    button = pgettext_lazy("button", "Save")

    def get_page_title(self) -> str:
        return _("Settings of %(court)s") % {"court": self.object}

    def get_list_label(self) -> str:
        return _("Court settings")

    def get_back_url(self) -> str:
        return reverse("wagtailadmin_home")

    def get_initial(self):
        return courts.settings_of(self.object)

    def form_valid(self, form):
        changed = courts.change_settings(court=self.object, by=self.request.user, **form.cleaned_data)
        if changed:
            messages.success(self.request, _("Saved. The people in the court's cases see this from now on."))
        else:
            messages.info(self.request, _("Nothing was changed."))
        return redirect("office_courts:edit", self.object.pk)
