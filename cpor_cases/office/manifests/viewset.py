"""The screens of what a court's manifests found to differ."""

from cpor_cases.models import ManifestDifference
from cpor_core.office.viewsets import OfficeViewSet

from . import upload_views, views


class ManifestViewSet(OfficeViewSet):
    model = ManifestDifference
    name = "manifests"
    icon = "clipboard-list"
    menu_order = 155
    index_view_class = views.DifferenceListView
    has_detail_pages = inspect_view_enabled = False

    def get_action_patterns(self):
        return [
            self.action_path("upload/", upload_views.ManifestUploadView, "upload"),
            self.action_path("again.csv", views.SendAgainView, "again"),
        ]
