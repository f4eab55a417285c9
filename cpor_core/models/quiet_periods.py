"""After how long without an entry people are told that nothing has been recorded, and that this is usual."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from .courts import Category
from .progress_kinds import ProgressKind


class QuietPeriod(models.Model):
    """So many weeks without an entry are usual in cases of a category whose last entry belongs to a stage."""

    category = models.CharField(_("category"), max_length=20, choices=Category.choices)
    stage = models.CharField(
        _("stage"),
        max_length=20,
        choices=ProgressKind.Stage,
        blank=True,
        help_text=_("If empty, it holds for the stages of the category that are not listed."),
    )
    weeks = models.PositiveSmallIntegerField(
        pgettext_lazy("quiet period", "weeks"),
        validators=[MinValueValidator(1), MaxValueValidator(104)],
        help_text=_("After so many weeks without an entry the email is sent, once."),
    )

    class Meta:
        verbose_name = _("quiet period")
        verbose_name_plural = _("quiet periods")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["category", "stage"],
                name="one_quiet_period_per_category_and_stage",
                violation_error_message=_("This stage of the category is already listed."),
            ),
        ]

    def __str__(self) -> str:
        stage = self.get_stage_display() or gettext("other stages")
        return f"{self.get_category_display()} · {stage}"
