"""Pages of running text: privacy, accessibility and the like."""

from django.utils.translation import gettext_lazy as _

from .base import BodyPage


class PlainPage(BodyPage):
    """Privacy, security, accessibility, open data, about: text and nothing else."""

    template = "cpor_pages/plain_page.html"
    parent_page_types = ["cpor_pages.HomePage", "cpor_pages.PlainPage"]
    subpage_types = ["cpor_pages.PlainPage"]

    class Meta:
        verbose_name = _("plain page")
