"""The desk's rooms: for each model its list, its detail page, and the deeds that can be done there."""

from django.contrib.auth import get_user_model
from django.urls import path
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSet, ViewSetGroup
from wagtail.admin.viewsets.model import ModelViewSet

from cpor_cases.models import (
    Activation,
    ApiToken,
    Application,
    Case,
    CourtLogEntry,
    ImportRun,
    OutgoingMail,
    RefusalReason,
)
from cpor_cases.permissions import (
    COURT_PERMISSION,
    REPORT_PERMISSION,
    is_in_charge,
    serves_somewhere,
    works_in_office,
)
from cpor_core.models import ClerkPost, Court

from .activations import views as activations
from .applications import views as applications
from .audit import views as audit
from .caller_help import views as calls
from .cases import views as cases
from .courts import views as courts
from .forms import ReasonForm
from .imports import views as imports
from .mails import views as mails
from .posts import views as posts
from .reasons import views as reasons
from .reports import views as reports
from .reports.figures import MONTHLY
from .staff import views as staff
from .tokens import views as tokens


class OfficeViewSet(ModelViewSet):
    """A list and a detail page; nothing is added, changed or deleted but by the deeds a room names itself."""

    add_to_reference_index = False
    copy_view_enabled = False
    inspect_view_enabled = True
    add_to_admin_menu = True
    list_per_page = 50
    edit_view_class = add_view_class = delete_view_class = None

    @cached_property
    def url_namespace(self):
        return f"office_{self.name}"

    def get_common_view_kwargs(self, **kwargs):
        not_here = dict.fromkeys(
            ("add_url_name", "edit_url_name", "delete_url_name", "history_url_name", "usage_url_name")
        )
        return super().get_common_view_kwargs(**not_here | kwargs)

    def get_urlpatterns(self):
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
            *self.get_action_patterns(),
            path("<key:pk>/", self.inspect_view, name="inspect"),
        ]

    def get_action_patterns(self) -> list:
        return []

    def action_path(self, route: str, view_class, name: str):
        return path(route, self.construct_view(view_class), name=name)

    @property
    def inspect_view(self):
        return self.construct_view(self.inspect_view_class)

    @property
    def url_finder_class(self):
        return type(
            "OfficeURLFinder", (super().url_finder_class,), {"edit_url_name": self.get_url_name("inspect")}
        )


class ApplicationViewSet(OfficeViewSet):
    model = Application
    name = "applications"
    icon = "form"
    menu_order = 110
    index_view_class = applications.ApplicationListView
    inspect_view_class = applications.ApplicationDetailView

    def get_action_patterns(self):
        return [
            self.action_path("new/", applications.RecordView, "add"),
            self.action_path("check/", applications.CheckView, "check"),
            self.action_path("together/", applications.TogetherView, "together"),
            self.action_path("<key:pk>/edit/", applications.EditView, "edit"),
            self.action_path("<key:pk>/approve/", applications.ApproveView, "approve"),
            self.action_path("<key:pk>/refuse/", applications.RefuseView, "refuse"),
            self.action_path("<key:pk>/readdress/", applications.ReaddressView, "readdress"),
        ]


class CaseViewSet(OfficeViewSet):
    model = Case
    name = "cases"
    icon = "folder-inverse"
    menu_order = 120
    index_view_class = cases.CaseListView
    inspect_view_class = cases.CaseDetailView

    def get_action_patterns(self):
        return [
            path("<key:pk>/entries/new/", cases.RecordEntryView.as_view(), name="record_entry"),
            path("<key:pk>/transfer/", cases.TransferView.as_view(), name="transfer"),
            path("<key:pk>/merge/", cases.ChooseMergeView.as_view(), name="merge"),
            path("<key:pk>/merge/<key:into>/", cases.MergeView.as_view(), name="merge_into"),
            path("entries/<key:pk>/correct/", cases.CorrectEntryView.as_view(), name="correct_entry"),
            path("entries/<key:pk>/withdraw/", cases.WithdrawEntryView.as_view(), name="withdraw_entry"),
            path("entries/<key:pk>/publish/", cases.PublishEntryView.as_view(), name="publish_entry"),
            path("accesses/<key:pk>/revoke/", cases.RevokeView.as_view(), name="revoke_access"),
        ]


