"""Votes on answers by month: no person, address or session is kept with them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .answer_page import AnswerPage


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
