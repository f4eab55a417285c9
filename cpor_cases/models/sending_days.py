"""How many sendings of a court were expected on each day, and how many came in time."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cpor_core.models.courts import Court


class SendingDay(models.Model):
    """One working day of a court that has a rhythm, counted when it was over."""

    court = models.ForeignKey(
        Court, on_delete=models.CASCADE, related_name="+", db_index=False, verbose_name=_("court")
    )
    day = models.DateField(_("day"))
    expected = models.PositiveSmallIntegerField(_("expected"))
    on_time = models.PositiveSmallIntegerField(_("on time"))

    class Meta:
        verbose_name = _("sendings of a day")
        verbose_name_plural = _("sendings of days")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["court", "day"], name="one_count_of_a_courts_day"),
            models.CheckConstraint(
                condition=Q(on_time__lte=F("expected")), name="no_more_on_time_than_expected"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day}: {self.on_time}/{self.expected}"
