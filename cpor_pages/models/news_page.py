"""One piece of news."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel

from .base import BodyPage, SitePage


def today():
    return timezone.localdate()


class NewsPage(BodyPage):
    """One piece of news."""

    template = "cpor_pages/news_page.html"
    parent_page_types = ["cpor_pages.NewsIndexPage"]
    subpage_types: list[str] = []

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
