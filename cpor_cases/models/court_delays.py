"""The times at which a court's data was late."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cpor_core.models.courts import Court


class CourtDelayQuerySet(models.QuerySet["CourtDelay"]):
    def going_on(self) -> "CourtDelayQuerySet":
        return self.filter(ended_at=None)


class CourtDelay(models.Model):
    """A court's data has not come at its usual time: a task for its manager and for the operator, until it comes.

    A court has one at a time, however many sendings are missing.
    """

    class End(models.TextChoices):
        DATA = "data", _("data has come")
        CLOSED = "closed", _("the court is closed")
        RHYTHM = "rhythm", _("its times were changed")

    court = models.ForeignKey(Court, on_delete=models.CASCADE, related_name="delays", verbose_name=_("court"))
    day = models.DateField(_("of the day"))
    opens_at = models.DateTimeField(_("counts from"), help_text=_("What is sent from then on ends it."))
    usual_at = models.DateTimeField(_("usual time"))
    due_at = models.DateTimeField(_("late from"))
    noticed_at = models.DateTimeField(_("noticed"), default=timezone.now)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    end = models.CharField(_("how it ended"), max_length=10, choices=End.choices, blank=True)

    objects = CourtDelayQuerySet.as_manager()

    class Meta:
        verbose_name = _("late data of a court")
        verbose_name_plural = _("late data of courts")
        ordering = ["-due_at", "-pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["court"], condition=Q(ended_at=None), name="one_delay_of_a_court_at_a_time"
            ),
            models.UniqueConstraint(fields=["court", "due_at"], name="one_delay_of_each_sending"),
            models.CheckConstraint(
                condition=Q(ended_at=None, end="") | (Q(ended_at__isnull=False) & ~Q(end="")),
                name="delay_ended_somehow",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.court} {timezone.localtime(self.usual_at):%Y-%m-%d %H:%M}"
