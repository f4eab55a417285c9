"""How many readers understood what they were told: by kind of entry, language and quarter. No person is kept with it."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, NamedTuple

from django.db import models
from django.db.models import F, Q, Sum
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from cpor_core import languages
from cpor_core.models.progress_kinds import ProgressKind

FEWEST_VOTES = 10  # below, a share says little and might say something of somebody


class Question(models.TextChoices):
    """What readers are asked about an entry."""

    HAPPENED = "happened", _("I understand what happened")
    TO_DO = "to_do", _("I know what to do")


class Vote(models.TextChoices):
    """What they may answer, each by one button."""

    YES = "yes", pgettext_lazy("vote", "Yes")
    PARTLY = "partly", pgettext_lazy("vote", "Partly")
    NO = "no", pgettext_lazy("vote", "No")


class Place(models.TextChoices):
    """Where they read it."""

    MAIL = "mail", pgettext_lazy("where it was read", "email")
    PAGE = "page", pgettext_lazy("where it was read", "page of the case")


def quarter_of(day: dt.date) -> dt.date:
    """Return the first day of the quarter in which a day lies."""
    return day.replace(month=day.month - (day.month - 1) % 3, day=1)


class Votes(NamedTuple):
    """The votes on one question."""

    yes: int
    partly: int
    no: int

    @property
    def are_enough(self) -> bool:
        return sum(self) >= FEWEST_VOTES

    @property
    def in_words(self) -> str:
        """The shares of the votes, or that they are too few."""
        if not self.are_enough:
            return gettext("too few answers")
        shares = {name: self.percent(part) for name, part in self._asdict().items()}
        words = gettext("yes %(yes)d%%, partly %(partly)d%%, no %(no)d%% (%(count)s answers)")
        return words % (shares | {"count": f"{sum(self):,}"})

    def percent(self, part: int) -> int:
        return round(100 * part / sum(self))


def votes_on(question: Question, row: Mapping[str, int]) -> Votes:
    """Return the votes on a question out of a row of `votes_by`."""
    return Votes(*(row[f"{question}_{vote}"] for vote in Vote))


class ClarityCounterQuerySet(models.QuerySet["ClarityCounter"]):
    def of_whole_quarters(self, today: dt.date) -> "ClarityCounterQuerySet":
        """Those of the quarters that are over: their figures are whole, and no single vote shows as a change of them."""
        return self.filter(quarter__lt=quarter_of(today))

    def votes_by(self, *names: str, **expressions: F) -> models.QuerySet[Any, Any]:
        """Return a row for each group, with the votes on each question and all of them (`to_do_yes`, `to_do_all` …)."""
        sums = {
            f"{question}_{vote}": Sum(vote.value, default=0, filter=Q(question=question))
            for question in Question
            for vote in Vote
        }
        all_votes = {
            f"{question}_all": sum((F(f"{question}_{vote}") for vote in Vote), start=models.Value(0))
            for question in Question
        }
        return self.values(*names, **expressions).annotate(**sums).annotate(**all_votes)


class ClarityCounter(models.Model):
    """How often one question about entries of a kind was answered so or so, in one language, place and quarter."""

    quarter = models.DateField(_("quarter"), help_text=_("Its first day."))
    kind = models.ForeignKey(
        ProgressKind,
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name=_("kind of progress entry"),
    )
    language = models.CharField(_("language"), max_length=10, choices=languages.choices)
    place = models.CharField(_("where it was read"), max_length=4, choices=Place)
    question = models.CharField(_("what was asked"), max_length=10, choices=Question)
    yes = models.PositiveIntegerField(pgettext_lazy("votes", "yes"), default=0)
    partly = models.PositiveIntegerField(pgettext_lazy("votes", "partly"), default=0)
    no = models.PositiveIntegerField(pgettext_lazy("votes", "no"), default=0)

    objects = ClarityCounterQuerySet.as_manager()

    class Meta:
        verbose_name = _("votes on what was understood")
        verbose_name_plural = _("votes on what was understood")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["quarter", "kind", "language", "place", "question"], name="unique_clarity_counter"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.language} {self.quarter:%Y-%m}"
