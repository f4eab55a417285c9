"""Pages of running text: how to apply, the guide, privacy and the like, the site map."""

from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from cpor_cases.models import Category, PartyRole

from .base import BodyPage


class PlainPage(BodyPage):
    """Privacy, security, accessibility, open data, about: text and nothing else."""

    template = "cpor_pages/plain_page.html"
    parent_page_types = ["cpor_pages.HomePage", "cpor_pages.PlainPage"]
    subpage_types = ["cpor_pages.PlainPage"]

    class Meta:
        verbose_name = _("plain page")


class ApplyPage(BodyPage):
    """How to apply, and who may: the roles come from the reference data the clerks go by."""

    template = "cpor_pages/apply_page.html"
    parent_page_types = ["cpor_pages.HomePage"]
    subpage_types = []
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("how to apply")

    @cached_property
    def roles_by_category(self) -> list[tuple[str, list[PartyRole]]]:
        entitled = list(PartyRole.objects.filter(is_entitled=True))
        return [
            (category.label, [role for role in entitled if role.category == category])
            for category in Category
        ]


class GuidePage(BodyPage):
    """使用說明: the service step by step, with pictures of its screens; made to be printed too."""

    template = "cpor_pages/guide_page.html"
    parent_page_types = ["cpor_pages.HomePage"]
    subpage_types = []
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("guide")


class SiteMapPage(BodyPage):
    """Every page of the site in one list, and the keys to move about a page."""

    template = "cpor_pages/site_map_page.html"
    parent_page_types = ["cpor_pages.HomePage"]
    subpage_types = []
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("site map")

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        context["entries"] = self.get_parent().get_descendants().live().order_by("path")
        return context
