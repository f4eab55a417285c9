"""The screens of people who must be told of a changed hearing."""

from django.urls import path

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

    def get_urlpatterns(self):
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
            self.action_path("<key:pk>/", views.ToldView, "inspect"),
        ]
