"""News of the service."""

from django.core.paginator import Paginator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel

from .base import BodyPage, SitePage

NEWS_PER_PAGE = 10


def today():
    return timezone.localdate()


class NewsIndexPage(SitePage):
    """All news, the latest first."""

    template = "cpor_pages/news_index_page.html"
    parent_page_types = ["cpor_pages.HomePage"]
    subpage_types = ["cpor_pages.NewsPage"]
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("news list")

    @property
    def news(self):
        return NewsPage.objects.live().child_of(self).order_by("-date", "-pk")

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        context["page_obj"] = Paginator(self.news, NEWS_PER_PAGE).get_page(request.GET.get("page"))
        return context


class NewsPage(BodyPage):
    """One piece of news."""

    template = "cpor_pages/news_page.html"
    parent_page_types = ["cpor_pages.NewsIndexPage"]
    subpage_types = []

    date = models.DateField(_("date"), default=today)

    content_panels = [
        *SitePage.content_panels,
        FieldPanel(
            "date", help_text=_("The day shown; the newest stands first. To publish later, set a schedule.")
        ),
        FieldPanel("body"),
    ]

    class Meta:
        verbose_name = _("news")
