"""Numbers under which a case was recorded by mistake, each with the case it was merged into."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cpor_core.case_numbers import CaseNumber
from cpor_core.models.courts import Category, Court

from .cases import Case, CaseQuerySet, NumberedQuerySet


class MergedCaseQuerySet(NumberedQuerySet):
    def for_clerk(self, user) -> "MergedCaseQuerySet":
        return self.filter(court__in=Court.objects.for_clerk(user))

    def named(self, number: CaseNumber) -> "MergedCaseQuerySet":
        """Those of a whole number, in any category and at any court."""
        return self.filter(**number._asdict())


class MergedCase(models.Model):
    """The number under which a case was recorded by mistake, and the case it was merged into.

    Old links lead to that case, and clerks are warned when the number is used again. Rows of an import are never
    redirected: the same number may be a real case of other people.
    """

    court = models.ForeignKey(Court, on_delete=models.PROTECT, related_name="+", verbose_name=_("court"))
    category = models.CharField(_("category"), max_length=20, choices=Category.choices)
    year = models.PositiveSmallIntegerField(_("year of the Republic"))
    word = models.CharField(_("case word"), max_length=20)
    number = models.PositiveIntegerField(_("number"))
    public_id = models.UUIDField(editable=False)
    former_key = models.BigIntegerField(
        _("former key"),
        null=True,
        editable=False,
        help_text=_("By which old addresses of the office name it; empty where it was not kept."),
    )
    case = models.ForeignKey(
        Case, on_delete=models.PROTECT, related_name="merged_cases", verbose_name=_("merged into")
    )
    merged_at = models.DateTimeField(_("merged"), default=timezone.now)
    merged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("merged by")
    )

    objects = MergedCaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("merged case")
        verbose_name_plural = _("merged cases")
        constraints = [
            models.UniqueConstraint(fields=["public_id"], name="unique_merged_public_id"),
            models.UniqueConstraint(fields=["former_key"], name="unique_merged_former_key"),
        ]
        # Whether a number that is typed or imported was once merged.
        indexes = [models.Index(fields=["court", "year", "number"], name="merged_cases_of_number")]

    def __str__(self) -> str:
        return f"{self.court} {self.full_number}"

    @property
    def full_number(self) -> CaseNumber:
        return CaseNumber(self.year, self.word, self.number)


def with_merged_number(cases: CaseQuerySet, merged: MergedCaseQuerySet) -> CaseQuerySet:
    """Return those of `cases` whose number was once merged into another case as a mistake, and was recorded again.

    The few `merged` numbers are gone through now, not the cases.
    """
    same = {name: models.OuterRef(name) for name in ("court", "category", "year", "word", "number")}
    again = models.Subquery(Case.objects.filter(**same).values("pk")[:1])
    found = merged.order_by().annotate(again=again).filter(again__isnull=False)
    return cases.filter(pk__in=list(found.values_list("again", flat=True)))
