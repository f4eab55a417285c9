"""The page with all news."""

from django.core.paginator import Paginator
from django.utils.translation import gettext_lazy as _

from .base import SitePage
from .news_page import NewsPage

NEWS_PER_PAGE = 10


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
