"""The reasons for which applications are refused."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cpor_core.translated.fields import TranslatedField


def make_reason_code() -> str:
    """Return a code for a reason that the service adds to the packaged ones, whose codes are words."""
    return f"own-{uuid.uuid4().hex[:12]}"


class RefusalReasonQuerySet(models.QuerySet):
    def active(self) -> "RefusalReasonQuerySet":
        """The reasons that can be given now."""
        return self.filter(is_retired=False)

    def with_times_given(self) -> "RefusalReasonQuerySet":
        """Annotate in `times_given` how many applications on record were refused for each."""
        return self.annotate(times_given=models.Count("applications"))


class RefusalReason(models.Model):
    """One of the fixed reasons for which an application is refused.

    A reason that was once given stays on record as it was worded: it is retired, not reworded.
    """

    code = models.CharField(_("code"), max_length=40, default=make_reason_code, editable=False)
    name = TranslatedField(pgettext_lazy("of a refusal", "reason"), max_length=150)
    is_retired = models.BooleanField(
        _("retired"), default=False, help_text=_("It can no longer be given; where it was given, it stays.")
    )

    objects = RefusalReasonQuerySet.as_manager()

    class Meta:
        verbose_name = _("reason for refusal")
        verbose_name_plural = _("reasons for refusal")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["code"], name="unique_refusal_reason")]

    def __str__(self) -> str:
        return self.name
