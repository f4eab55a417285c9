"""Where the service meets Wagtail's admin. Registration only."""

from django.templatetags.static import static
from django.utils.html import format_html
from wagtail import hooks
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
    OutgoingMail,
    ProgressEntry,
)
from .office.audit.log_actions import register_log_actions
from .office.handbook import views as handbook
from .office.home.layout import clear_help, lay_out
from .office.management_menu import ManagementMenu
from .office.menu import SERVICE_VIEWSETS, VIEWSETS
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
hooks.register("construct_help_menu", clear_help)
hooks.register("register_admin_urls", handbook.urls)
hooks.register("register_help_menu_item", handbook.menu_item)


@hooks.register("register_admin_viewset")
def register_viewsets():
    return [*VIEWSETS, *SERVICE_VIEWSETS, ManagementMenu()]


@hooks.register("insert_global_admin_css")
def office_styles():
    return format_html('<link rel="stylesheet" href="{}">', static("css/office.css"))


@hooks.register("insert_global_admin_js")
def office_script():
    return format_html('<script src="{}" defer></script>', static("js/office.js"))