class ActivationViewSet(OfficeViewSet):
    model = Activation
    name = "activations"
    icon = "key"
    menu_order = 130
    index_view_class = activations.ActivationListView
    inspect_view_class = activations.ActivationDetailView

    def get_action_patterns(self):
        return [self.action_path("<key:pk>/unlock/", activations.UnlockView, "unlock")]


class MailViewSet(OfficeViewSet):
    model = OutgoingMail
    name = "mails"
    icon = "mail"
    menu_order = 140
    index_view_class = mails.MailListView
    inspect_view_class = mails.MailDetailView

    def get_action_patterns(self):
        return [
            self.action_path("together/", mails.SendTogetherView, "together"),
            self.action_path("<key:pk>/send-again/", mails.SendAgainView, "send_again"),
        ]


class ImportViewSet(OfficeViewSet):
    model = ImportRun
    name = "imports"
    icon = "upload"
    menu_order = 150
    index_view_class = imports.ImportListView
    inspect_view_class = imports.ImportDetailView

    def get_action_patterns(self):
        return [
            self.action_path("upload/", imports.UploadView, "upload"),
            self.action_path("upload/<key:pk>/", imports.DryRunView, "rehearse"),
            self.action_path("upload/<key:pk>/progress/", imports.UploadProgressView, "upload_progress"),
            self.action_path("upload/<key:pk>/discard/", imports.DiscardView, "discard"),
            self.action_path("<key:pk>/progress/", imports.ProgressView, "progress"),
            self.action_path("<key:pk>/stop/", imports.StopView, "stop"),
            self.action_path("<key:pk>/rejected.csv", imports.RejectedRowsView, "rejected"),
        ]


class ManagementMenu(ViewSetGroup):
    """What a court manager does, together in one menu: posts, the court, its tokens, its reports, its audit."""

    menu_label = _("Management")
    menu_name = "court-management"
    menu_icon = "cogs"
    menu_order = 160
    submenu_hook = "register_court_management_menu_item"


class ManagementViewSet(OfficeViewSet):
    """A room in the menu of court management."""

    menu_hook = ManagementMenu.submenu_hook


class PostViewSet(ManagementViewSet):
    model = ClerkPost
    name = "posts"
    icon = "group"
    menu_label = _("Clerks of the court")
    menu_order = 10
    index_view_class = posts.PostListView

    def get_urlpatterns(self):
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
            self.action_path("new/", posts.AssignView, "add"),
            self.action_path("<key:pk>/remove/", posts.RemoveView, "remove"),
        ]

    def register_admin_url_finder(self):
        """A post has no page of its own."""


class TokenViewSet(ManagementViewSet):
    model = ApiToken
    name = "tokens"
    icon = "key"
    menu_order = 20
    index_view_class = tokens.TokenListView

    def get_urlpatterns(self):
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
            self.action_path("new/", tokens.IssueView, "add"),
            self.action_path("<key:pk>/revoke/", tokens.RevokeTokenView, "revoke"),
        ]

    def register_admin_url_finder(self):
        """A token has no page of its own."""


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
    index_view_class = reasons.ReasonListView

    def get_form_class(self, for_update=False):
        return ReasonForm

    def get_common_view_kwargs(self, **kwargs):
        not_here = dict.fromkeys(("delete_url_name", "usage_url_name"))
        return super().get_common_view_kwargs(**not_here | kwargs)

    def get_urlpatterns(self):
        return [each for each in super().get_urlpatterns() if each.name not in {"delete", "usage"}]


def menu_item_for(permission: str) -> type[MenuItem]:
    """A menu item that is there for those who have the permission."""
    return type(
        "PermittedMenuItem",
        (MenuItem,),
        {"is_shown": lambda item, request: request.user.has_perm(permission)},
    )


