"""What the self-checks of the service's own record have found."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SelfCheck(models.Model):
    """One self-check that was carried out to its end: how many rows each check found wrong, by its code."""

    started_at = models.DateTimeField(_("started"))
    ended_at = models.DateTimeField(_("ended"))
    counts = models.JSONField(_("rows that are wrong, by check"), default=dict)

    class Meta:
        verbose_name = _("self-check")
        verbose_name_plural = _("self-checks")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.ended_at:%Y-%m-%d %H:%M}"

    @classmethod
    def last(cls) -> "SelfCheck | None":
        return cls.objects.order_by("-pk").first()
