"""Wagtail hooks of the core. Registration only."""

from django.templatetags.static import static
from django.urls import path, reverse_lazy
from django.utils.html import format_html
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.snippets.models import register_snippet

from .office.case_words import import_views
from .office.case_words.changes import WordChangesReport
from .office.reference_data import ReferenceDataGroup

register_snippet(ReferenceDataGroup)


class WordChangesMenuItem(MenuItem):
    def is_shown(self, request) -> bool:
        return request.user.has_perm("cpor_core.change_caseword")


@hooks.register("register_admin_urls")
def case_word_urls() -> list:
    changes = "reports/word_changes/"
    return [
        path("case-words/import/", import_views.import_file, name="case_words_import"),
        path("case-words/export.csv", import_views.export, name="case_words_export"),
        path(changes, WordChangesReport.as_view(), name="word_changes_report"),
        path(
            f"{changes}results/",
            WordChangesReport.as_view(results_only=True),
            name="word_changes_report_results",
        ),
    ]


@hooks.register("register_reports_menu_item")
def word_changes_menu_item() -> MenuItem:
    return WordChangesMenuItem(
        WordChangesReport.page_title, reverse_lazy("word_changes_report"), icon_name="history", order=800
    )


@hooks.register("insert_global_admin_js")
def office_widgets_script():
    return format_html('<script src="{}"></script>', static("cpor/js/office-widgets.js"))
