"""Counters are those of the rows that were counted, as far as these are still there."""

from collections import Counter
from collections.abc import Iterator

from django.db.models import Count, Max, Sum
from django.utils.translation import gettext_lazy as _

from cpor_cases.models import ClarityCounter, ClarityVote
from cpor_cases.models.clarity_counters import Place
from cpor_cases.self_check.check import check


@check(
    "vote_not_counted",
    of=ClarityVote,
    says=_("More people said whether they understood than were counted."),
    do=_("Report it. The figures on what readers understand are too small."),
)
def votes(now) -> Iterator[int]:
    """Marks are deleted after a time, counts are not: there are never more marks than counts."""
    counted: Counter[tuple[str, str]] = Counter()
    sums = ClarityCounter.objects.values_list("place", "question")
    for place, question, *some in sums.annotate(a=Sum("yes"), b=Sum("partly"), c=Sum("no")):
        counted[place, question] += sum(some)
    for place, marks in (
        (Place.MAIL, ClarityVote.objects.filter(mail__isnull=False)),
        (Place.PAGE, ClarityVote.objects.filter(entry__isnull=False)),
    ):
        found = marks.order_by().values_list("question").annotate(count=Count("pk"), last=Max("pk"))
        yield from (last for question, count, last in found if count > counted[place, question])


CHECKS = (votes,)
