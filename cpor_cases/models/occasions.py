"""What a mail tells of one case, so that one mail can tell of several."""

import datetime as dt

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .case_accesses import CaseAccess
from .mail_kinds import mail_kinds
from .outgoing_mails import OutgoingMail


class Occasion(models.Model):
    """Something that one person was told of one case: that it was added; by the clock, a hearing that is near, a last day, a
    time without news.

    It is written together with its mail, and what the clock tells never twice: what has been told is told.
    """

    access = models.ForeignKey(
        CaseAccess,
        on_delete=models.CASCADE,
        related_name="occasions",
        db_index=False,
        verbose_name=_("access"),
    )
    kind = models.CharField(_("kind"), max_length=20, choices=mail_kinds)
    # On which it was added; of the hearing, the last day of query, or the last entry before a quiet time.
    day = models.DateField(pgettext_lazy("occasion of a mail", "day"))
    # Of which of several reminders of one hearing it is.
    days_before = models.PositiveSmallIntegerField(
        pgettext_lazy("occasion of a mail", "days before"), default=0
    )
    mail = models.ForeignKey(
        OutgoingMail,
        on_delete=models.CASCADE,
        related_name="occasions",
        verbose_name=pgettext_lazy("mail", "email"),
    )

    due_at: dt.datetime | None = None  # since when it was to be told, where the clock finds it; never stored

    class Meta:
        verbose_name = _("occasion of an email")
        verbose_name_plural = _("occasions of emails")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["access", "kind", "day", "days_before"],
                # A court may send this one again.
                condition=~models.Q(kind="case_added"),
                name="each_occasion_is_told_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.access_id} {self.day}"

    @property
    def what(self) -> tuple:
        """By what it is known."""
        return self.access_id, self.kind, self.day, self.days_before
