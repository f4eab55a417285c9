"""Where the service meets Wagtail's admin. Registration only."""

from django.templatetags.static import static
from django.urls import path, reverse_lazy
from django.utils.html import format_html
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.permissions import register_permission_policy

from cpor_core.models import ClerkPost

from .models import (
    Activation,
    ApiToken,
    Application,
    Case,
    CaseAccess,
    CourtLogEntry,
    HearingNotice,
    ImportRun,
    ManifestDifference,
    OutgoingMail,
    ProgressEntry,
)
from .office.audit.log_actions import register_log_actions
from .office.clarity import panels as clarity_panels
from .office.clarity.columns import clarity_column
from .office.clarity.reports import ClarityReport
from .office.handbook import views as handbook
from .office.home.layout import clear_help, lay_out
from .office.management_menu import ManagementMenu
from .office.menu import SERVICE_VIEWSETS, VIEWSETS
from .office.petition_counts.reports import PetitionCountsReport
from .office.self_check import panels as self_check_panels
from .office.staff.accounts import NO_BULK_ACTIONS
from .permission_policies import CourtHorizonPolicy, PostPolicy

for model in (
    Application,
    Case,
    CaseAccess,
    Activation,
    ProgressEntry,
    OutgoingMail,
    ImportRun,
    ManifestDifference,
    HearingNotice,
    CourtLogEntry,
    ApiToken,
):
    register_permission_policy(model, CourtHorizonPolicy(model))
register_permission_policy(ClerkPost, PostPolicy(ClerkPost))

for bulk_action in NO_BULK_ACTIONS:
    hooks.register("register_bulk_action", bulk_action, order=100)  # after Wagtail's own, which it replaces
hooks.register("register_log_actions", register_log_actions)
hooks.register("construct_homepage_panels", lay_out)
hooks.register("construct_homepage_panels", clarity_panels.lay_out)
hooks.register("construct_homepage_panels", self_check_panels.lay_out)
hooks.register("construct_help_menu", clear_help)
hooks.register("register_admin_urls", handbook.urls)
hooks.register("register_help_menu_item", handbook.menu_item)
hooks.register("register_progress_kind_column", clarity_column)


@hooks.register("register_admin_viewset")
def register_viewsets():
    return [*VIEWSETS, *SERVICE_VIEWSETS, ManagementMenu()]


class EditorsMenuItem(MenuItem):
    def is_shown(self, request) -> bool:
        return request.user.has_perm("cpor_core.change_progresskind")


@hooks.register("register_admin_urls")
def report_urls() -> list:
    return [
        path("reports/clarity/", ClarityReport.as_view(), name="clarity_report"),
        path(
            "reports/clarity/results/",
            ClarityReport.as_view(results_only=True),
            name="clarity_report_results",
        ),
        path("reports/petitions/", PetitionCountsReport.as_view(), name="petition_counts_report"),
        path(
            "reports/petitions/results/",
            PetitionCountsReport.as_view(results_only=True),
            name="petition_counts_report_results",
        ),
    ]


@hooks.register("register_reports_menu_item")
def clarity_menu_item() -> MenuItem:
    return EditorsMenuItem(
        ClarityReport.page_title,
        reverse_lazy("clarity_report"),
        icon_name=ClarityReport.header_icon,
        order=800,
    )


@hooks.register("register_reports_menu_item")
def petition_counts_menu_item() -> MenuItem:
    return EditorsMenuItem(
        PetitionCountsReport.page_title,
        reverse_lazy("petition_counts_report"),
        icon_name=PetitionCountsReport.header_icon,
        order=810,
    )


@hooks.register("insert_global_admin_css")
def office_styles():
    return format_html('<link rel="stylesheet" href="{}">', static("cpor/css/office.css"))


@hooks.register("insert_global_admin_js")
def office_script():
    return format_html('<script src="{}" defer></script>', static("cpor/js/office.js"))
