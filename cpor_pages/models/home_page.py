"""The home page: what the service is, the way to it, and where each kind of reader starts."""

from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField, StreamField

from cpor_core import languages
from cpor_core.links import absolute
from cpor_pages.blocks import BODY, SHORT_FEATURES, LinkCardBlock, StepBlock

from .base import SitePage
from .news_page import NewsPage
from .service_settings import ServiceSettings

LATEST_NEWS = 3
LINKED = ["apply", "news", "courts"]
ON_CARDS = {
    "forms": "cpor_pages_formspage",
    "case-words": "cpor_pages_casewordspage",
    "faq": "cpor_pages_faqpage",
}


class HomePage(SitePage):
    """The first page of one language."""

    template = "cpor_pages/home_page.html"
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = [
        "cpor_pages.ApplyPage",
        "cpor_pages.FormsPage",
        "cpor_pages.CaseWordsPage",
        "cpor_pages.FaqPage",
        "cpor_pages.GuidePage",
        "cpor_pages.NewsIndexPage",
        "cpor_pages.CourtsPage",
        "cpor_pages.RecordPage",
        "cpor_pages.PlainPage",
        "cpor_pages.SearchPage",
        "cpor_pages.SiteMapPage",
    ]

    steps = StreamField(
        [("step", StepBlock())],
        min_num=3,
        max_num=3,
        verbose_name=_("steps"),
        help_text=_("The three steps, each drawn with its picture."),
    )
    who = RichTextField(_("who may apply"), features=SHORT_FEATURES, blank=True)
    starts = StreamField(
        [("card", LinkCardBlock())],
        blank=True,
        max_num=4,
        verbose_name=_("starts"),
        help_text=_("Where each kind of reader begins."),
    )
    body = StreamField(BODY, blank=True, verbose_name=_("more text"))

    content_panels = SitePage.content_panels + [
        FieldPanel("steps"),
        FieldPanel("who", help_text=_("In short; all roles are listed under “How to apply”.")),
        FieldPanel("starts"),
        FieldPanel("body", help_text=_("Shown last, below the news. Usually empty.")),
    ]

    class Meta:
        verbose_name = _("home page")

    @property
    def search_words(self) -> list[str]:
        words = super().search_words + [self.who]
        for stream in (self.steps, self.starts, self.body):
            words += stream.stream_block.get_searchable_content(stream)
        return words

    def structured_data(self, request) -> dict:
        """The service in the words of schema.org."""
        contact = ServiceSettings.load(request_or_site=request)
        return {
            "@type": "GovernmentService",
            "name": self.title,
            "description": self.summary,
            "url": absolute(self.get_url(request)),
            "areaServed": {"@type": "Country", "name": "Taiwan"},
            "availableLanguage": [languages.tag(code) for code in languages.codes()],
            "serviceOperator": {
                "@type": "GovernmentOrganization",
                "name": contact.organisation or self.title,
            },
        }

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        context["pages"] = {page.slug.replace("-", "_"): page for page in self._linked_pages()}
        context["news"] = self._latest_news()
        return context

    def _linked_pages(self):
        """Return the pages that the home page leads to; those on cards with their introduction."""
        introduction = Coalesce(*(f"{kind}__introduction" for kind in ON_CARDS.values()))
        below = self.get_children().live().filter(slug__in=[*LINKED, *ON_CARDS])
        return below.annotate(introduction=introduction)  # one query; specific() asks for each type of page

    def _latest_news(self):
        return NewsPage.objects.live().descendant_of(self).order_by("-date", "-pk")[:LATEST_NEWS]
