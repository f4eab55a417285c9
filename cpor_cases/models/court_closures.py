"""The days on which courts are closed besides weekends and holidays."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cpor_core.models.courts import Court
from cpor_core.roc_dates import in_both_calendars


class CourtClosureQuerySet(models.QuerySet["CourtClosure"]):
    def on(self, day: dt.date) -> "CourtClosureQuerySet":
        return self.filter(first_day__lte=day, last_day__gte=day)


class CourtClosure(models.Model):
    """From one day to another a court sends no data, for a reason: a typhoon, a move, a change of its system."""

    court = models.ForeignKey(
        Court, on_delete=models.CASCADE, related_name="closures", verbose_name=_("court")
    )
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    reason = models.CharField(_("reason"), max_length=200)
    marked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("marked by"),
    )
    marked_at = models.DateTimeField(_("marked"), default=timezone.now)

    objects = CourtClosureQuerySet.as_manager()

    class Meta:
        verbose_name = _("closure of a court")
        verbose_name_plural = _("closures of courts")
        ordering = ["-first_day", "-pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")), name="closure_ends_after_it_begins"
            )
        ]

    def __str__(self) -> str:
        return f"{in_both_calendars(self.first_day)} – {in_both_calendars(self.last_day)}"
