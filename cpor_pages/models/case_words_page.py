"""開放查詢字別: the page with the list of open case words."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cpor_core.models import Category, Court, WordTier
from cpor_pages.case_words.check import check_word
from cpor_pages.case_words.open_words import open_words_by_category

from .base import BodyPage


class CaseWordsPage(BodyPage):
    """The list, to be searched and narrowed down, with its downloads. The body says what the list rests on."""

    template = "cpor_pages/case_words_page.html"
    parent_page_types = ["cpor_pages.HomePage"]
    subpage_types: list[str] = []
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("open case words")

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        chosen = {key: _typed(request, key) for key in ("category", "tier", "q")}
        asked = {key: _typed(request, f"check_{key}") for key in ("court", "category", "word")}
        today = timezone.localdate()
        return context | {
            "courts": [(court.code, court.name) for court in Court.objects.all()],
            "asked": asked,
            "check": check_word(**asked, day=today) if asked["word"] else None,
            "groups": open_words_by_category(**chosen, day=today),
            "categories": Category.choices,
            "tiers": WordTier.choices,
            "chosen": chosen,
            "is_filtered": any(chosen.values()),
            "today": today,
        }


def _typed(request, name: str) -> str:
    """What the reader typed. PostgreSQL takes no NUL."""
    return request.GET.get(name, "").replace("\x00", "").strip()
