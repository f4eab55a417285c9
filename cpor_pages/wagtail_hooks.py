"""Wagtail hooks of the public site. Registration only."""

from django.urls import path, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.snippets.models import register_snippet

from .documents import serving
from .office import (
    broken_links_views,
    delete_guard,  # noqa: F401 (registers its hook)
    edit_notices,
    handbook,
    home,
    page_reviews_views,
)
from .office.page_reviews import REVIEWED
from .office.reports import REPORTS
from .office.viewsets import CourtFormViewSet, RoleGroupViewSet
from .rich_text import PlainPageLinkHandler
from .starter.creation_log import BEGUN

register_snippet(CourtFormViewSet)
register_snippet(RoleGroupViewSet)


@hooks.register("register_rich_text_features", order=1)
def link_to_plain_pages(features) -> None:
    features.register_link_type(PlainPageLinkHandler)


class EditorsMenuItem(MenuItem):
    def is_shown(self, request) -> bool:
        return request.user.has_perm("cpor_pages.change_courtform")


def report_urls() -> list:
    urls = []
    for report in REPORTS:
        name = report.index_url_name
        address = f"reports/{name.removesuffix('_report')}/"
        urls.append(path(address, report.as_view(), name=name))
        urls.append(path(f"{address}results/", report.as_view(results_only=True), name=f"{name}_results"))
    return [
        *urls,
        path("reports/broken-links/", broken_links_views.report, name="broken_links_report"),
        path("reports/page-reviews/", page_reviews_views.report, name="page_reviews_report"),
        path("reports/page-reviews/<key:pk>/", page_reviews_views.note, name="page_review_note"),
    ]


def report_menu_item(report) -> EditorsMenuItem:
    return EditorsMenuItem(
        report.page_title, reverse_lazy(report.index_url_name), icon_name=report.header_icon, order=800
    )


hooks.register("construct_homepage_panels", home.lay_out)
hooks.register("before_edit_page", edit_notices.tell)
hooks.register("before_edit_snippet", edit_notices.tell)
hooks.register("before_serve_document", serving.keep_fingerprint)
hooks.register("register_admin_urls", report_urls)
hooks.register("register_admin_urls", handbook.urls)
hooks.register("register_help_menu_item", handbook.menu_item)
for each in REPORTS:
    hooks.register("register_reports_menu_item", lambda report=each: report_menu_item(report))


@hooks.register("register_reports_menu_item")
def broken_links_menu_item() -> EditorsMenuItem:
    return EditorsMenuItem(
        _("Broken links"), reverse_lazy("broken_links_report"), icon_name="link", order=810
    )


@hooks.register("register_reports_menu_item")
def page_reviews_menu_item() -> EditorsMenuItem:
    return EditorsMenuItem(
        _("Pages to be reviewed"), reverse_lazy("page_reviews_report"), icon_name="time", order=820
    )


@hooks.register("register_log_actions")
def register_log_actions(actions) -> None:
    actions.register_action(REVIEWED, _("Review"), _("Reviewed: still right"))
    actions.register_action(BEGUN, _("Begin the site"), _("Made when the site began"))
