"""The editors' panel on the first page of the office: links to what they edit, and what needs attention."""

from django.urls import reverse
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _
from wagtail.admin.ui.components import Component

from cpor_core import content_version
from cpor_core.models import ProgressKind
from cpor_core.office.explanations import LACKING
from cpor_pages.models import FaqPage, HomePage, NewsIndexPage, ServiceSettings
from cpor_pages.pdf import previews

from . import page_reviews
from .broken_links import broken_links


class EditorsPanel(Component):
    name = "editors_home"
    order = 50
    template_name = "cpor_pages/office/editors_home.html"

    def get_context_data(self, parent_context):
        user = parent_context["request"].user
        return {"ways": ways(), "waiting": waiting(user), "notice": ServiceSettings.load().notice}


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


def waiting(user) -> list[tuple[str, str]]:
    """Return a sentence and a URL for each thing that needs attention."""
    old = page_reviews.waiting_for(user).count()
    broken = len(content_version.cached(f"broken_links.{get_language()}", broken_links))
    found = []
    if old:
        said = ngettext("%(count)s page to be reviewed", "%(count)s pages to be reviewed", old)
        found.append((said % {"count": old}, reverse("page_reviews_report")))
    if older := page_reviews.older_translations(user).count():
        said = ngettext(
            "%(count)s translated page is older than the original",
            "%(count)s translated pages are older than the original",
            older,
        )
        found.append((said % {"count": older}, reverse("page_reviews_report")))
    if broken:
        said = ngettext("%(count)s broken link", "%(count)s broken links", broken)
        found.append((said % {"count": broken}, reverse("broken_links_report")))
    if unexplained := ProgressKind.objects.not_fully_explained().count():
        said = ngettext(
            "%(count)s kind of progress entry lacks an explanation",
            "%(count)s kinds of progress entries lack an explanation",
            unexplained,
        )
        url = f"{reverse('wagtailsnippets_cpor_core_progresskind:list')}?explanation={LACKING}"
        found.append((said % {"count": unexplained}, url))
    if undrawn := previews.undrawn().count():
        said = ngettext(
            "%(count)s version of a form shows no picture: its PDF cannot be opened",
            "%(count)s versions of forms show no picture: their PDFs cannot be opened",
            undrawn,
        )
        found.append((said % {"count": undrawn}, reverse("wagtailsnippets_cpor_pages_courtform:list")))
    return found


def lay_out(request, panels: list) -> None:
    """Insert the panel before Wagtail's own, for editors only."""
    if request.user.has_perm("cpor_pages.change_courtform"):
        panels.append(EditorsPanel())
