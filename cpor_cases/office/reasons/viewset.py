"""The screens of reasons for refusal."""

from wagtail.admin.viewsets.model import ModelViewSet

from cpor_cases.models import RefusalReason
from cpor_cases.office.management_menu import ManagementMenu

from . import views
from .forms import ReasonForm


class ReasonViewSet(ModelViewSet):
    """The reasons for refusal: worded, added, retired; never deleted."""

    model = RefusalReason
    name = "reasons"
    url_namespace = "office_reasons"
    icon = "list-ul"
    menu_order = 60
    menu_hook = ManagementMenu.submenu_hook
    add_to_admin_menu = True
    add_to_reference_index = False
    copy_view_enabled = False
    index_view_class = views.ReasonListView

    def get_form_class(self, for_update=False):
        return ReasonForm

    def get_common_view_kwargs(self, **kwargs):
        not_here = dict.fromkeys(("delete_url_name", "usage_url_name"))
        return super().get_common_view_kwargs(**not_here | kwargs)

    def get_urlpatterns(self):
        return [each for each in super().get_urlpatterns() if each.name not in {"delete", "usage"}]
