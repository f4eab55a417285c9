"""Who has to know of a hearing that was moved or called off within days, and whether they do."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Case as Choose
from django.db.models import Exists, F, OuterRef, Q, Subquery, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cpor_core.models.courts import Court
from cpor_core.roc_dates import start_of_day

from .activations import Activation
from .announcements import Announcement
from .bounced_addresses import BouncedAddress
from .case_accesses import CaseAccess
from .import_runs import ImportRun
from .outgoing_mails import OutgoingMail

TIME_FOR_MAIL = dt.timedelta(minutes=10)
UNUSED_FOR = dt.timedelta(days=30)


class HearingNoticeQuerySet(models.QuerySet):
    def for_clerk(self, user) -> "HearingNoticeQuerySet":
        # No join: the database begins with the few notices, not with the many accesses of the court.
        own = CaseAccess.objects.filter(case__court__in=Court.objects.keys_for_clerk(user))
        return self.filter(Exists(own.filter(pk=OuterRef("access"))))

    def mailed(self) -> "HearingNoticeQuerySet":
        """Those about a case of which the import's own mail tells: not one for which the person wants no mails. In
        `is_ahead`: whether that is the one that leaves ahead of the rest."""
        told = Announcement.objects.filter(run=OuterRef("run"), access=OuterRef("access"), in_digest=False)
        return self.filter(Exists(told)).annotate(is_ahead=Subquery(told.values("is_ahead")))

    def with_reach(self, now: dt.datetime | None = None) -> "HearingNoticeQuerySet":
        """Annotate what became of the mail (`mail_state`, None if none tells of the case), whether its address `bounces`,
        and whether the account `is_unused`: what a mail cannot be relied on for."""
        now = now or timezone.now()
        mail = OutgoingMail.objects.filter(
            kind=OutgoingMail.Kind.PROGRESS,
            run=OuterRef("run"),
            account=OuterRef("access__account"),
            run__announcements__access=OuterRef("access"),
            run__announcements__in_digest=False,
            run__announcements__is_ahead=F("is_ahead"),
        )
        sent = OutgoingMail.objects.filter(
            kind=OutgoingMail.Kind.PROGRESS,
            run=OuterRef(OuterRef("run")),
            account=OuterRef(OuterRef("access__account")),
        )
        bounced = BouncedAddress.objects.filter(address__in=sent.values("address"))
        since = now - UNUSED_FOR
        opened = CaseAccess.objects.filter(account=OuterRef("access__account"), last_seen_at__gte=since)
        activated = Activation.objects.filter(account=OuterRef("access__account"), activated_at__gte=since)
        is_used = Q(access__account__last_login__gte=since) | Exists(opened) | Exists(activated)
        return self.annotate(
            mail_state=Subquery(mail.values("state")[:1]),
            bounces=Exists(
                bounced.filter(Q(hardness=BouncedAddress.Hardness.HARD) | Q(last_at__gte=OuterRef("made_at")))
            ),
            # A condition that may be NULL, for who has never logged in, is no truth to be negated.
            is_unused=Choose(When(is_used, then=False), default=True, output_field=models.BooleanField()),
        )

    def to_telephone(self, now: dt.datetime | None = None) -> "HearingNoticeQuerySet":
        """Those whose person a mail has not reached, or may not have, and who has not said that they know.

        A mail that is still on its way is given ten minutes. Which are open is evaluated now: hardly any is, and the
        database plans what became of their mails better from their keys.
        """
        now = now or timezone.now()
        states = OutgoingMail.State
        never_sent = Q(mail_state=None) | Q(mail_state__in=[states.FAILED, states.STOPPED, states.DROPPED])
        is_late = Q(mail_state__in=[states.HELD, states.WAITING], made_at__lte=now - TIME_FOR_MAIL)
        open_now = list(self.open(now).order_by().values_list("pk", flat=True))
        if not open_now:
            return self.none()
        notices = self.filter(pk__in=open_now).with_reach(now)
        return notices.filter(never_sent | is_late | Q(bounces=True) | Q(is_unused=True))

    def one_each(self) -> "HearingNoticeQuerySet":
        """The newest of each person and case: one call tells of all that has changed."""
        newest = dict(self.order_by("pk").values_list("access", "pk"))
        return self.filter(pk__in=newest.values())

    def open(self, now: dt.datetime | None = None) -> "HearingNoticeQuerySet":
        """Those that nobody has seen or been told of, of people who may still see the case, until the day is over."""
        unseen = Q(last_seen_at=None) | Q(last_seen_at__lt=OuterRef("made_at"))
        return self.filter(
            Exists(CaseAccess.objects.live().filter(unseen, pk=OuterRef("access"))),
            seen_at=None,
            told_at=None,
            hearing_at__gte=start_of_day(now),
        )


class HearingNotice(models.Model):
    """One person's need to know that a hearing within the next days was moved or called off.

    It is written in the transaction that stores the news. Whether the person has been reached follows from the mail, the
    address and the account; what people did (opened the case, pressed "I know") or a clerk did (telephoned) ends it.
    """

    access = models.ForeignKey(
        CaseAccess, on_delete=models.CASCADE, related_name="hearing_notices", verbose_name=_("access")
    )
    run = models.ForeignKey(
        ImportRun, on_delete=models.PROTECT, related_name="+", db_index=False, verbose_name=_("import")
    )
    hearing_at = models.DateTimeField(
        _("hearing"), help_text=_("The first of the dates concerned: the old one or the new one.")
    )
    made_at = models.DateTimeField(pgettext_lazy("record", "created"), default=timezone.now)
    seen_at = models.DateTimeField(_("said to know"), null=True, blank=True)
    told_at = models.DateTimeField(_("told by telephone"), null=True, blank=True)
    told_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("told by"),
    )

    mail_state: str | None  # set by `with_reach`, as are the next two
    bounces: bool
    is_unused: bool

    objects = HearingNoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice of a changed hearing")
        verbose_name_plural = _("notices of changed hearings")
        default_permissions = ("view", "change")
        ordering = ["hearing_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["run", "access"], name="one_hearing_notice_per_access_and_import"
            ),
            models.CheckConstraint(
                condition=Q(told_at=None, told_by=None) | Q(told_at__isnull=False, told_by__isnull=False),
                name="hearing_notice_told_at_and_by",
            ),
        ]
        indexes = [
            # What waits for a clerk: few are open, and none for long.
            models.Index(
                fields=["hearing_at"], condition=Q(seen_at=None, told_at=None), name="open_hearing_notices"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.access.case} {timezone.localdate(self.hearing_at):%Y-%m-%d}"
