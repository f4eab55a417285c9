"""The page with all questions, in groups."""

from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from cpor_core.cjk import LONGEST_QUERY, grams_of_query, is_too_long

from .answer_page import AnswerPage
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
