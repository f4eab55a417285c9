"""Where to find the courts."""

from django.utils.translation import gettext_lazy as _

from cpor_core.models import Court, CourtTier

from .base import BodyPage


class CourtsPage(BodyPage):
    """The courts that take part, by kind, with their telephone and website."""

    template = "cpor_pages/courts_page.html"
    parent_page_types = ["cpor_pages.HomePage"]
    subpage_types: list[str] = []
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("courts")

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        courts = list(Court.objects.all())
        groups = [(tier.label, [each for each in courts if each.tier == tier]) for tier in CourtTier]
        context["groups"] = [(label, found) for label, found in groups if found]
        return context
