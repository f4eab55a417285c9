"""The editors' lists of forms and of groups of roles in the office."""

from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin import messages
from wagtail.admin.ui.tables import UpdatedAtColumn
from wagtail.snippets.views.snippets import SnippetViewSet, WorkflowActionView

from cpor_core.office.columns import OtherLanguagesColumn, yes_no
from cpor_core.office.reference_data import SUBMENU_HOOK
from cpor_core.office.reference_lists import ReferenceIndexView
from cpor_pages.models import CourtForm, RoleGroup

from . import edit_notices


class FormApprovalView(WorkflowActionView):
    """Approves no form with a file that cannot be offered: a draft may be older than the check, or its document changed.

    The form's own screen checks the files whenever it is saved. This view approves without it, from the list of what waits.
    """

    def dispatch(self, request, *args, **kwargs):
        form = self.object.get_latest_revision_as_object()
        if self.action_name != "approve" or not edit_notices.faulty_files(form):
            return super().dispatch(request, *args, **kwargs)
        messages.error(request, _("The form was not approved: its files have to be replaced first."))
        # There stands what is wrong with each file.
        url = reverse(self.redirect_url_name, args=[self.object.pk])
        if request.headers.get("X-Requested-With") == "XMLHttpRequest":
            return self.render_modal_json(request, {"step": "success", "redirect": url})
        return redirect(url)


class CourtFormViewSet(SnippetViewSet):
    model = CourtForm
    icon = "doc-full-inverse"
    menu_label = pgettext_lazy("court form", "Forms")
    menu_order = 250
    add_to_admin_menu = True
    list_display = ["title", "category", "purpose", yes_no(CourtForm, "live"), UpdatedAtColumn()]
    list_filter = ["category", "purpose", "used_by", "live"]
    search_fields = ["title__every", "what_for__every"]
    index_view_class = ReferenceIndexView
    workflow_action_view_class = FormApprovalView


class RoleGroupViewSet(SnippetViewSet):
    model = RoleGroup
    icon = "group"
    menu_hook = SUBMENU_HOOK
    menu_order = 3  # after the roles that they are of
    menu_label = _("Groups of roles")
    list_display = ["name", OtherLanguagesColumn("name"), "slug", "sort_order"]
    copy_view_enabled = False
