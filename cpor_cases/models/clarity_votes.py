"""That somebody has voted on what they understood, so that it counts once."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .clarity_counters import Question
from .outgoing_mails import OutgoingMail
from .progress_entries import ProgressEntry


class ClarityVote(models.Model):
    """One question answered: of a mail, by whoever had its link, or of an entry on its page, by one person.

    Neither the answer nor the time is in it: counters that go by quarters cannot be joined with it. It is a row of its own,
    not a column of the mail, so that nothing of it is left once the question is no longer asked (retention).
    """

    mail = models.ForeignKey(
        OutgoingMail,
        on_delete=models.CASCADE,
        null=True,
        related_name="+",
        db_index=False,
        verbose_name=pgettext_lazy("mail", "email"),
    )
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        related_name="+",
        db_index=False,
        verbose_name=pgettext_lazy("account", "account"),
    )
    entry = models.ForeignKey(
        ProgressEntry,
        on_delete=models.CASCADE,
        null=True,
        related_name="+",
        db_index=False,
        verbose_name=_("progress entry"),
    )
    question = models.CharField(_("what was asked"), max_length=10, choices=Question)

    class Meta:
        verbose_name = _("mark that somebody voted")
        verbose_name_plural = _("marks that somebody voted")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["mail", "question"], condition=Q(mail__isnull=False), name="one_vote_for_each_mail"
            ),
            models.UniqueConstraint(
                fields=["account", "entry", "question"],
                condition=Q(entry__isnull=False),
                name="one_vote_for_each_entry_and_person",
            ),
            models.CheckConstraint(
                condition=Q(mail__isnull=False, account=None, entry=None)
                | Q(mail=None, account__isnull=False, entry__isnull=False),
                name="vote_on_a_mail_or_an_entry",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"
