"""The screens of imports."""

from cpor_cases.models import ImportRun
from cpor_core.office.viewsets import OfficeViewSet

from . import answer_views, upload_views, views


class ImportViewSet(OfficeViewSet):
    model = ImportRun
    name = "imports"
    icon = "upload"
    menu_order = 150
    index_view_class = views.ImportListView
    inspect_view_class = views.ImportDetailView

    def get_action_patterns(self):
        return [
            self.action_path("upload/", upload_views.UploadView, "upload"),
            self.action_path("upload/<key:pk>/", upload_views.DryRunView, "dry_run"),
            self.action_path("upload/<key:pk>/progress/", upload_views.UploadProgressView, "upload_progress"),
            self.action_path("upload/<key:pk>/discard/", upload_views.DiscardView, "discard"),
            self.action_path("<key:pk>/progress/", views.ProgressView, "progress"),
            self.action_path("<key:pk>/stop/", views.StopView, "stop"),
            self.action_path("<key:pk>/answer/<slug:code>/", answer_views.AnswerView, "answer"),
            self.action_path(
                "<key:pk>/answer/<slug:code>/take-back/",
                answer_views.TakeBackAnswerView,
                "take_back_answer",
            ),
            self.action_path("<key:pk>/rejected.csv", views.RejectedRowsView, "rejected"),
        ]
