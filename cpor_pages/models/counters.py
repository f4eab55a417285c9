"""Counts for editors, by month: no person, address or session is kept with them."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.documents.models import Document

from .faq import AnswerPage


class DownloadCounter(models.Model):
    """How often a file was fetched in a month."""

    document = models.ForeignKey(
        Document,
        on_delete=models.CASCADE,
        related_name="counters",
        verbose_name=pgettext_lazy("website", "file"),
    )
    month = models.DateField(_("month"))
    count = models.PositiveIntegerField(_("downloads"), default=0)

    class Meta:
        verbose_name = _("downloads of a month")
        verbose_name_plural = _("downloads by month")
        constraints = [models.UniqueConstraint(fields=["document", "month"], name="unique_download_counter")]

    def __str__(self) -> str:
        return f"{self.document} {self.month:%Y-%m}"


class AnswerCounter(models.Model):
    """How often an answer was found helpful, or not, in a month."""

    answer = models.ForeignKey(
        AnswerPage, on_delete=models.CASCADE, related_name="counters", verbose_name=_("question")
    )
    month = models.DateField(_("month"))
    helpful = models.PositiveIntegerField(_("helpful"), default=0)
    unhelpful = models.PositiveIntegerField(_("not helpful"), default=0)

    class Meta:
        verbose_name = _("votes of a month")
        verbose_name_plural = _("votes by month")
        constraints = [models.UniqueConstraint(fields=["answer", "month"], name="unique_answer_counter")]

    def __str__(self) -> str:
        return f"{self.answer} {self.month:%Y-%m}"


class SearchMissCounter(models.Model):
    """A search that found nothing, and how often in a month."""

    query = models.CharField(_("searched for"), max_length=100)
    month = models.DateField(_("month"))
    count = models.PositiveIntegerField(_("times"), default=0)

    class Meta:
        verbose_name = _("search without a hit")
        verbose_name_plural = _("searches without a hit")
        constraints = [models.UniqueConstraint(fields=["query", "month"], name="unique_search_miss_counter")]

    def __str__(self) -> str:
        return self.query
