"""Which periodic task was last begun for which moment."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Tick(models.Model):
    """The scheduled moment for which a periodic task was last started: workers know by it whether the task is due."""

    name = models.CharField(_("periodic task"), max_length=100)
    moment = models.DateTimeField(_("done for"))

    class Meta:
        verbose_name = _("scheduled run")
        verbose_name_plural = _("scheduled runs")
        constraints = [models.UniqueConstraint(fields=["name"], name="one_tick_for_each_task")]

    def __str__(self) -> str:
        return self.name
