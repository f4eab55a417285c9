"""Base classes of all page types."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index

from cpor_core.cjk import grams_of_text
from cpor_pages.blocks import BODY
from cpor_pages.scheduled_forms import ScheduledPageForm

HOME_DEPTH = 2  # below the root of the tree, which is no page of the site


class SitePage(Page):
    """Base of all page types: a title, an introduction of a sentence or two, and the terms by which search finds the page."""

    # Named, so that a host site may have page types by the same names.
    page_ptr = models.OneToOneField(
        "wagtailcore.Page",
        on_delete=models.CASCADE,
        parent_link=True,
        primary_key=True,
        related_name="%(app_label)s_%(class)s",
        serialize=False,
    )
    introduction = models.TextField(
        _("introduction"),
        blank=True,
        max_length=400,
        help_text=_("One or two sentences below the title: what the reader finds here."),
    )

    base_form_class = ScheduledPageForm
    content_panels = Page.content_panels + [FieldPanel("introduction")]
    search_fields = Page.search_fields + [index.SearchField("search_grams")]

    class Meta:
        abstract = True

    @property
    def search_words(self) -> list[str]:
        """The texts of the page that a search may hit; richer pages add theirs."""
        return [self.title, self.introduction, self.search_description]

    def search_grams(self) -> str:
        return grams_of_text(" ".join(self.search_words))

    @property
    def summary(self) -> str:
        """The description of the page for search engines and lists."""
        return self.search_description or self.introduction

    def structured_data(self, request) -> dict | None:
        """Return the page's structured data (schema.org), or None."""
        return None

    def crumbs(self, request) -> list[tuple[str, str]]:
        """Return title and address of the pages above, from the home page on."""
        if not self.depth or self.depth <= HOME_DEPTH:
            return []
        home = (pgettext("website", "Home"), reverse("wagtail_serve", args=[""]))
        if self.depth == HOME_DEPTH + 1:  # most pages: no query is needed
            return [home]
        above = self.get_ancestors().filter(depth__gt=HOME_DEPTH)
        return [home, *((page.title, page.get_url(request)) for page in above)]

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        return context | {"crumbs": self.crumbs(request), "structured_data": self.structured_data(request)}


class BodyPage(SitePage):
    """A page whose text an editor builds from blocks."""

    body = StreamField(BODY, blank=True, verbose_name=_("text"))

    content_panels = SitePage.content_panels + [FieldPanel("body")]

    class Meta:
        abstract = True

    def get_context(self, request, *args, **kwargs):
        figures = [block.value["image"] for block in self.body if block.block_type == "figure"]
        models.prefetch_related_objects([image for image in figures if image], "renditions")
        return super().get_context(request, *args, **kwargs)

    @property
    def search_words(self) -> list[str]:
        return super().search_words + self.body.stream_block.get_searchable_content(self.body)
