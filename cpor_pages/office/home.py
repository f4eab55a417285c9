"""The editors' panels on the first page of the office: links to what they edit, what they have begun, and what needs attention."""

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, pgettext
from django.utils.translation import gettext as _
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.ui.components import Component
from wagtail.admin.utils import get_latest_str
from wagtail.models import Page

from cpor_core import content_version
from cpor_core.models import ProgressKind
from cpor_core.office.explanations import LACKING
from cpor_core.office.list_panels import ListPanel, Row
from cpor_core.roc_dates import in_both_calendars
from cpor_pages.models import CourtForm, FaqPage, HomePage, NewsIndexPage, ServiceSettings
from cpor_pages.pdf import previews

from . import page_reviews
from .broken_links import broken_links


class EditorsPanel(Component):
    is_card = True
    name = "editors_home"
    order = 50
    template_name = "cpor_pages/office/editors_home.html"

    def get_context_data(self, parent_context):
        return {"ways": ways(), "notice": ServiceSettings.load().notice}


def ways() -> list[tuple[str, str]]:
    """Return label and URL of what editors change most."""
    pages = [
        (_("Questions and answers"), FaqPage, "wagtailadmin_explore"),
        (_("News"), NewsIndexPage, "wagtailadmin_explore"),
        (_("Home page"), HomePage, "wagtailadmin_pages:edit"),
    ]
    found = [
        (words, reverse(view, args=[page.pk]))
        for words, model, view in pages
        if (page := model.objects.filter(locale__language_code=get_language()).first())
    ]
    return [
        (pgettext("court form", "Forms"), reverse("wagtailsnippets_cpor_pages_courtform:list")),
        (_("Case words"), reverse("wagtailsnippets_cpor_core_caseword:list")),
        *found,
        (_("Contact and notice"), reverse("wagtailsettings:edit", args=["cpor_pages", "servicesettings"])),
    ]


class DraftsPanel(ListPanel):
    """What somebody has begun and not handed in or published yet."""

    name = "drafts"
    order = 51
    heading = gettext_lazy("My drafts")
    nothing = gettext_lazy("You have begun nothing that is not public yet.")

    def get_rows(self, user):
        edits = Q(has_unpublished_changes=True) & Q(latest_revision__user=user)
        edited = [
            *Page.objects.filter(edits).select_related("latest_revision", "locale"),
            *CourtForm.objects.filter(edits).select_related("latest_revision"),
        ]
        edited = [each for each in edited if not each.workflow_in_progress]
        edited.sort(key=lambda each: each.latest_revision.created_at, reverse=True)
        urls = AdminURLFinder(user)
        return [
            Row(
                get_latest_str(each),
                urls.get_edit_url(each) or "",
                in_both_calendars(timezone.localdate(each.latest_revision.created_at)),
            )
            for each in edited
        ]

    def get_list_url(self):
        return reverse("wagtailadmin_reports:site_history")


class OlderTranslationsPanel(ListPanel):
    name = "older_translations"
    order = 52
    heading = gettext_lazy("Translations older than their original")
    nothing = gettext_lazy("No translation is older than its original.")

    def get_rows(self, user):
        return [
            Row(page.title, reverse("wagtailadmin_pages:edit", args=[page.pk]), str(page.locale))
            for page in page_reviews.older_translations(user)
        ]

    def get_list_url(self):
        return reverse("page_reviews_report")


class PagesToReviewPanel(ListPanel):
    name = "pages_to_review"
    order = 53
    heading = gettext_lazy("Pages to be reviewed")
    nothing = gettext_lazy("No page is due for review.")

    def get_rows(self, user):
        return [
            Row(
                page.title,
                reverse("wagtailadmin_pages:edit", args=[page.pk]),
                in_both_calendars(timezone.localdate(page.reviewed_at)),
            )
            for page in page_reviews.waiting_for(user)
        ]

    def get_list_url(self):
        return reverse("page_reviews_report")


class BrokenLinksPanel(ListPanel):
    name = "broken_links"
    order = 54
    heading = gettext_lazy("Broken links")
    nothing = gettext_lazy("Every link works.")

    def get_rows(self, user):
        found = content_version.cached(f"broken_links.{get_language()}", broken_links)
        return [Row(link.title, link.edit_url, link.words) for link in found]

    def get_list_url(self):
        return reverse("broken_links_report")


class UnexplainedKindsPanel(ListPanel):
    name = "unexplained_kinds"
    order = 55
    heading = gettext_lazy("Kinds of progress without a whole explanation")
    nothing = gettext_lazy("Every kind is explained in all languages.")

    def get_rows(self, user):
        kinds = ProgressKind.objects.not_fully_explained()
        edit = "wagtailsnippets_cpor_core_progresskind:edit"
        return [Row(str(kind), reverse(edit, args=[kind.pk]), kind.get_stage_display()) for kind in kinds]

    def get_list_url(self):
        return f"{reverse('wagtailsnippets_cpor_core_progresskind:list')}?explanation={LACKING}"


class UndrawnFormsPanel(ListPanel):
    name = "undrawn_forms"
    order = 56
    heading = gettext_lazy("Forms without a picture")
    nothing = gettext_lazy("The first page of every form can be shown.")

    def get_rows(self, user):
        edit = "wagtailsnippets_cpor_pages_courtform:edit"
        return [
            Row(str(version.form), reverse(edit, args=[version.form_id]), f"{version.version_date:%Y-%m-%d}")
            for version in previews.undrawn().select_related("form")
        ]

    def get_list_url(self):
        return reverse("wagtailsnippets_cpor_pages_courtform:list")


PANELS = (
    EditorsPanel,
    DraftsPanel,
    OlderTranslationsPanel,
    PagesToReviewPanel,
    BrokenLinksPanel,
    UnexplainedKindsPanel,
    UndrawnFormsPanel,
)


def lay_out(request, panels: list) -> None:
    """Insert the panels before Wagtail's own, for editors only."""
    if request.user.has_perm("cpor_pages.change_courtform"):
        panels.extend(panel() for panel in PANELS)
