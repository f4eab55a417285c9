"""One question and its answer, at an address of its own."""

from django.db import models
from django.utils.html import strip_tags
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField

from cpor_pages.blocks import TEXT_FEATURES

from .base import SitePage


class AnswerPage(SitePage):
    """One question (its title) and its answer."""

    class Group(models.TextChoices):
        SERVICE = "service", _("About the service")
        APPLYING = "applying", _("Applying")
        ACCOUNT = "account", _("Account and password")
        PROGRESS = "progress", _("Reading the progress")

    template = "cpor_pages/answer_page.html"
    parent_page_types = ["cpor_pages.FaqPage"]
    subpage_types: list[str] = []

    group = models.CharField(pgettext_lazy("question", "group"), max_length=20, choices=Group.choices)
    answer = RichTextField(_("answer"), features=TEXT_FEATURES)

    content_panels = SitePage.content_panels + [
        FieldPanel("group", help_text=_("Under which heading of the questions it stands.")),
        FieldPanel(
            "answer",
            help_text=_(
                "The answer first, reasons and exceptions after it. A link to the page or form that helps is worth a paragraph."
            ),
        ),
    ]

    class Meta:
        verbose_name = _("question")

    @property
    def search_words(self) -> list[str]:
        return super().search_words + [self.answer]

    @property
    def summary(self) -> str:
        return self.search_description or Truncator(self.plain_answer).chars(110)

    @property
    def plain_answer(self) -> str:
        """The answer without its markup, a blank between what stood apart."""
        return " ".join(strip_tags(self.answer.replace("<", " <")).split())

    @property
    def in_words_of_schema(self) -> dict:
        answer = {"@type": "Answer", "text": self.plain_answer}
        return {"@type": "Question", "name": self.title, "acceptedAnswer": answer}
