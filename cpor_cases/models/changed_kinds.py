"""Kinds of progress entries that editors changed, until what follows for the cases has been recomputed."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cpor_core.models import ProgressKind


class ChangedKind(models.Model):
    """A kind whose effect on the query period or on hearings was changed. A worker recomputes the cases with such an
    entry, and then deletes the row; where it died, the next one goes on."""

    kind = models.OneToOneField(
        ProgressKind, on_delete=models.CASCADE, related_name="+", verbose_name=_("kind of progress entry")
    )
    changed_at = models.DateTimeField(_("changed"), default=timezone.now)
    done_until = models.BigIntegerField(_("key of the last case that was recomputed"), default=0)

    class Meta:
        verbose_name = _("changed kind of progress entry")
        verbose_name_plural = _("changed kinds of progress entries")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.kind}"
