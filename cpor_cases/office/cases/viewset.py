"""The screens of cases."""

from django.urls import path

from cpor_cases.models import Case
from cpor_core.office.viewsets import OfficeViewSet

from . import change_views, entry_views, views


class CaseViewSet(OfficeViewSet):
    model = Case
    name = "cases"
    icon = "folder-inverse"
    menu_order = 120
    index_view_class = views.CaseListView
    inspect_view_class = views.CaseDetailView

    def get_action_patterns(self):
        return [
            path("<key:pk>/entries/new/", entry_views.RecordEntryView.as_view(), name="record_entry"),
            path("<key:pk>/transfer/", change_views.TransferView.as_view(), name="transfer"),
            path("<key:pk>/merge/", change_views.ChooseMergeView.as_view(), name="merge"),
            path("<key:pk>/merge/<key:into>/", change_views.MergeView.as_view(), name="merge_into"),
            path("entries/<key:pk>/correct/", entry_views.CorrectEntryView.as_view(), name="correct_entry"),
            path(
                "entries/<key:pk>/withdraw/", entry_views.WithdrawEntryView.as_view(), name="withdraw_entry"
            ),
            path("entries/<key:pk>/hearing/", entry_views.ChooseHearingView.as_view(), name="choose_hearing"),
            path("entries/<key:pk>/publish/", entry_views.PublishEntryView.as_view(), name="publish_entry"),
            path("accesses/<key:pk>/revoke/", change_views.RevokeView.as_view(), name="revoke_access"),
        ]
