"""Questions people ask, each answer with an address of its own."""

from django.db import models
from django.utils.functional import cached_property
from django.utils.html import strip_tags
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField

from cpor_core.cjk import LONGEST_QUERY, grams_of_query, is_too_long
from cpor_pages.blocks import TEXT_FEATURES

from .base import SitePage


class FaqPage(SitePage):
    """All questions, in groups."""

    template = "cpor_pages/faq_page.html"
    parent_page_types = ["cpor_pages.HomePage"]
    subpage_types = ["cpor_pages.AnswerPage"]
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("questions and answers")

    @cached_property
    def answers(self) -> list["AnswerPage"]:
        return list(AnswerPage.objects.live().child_of(self).order_by("path"))

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        query = request.GET.get("q", "").replace("\x00", "").strip()
        answers = self.answers_on(query)
        groups = [(group, [each for each in answers if each.group == group]) for group in AnswerPage.Group]
        return context | {
            "query": query,
            "is_too_long": is_too_long(query),
            "most": LONGEST_QUERY,
            "count": len(answers),
            "groups": [(group, found) for group, found in groups if found],
        }

    def answers_on(self, query: str) -> list["AnswerPage"]:
        """Return the answers that hold every word of `query`; without one, all."""
        if not query:
            return self.answers
        wanted = set(grams_of_query(query).split())
        return [each for each in self.answers if wanted and wanted <= set(each.search_grams().split())]

    def structured_data(self, request) -> dict:
        """The questions in the words of schema.org."""
        return {"@type": "FAQPage", "mainEntity": [answer.in_words_of_schema for answer in self.answers]}


class AnswerPage(SitePage):
    """One question (its title) and its answer."""

    class Group(models.TextChoices):
        SERVICE = "service", _("About the service")
        APPLYING = "applying", _("Applying")
        ACCOUNT = "account", _("Account and password")
        PROGRESS = "progress", _("Reading the progress")

    template = "cpor_pages/answer_page.html"
    parent_page_types = ["cpor_pages.FaqPage"]
    subpage_types = []

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
