"""The screens of activations."""

from cpor_cases.models import Activation
from cpor_core.office.viewsets import OfficeViewSet

from . import views


class ActivationViewSet(OfficeViewSet):
    model = Activation
    name = "activations"
    icon = "key"
    menu_order = 130
    index_view_class = views.ActivationListView
    inspect_view_class = views.ActivationDetailView

    def get_action_patterns(self):
        return [self.action_path("<key:pk>/unlock/", views.UnlockView, "unlock")]
