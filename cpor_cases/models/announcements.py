"""News of a case that a mail tells or will tell, with the import that brought it."""

import datetime as dt

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .case_accesses import CaseAccess, wanted_mails
from .import_runs import ImportRun
from .litigants import choice_of_account, litigant_of
from .outgoing_mails import OutgoingMail


class AnnouncementQuerySet(models.QuerySet):
    def awaiting_digest(self) -> "AnnouncementQuerySet":
        return self.filter(in_digest=True, digest=None)

    def with_wanted_mails(self) -> "AnnouncementQuerySet":
        """Annotate in `wanted_mails` the person's present mail preference for the case."""
        return self.annotate(wanted_mails=wanted_mails("access__"))

    def due(self, now: dt.datetime) -> "AnnouncementQuerySet":
        """Those to put into a digest now: the person's hour has passed since the import ended, or they chose another
        preference meanwhile."""
        local = timezone.localtime(now)
        hour_has_come = Q(pk__in=[])
        for hour in range(24):
            latest = local.replace(hour=hour, minute=0, second=0, microsecond=0)
            if latest > local:
                latest -= dt.timedelta(days=1)
            hour_has_come |= Q(chosen_hour=hour, announced_at__lt=latest, run__ended_at__lt=latest)
        ended = self.awaiting_digest().filter(run__ended_at__isnull=False).with_wanted_mails()
        ended = ended.alias(chosen_hour=choice_of_account("digest_hour", "access__"))
        return ended.filter(hour_has_come | ~Q(wanted_mails=CaseAccess.MailPreference.DIGEST))


class Announcement(models.Model):
    """News of one case from one import, for one person who may see it.

    It is written in the transaction that stores the news. Whether the import's own mail tells it or the person's daily
    digest is decided then.
    """

    access = models.ForeignKey(
        CaseAccess, on_delete=models.CASCADE, related_name="announcements", verbose_name=_("access")
    )
    run = models.ForeignKey(
        ImportRun,
        on_delete=models.PROTECT,
        related_name="announcements",
        db_index=False,
        verbose_name=_("import"),
    )
    in_digest = models.BooleanField(_("in the daily email"), default=False)
    is_ahead = models.BooleanField(
        _("ahead of the rest"),
        default=False,
        db_default=False,
        help_text=_("In the email about changed hearings that leaves before a large import has been stored."),
    )
    announced_at = models.DateTimeField(_("announced"), default=timezone.now)
    digest = models.ForeignKey(
        OutgoingMail,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="announcements",
        verbose_name=_("daily email"),
    )

    objects = AnnouncementQuerySet.as_manager()

    class Meta:
        verbose_name = _("announcement")
        verbose_name_plural = _("announcements")
        constraints = [
            models.UniqueConstraint(fields=["run", "access"], name="one_announcement_per_access_and_import"),
            models.CheckConstraint(
                condition=Q(digest=None) | Q(in_digest=True), name="digest_holds_its_own_announcements"
            ),
        ]
        indexes = [
            # The clock's query each minute; those told already, nearly all, are not in it.
            models.Index(
                fields=["access"],
                condition=Q(in_digest=True, digest=None),
                name="announcements_awaiting_digest",
            ),
        ]

    @property
    def due_at(self) -> dt.datetime | None:
        """When it was to be told in the daily mail: at the person's hour next after its import had ended. None before that.

        Its access came with the account and the profile, it itself with its import.
        """
        if self.run.ended_at is None:
            return None
        known_at = timezone.localtime(max(self.announced_at, self.run.ended_at))
        hour = litigant_of(self.access.account).digest_hour
        at = known_at.replace(hour=hour, minute=0, second=0, microsecond=0)
        return at if at > known_at else at + dt.timedelta(days=1)

    def __str__(self) -> str:
        return f"{self.access} · {self.run_id}"
