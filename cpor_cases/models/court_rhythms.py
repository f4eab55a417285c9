"""When the systems of courts usually send data."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cpor_core.models.courts import Court

TOLERANCE_MINUTES = 60


class CourtRhythm(models.Model):
    """At which times a court usually sends: learnt each night from its imports, unless its manager has set them.

    A court without times, learnt or set, is never said to be late.
    """

    court = models.OneToOneField(
        Court, on_delete=models.CASCADE, related_name="rhythm", verbose_name=_("court")
    )
    is_watched = models.BooleanField(_("says when the court's data is late"), default=True)
    set_times = models.JSONField(
        _("times that were set"), default=list, blank=True, help_text=_("Minutes after midnight.")
    )
    set_weekdays = models.JSONField(
        _("weekdays that were set"),
        default=list,
        blank=True,
        help_text=_("Monday is 0; empty: every working day."),
    )
    tolerance_minutes = models.PositiveSmallIntegerField(_("tolerance in minutes"), default=TOLERANCE_MINUTES)
    learnt = models.JSONField(_("times that were learnt"), default=list, blank=True, editable=False)
    sendings = models.PositiveIntegerField(_("sendings they were learnt from"), default=0, editable=False)
    learnt_at = models.DateTimeField(_("learnt"), null=True, blank=True, editable=False)
    speaks_from = models.DateTimeField(
        _("counts from"),
        default=timezone.now,
        editable=False,
        help_text=_("What was due before is not asked for."),
    )

    class Meta:
        verbose_name = _("rhythm of a court")
        verbose_name_plural = _("rhythms of courts")
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.court)

    @property
    def is_set(self) -> bool:
        """Whether the court's manager or the operator has set the times."""
        return bool(self.set_times)
