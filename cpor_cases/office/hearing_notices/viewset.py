"""The screens of people who must be told of a changed hearing."""

from cpor_cases.models import HearingNotice
from cpor_core.office.viewsets import OfficeViewSet

from . import views


class HearingNoticeViewSet(OfficeViewSet):
    model = HearingNotice
    name = "hearing_notices"
    icon = "mobile-alt"
    menu_order = 125
    index_view_class = views.NoticeListView
    inspect_view_class = views.ToldView

    def get_detail_patterns(self):
        """The page of a row is its form."""
        return [self.action_path("<key:pk>/", views.ToldView, "inspect")]
