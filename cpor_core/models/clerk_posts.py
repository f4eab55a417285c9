"""Which member of staff serves at which court."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .courts import Court


class ClerkPost(models.Model):
    """A member of staff serves at a court: the horizon of what they see and change."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="posts",
        verbose_name=_("member of staff"),
    )
    court = models.ForeignKey(Court, on_delete=models.PROTECT, related_name="posts", verbose_name=_("court"))

    class Meta:
        verbose_name = _("clerk's post")
        verbose_name_plural = _("clerks' posts")
        constraints = [models.UniqueConstraint(fields=["user", "court"], name="unique_post")]
        permissions = [("oversee_courts", "Can see the reports and posts of all courts")]

    def __str__(self) -> str:
        return f"{self.user} · {self.court}"