def menu_item_where(test) -> type[MenuItem]:
    """A menu item that is there for those of whom `test` is true."""
    return type("TestedMenuItem", (MenuItem,), {"is_shown": lambda item, request: test(request.user)})


class CourtViewSet(ViewSet):
    """The court's own telephone and hours."""

    name = "courts"
    url_namespace = "office_courts"
    icon = "home"
    menu_label = _("Telephone and hours")
    menu_order = 15
    menu_hook = ManagementMenu.submenu_hook
    menu_item_class = menu_item_where(lambda user: user.has_perm(COURT_PERMISSION) and serves_somewhere(user))
    model = Court

    def get_urlpatterns(self):
        return [
            path("", courts.CourtListView.as_view(), name="index"),
            path("<key:pk>/", courts.CourtEditView.as_view(), name="edit"),
        ]


class StaffViewSet(ViewSet):
    """Log-ins and second factors of the staff in one's charge."""

    name = "staff"
    url_namespace = "office_staff"
    icon = "lock"
    menu_label = staff.TITLE
    menu_order = 12
    menu_hook = ManagementMenu.submenu_hook
    menu_item_class = menu_item_where(is_in_charge)
    model = get_user_model()

    def get_urlpatterns(self):
        return [
            path("", staff.StaffListView.as_view(), name="index"),
            path("results/", staff.StaffListView.as_view(results_only=True), name="index_results"),
            path("<int:pk>/", staff.StaffDetailView.as_view(), name="inspect"),
            path("<int:pk>/end/", staff.EndSessionsView.as_view(), name="end"),
            path("<int:pk>/invite/", staff.InviteView.as_view(), name="invite"),
            path("<int:pk>/reset/", staff.ResetFactorView.as_view(), name="reset"),
            path("<int:pk>/name/", staff.RenameView.as_view(), name="rename"),
        ]


class ReportViewSet(ViewSet):
    """The figures of a court, and of all courts side by side."""

    name = "court-reports"
    url_namespace = "office_reports"
    icon = "table"
    menu_label = pgettext_lazy("court", "Reports")
    menu_order = 40
    menu_hook = ManagementMenu.submenu_hook
    menu_item_class = menu_item_for(REPORT_PERMISSION)
    model = Court

    def get_urlpatterns(self):
        monthly = [
            path(f"{report.name}/", reports.MonthlyView.as_view(report=report), name=report.name)
            for report in MONTHLY
        ]
        return [*monthly, path("courts/", reports.CourtsView.as_view(), name="courts")]


class AuditViewSet(ManagementViewSet):
    model = CourtLogEntry
    name = "audit"
    icon = "history"
    menu_label = _("Audit")
    menu_order = 50
    index_view_class = audit.AuditListView

    def get_urlpatterns(self):
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
            path(
                "export.<slug:kind>",
                self.construct_view(audit.AuditExportView, **self.get_index_view_kwargs()),
                name="export",
            ),
        ]

    def register_admin_url_finder(self):
        """An entry of the log has no page of its own."""


class CallViewSet(ViewSet):
    """The page for whoever is on the telephone."""

    name = "calls"
    url_namespace = "office_calls"
    icon = "help"
    menu_label = _("“I got no mail”")
    menu_order = 105
    add_to_admin_menu = True
    model = Application

    menu_item_class = menu_item_where(works_in_office)

    def get_urlpatterns(self):
        return [path("", calls.CallView.as_view(), name="index")]


VIEWSETS = [
    CallViewSet(),
    ApplicationViewSet(),
    CaseViewSet(),
    ActivationViewSet(),
    MailViewSet(),
    ImportViewSet(),
    PostViewSet(),
    StaffViewSet(),
    CourtViewSet(),
    TokenViewSet(),
    ReportViewSet(),
    AuditViewSet(),
]

# What belongs to no court: kept by who watches over the service.
OF_THE_SERVICE = [ReasonViewSet()]
