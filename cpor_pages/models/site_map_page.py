"""The site map."""

from django.utils.translation import gettext_lazy as _

from .base import BodyPage


class SiteMapPage(BodyPage):
    """Every page of the site in one list, and the keys to move about a page."""

    template = "cpor_pages/site_map_page.html"
    parent_page_types = ["cpor_pages.HomePage"]
    subpage_types: list[str] = []
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("site map")

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        context["entries"] = self.get_parent().get_descendants().live().order_by("path")
        return context
