"""The mail queue: every mail is a row first, and its delivery record afterwards."""

import datetime as dt
import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, ExpressionWrapper, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cpor_core import conf, request_ids
from cpor_core.email_addresses import NormalEmailField
from cpor_core.models.courts import Court

from .activations import Activation
from .case_accesses import CaseAccess
from .import_runs import ImportRun
from .mail_kinds import KINDS, mail_kinds


def make_message_id() -> str:
    """Return a new RFC 5322 Message-ID, without the angle brackets of the header."""
    return f"{uuid.uuid4().hex}@{conf.MESSAGE_ID_DOMAIN}"


def _is_awaited() -> Q:
    rights = CaseAccess.objects.in_force().filter(account=OuterRef("account"), case__court=OuterRef("court"))
    used_links = Activation.objects.filter(account=OuterRef("account")).exclude(activated_at=None)
    has_work = ~Q(kind=OutgoingMail.Kind.ACTIVATION) | ~Exists(used_links)
    return (Q(court=None) | Exists(rights)) & has_work


class OutgoingMailQuerySet(models.QuerySet):
    def for_clerk(self, user) -> "OutgoingMailQuerySet":
        """Mails about the clerk's own courts. Account mails belong to no court and are visible to their person alone."""
        return self.filter(court__in=Court.objects.keys_for_clerk(user))

    def awaited(self) -> "OutgoingMailQuerySet":
        """Mails about the account itself, and those of a court one of whose cases the person may still see.

        No link to activate an account that is active.
        """
        return self.filter(_is_awaited())

    def with_awaited(self) -> "OutgoingMailQuerySet":
        """Say of each mail in `is_awaited` whether it is among those."""
        return self.annotate(is_awaited=ExpressionWrapper(_is_awaited(), output_field=models.BooleanField()))

    def about_case(self, case) -> "OutgoingMailQuerySet":
        """Mails that told of this case: that it was added, what was new in it, what the clock reminds of."""
        return self.about_accesses(case.accesses.values("pk"))

    def about_accesses(self, accesses) -> "OutgoingMailQuerySet":
        """Mails that told one of these accesses' person of its case."""
        mails = OutgoingMail.objects.order_by()
        progress = mails.filter(
            kind=OutgoingMail.Kind.PROGRESS,
            account=F("run__announcements__access__account"),
            run__announcements__access__in=accesses,
            run__announcements__in_digest=False,
            run__announcements__is_ahead=F("is_ahead"),
        )
        digests = mails.filter(announcements__access__in=accesses)
        # A union: with the conditions joined by OR the database reads every mail there is.
        own = mails.filter(access__in=accesses)
        joint = mails.filter(occasions__access__in=accesses)
        others = (found.values("pk") for found in (progress, digests, joint))
        return self.filter(pk__in=own.values("pk").union(*others))

    def of_run(self, run: ImportRun) -> "OutgoingMailQuerySet":
        """Mails that tell what one import brought: found by the index that keeps them one a person."""
        return self.filter(run=run, kind=OutgoingMail.Kind.PROGRESS)

    def waiting(self) -> "OutgoingMailQuerySet":
        return self.filter(state=OutgoingMail.State.WAITING)

    def unsent(self) -> "OutgoingMailQuerySet":
        """Mails that are waiting, or stopped until the address is corrected."""
        return self.filter(state__in=[OutgoingMail.State.WAITING, OutgoingMail.State.STOPPED])

    def stopped(self) -> "OutgoingMailQuerySet":
        """Mails that are not sent because the address bounces."""
        return self.filter(state=OutgoingMail.State.STOPPED)

    def untold(self, at: dt.datetime) -> "OutgoingMailQuerySet":
        """Mails accepted before `at` that the mail server has not taken, whatever they wait for: a worker, a rate slot, a
        server that answers, the end of their import."""
        held = Q(state=OutgoingMail.State.HELD, kind=OutgoingMail.Kind.PROGRESS, run__ended_at=None)
        return self.filter(Q(state=OutgoingMail.State.WAITING) | held, accepted_at__lt=at)

    def due(self, at: dt.datetime) -> "OutgoingMailQuerySet":
        """Mails to be sent now that no worker has leased."""
        return self.waiting().filter(
            Q(leased_until=None) | Q(leased_until__lt=at),
            next_attempt_at__lte=at,
        )


class OutgoingMail(models.Model):
    """One mail: its kind, recipient and subject matter (keys, never secrets), and the state of its delivery."""

    Kind = KINDS

    # What its class in mail/messages/ has read for it, together with others; never stored.
    facts: dict[str, Any] | None = None
    # What lists that show it have set.
    in_words: str  # what became of it
    accesses: list[CaseAccess]  # those it told of that its person may still see
    told_of_others: bool
    address_shown: str  # as far as the clerk may see it

    class State(models.TextChoices):
        HELD = "held", _("held until its import is complete")
        WAITING = "waiting", _("waiting to be sent")
        STOPPED = "stopped", _("held back: the address bounces")
        SENT = "sent", pgettext_lazy("mail", "sent")
        FAILED = "failed", _("could not be delivered")
        DROPPED = "dropped", _("no longer needed")

    LOWEST_PRIORITY_AT_ONCE = 3  # beyond it a mail waits for its rate slot
    PRIORITY_OF_FEW = 5  # news of a small import
    LOWEST_PRIORITY = 9

    kind = models.CharField(_("kind"), max_length=20, choices=mail_kinds)
    # None of the mails to whoever fills in a petition. Typed as if each had one: all other code is about those that have.
    account: "models.ForeignKey[Any, Any]" = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="mails",
        verbose_name=pgettext_lazy("account", "account"),
    )
    address = NormalEmailField(_("address"), blank=True)
    court = models.ForeignKey(
        Court,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("court"),
    )
    access = models.ForeignKey(
        CaseAccess,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="mails",
        verbose_name=_("access"),
    )
    run = models.ForeignKey(
        ImportRun,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="mails",
        db_index=False,
        verbose_name=_("import"),
    )
    is_ahead = models.BooleanField(
        _("ahead of the rest"),
        default=False,
        db_default=False,
        editable=False,
        help_text=_(
            "Tells of changed hearings of a large import, whose other news come in an email of their own."
        ),
    )
    about = models.JSONField(
        _("about"), default=dict, blank=True, help_text=_("Keys and plain facts, never a secret.")
    )
    priority = models.PositiveSmallIntegerField(_("priority"), default=LOWEST_PRIORITY)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.WAITING)
    created_at = models.DateTimeField(pgettext_lazy("record", "created"), default=timezone.now)
    # The two moments of the time to know (docs/decisions/0020). Mails from before they were kept have none.
    accepted_at = models.DateTimeField(
        _("accepted"),
        null=True,
        blank=True,
        default=timezone.now,
        help_text=_(
            "When the service had what the email tells of, or, if its person chose a time, that time."
        ),
    )
    taken_at = models.DateTimeField(
        _("taken by the mail server"),
        null=True,
        blank=True,
        help_text=_("When the mail server said that it has it (250)."),
    )
    not_before = models.DateTimeField(_("not before"), default=timezone.now)
    next_attempt_at = models.DateTimeField(_("next attempt"), default=timezone.now)
    slot_at = models.DateTimeField(_("rate slot"), null=True, blank=True, editable=False)
    leased_until = models.DateTimeField(_("held by a worker until"), null=True, blank=True)
    lease = models.UUIDField(_("worker's lease"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    last_answer = models.CharField(_("server's last answer"), max_length=500, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    message_id = models.CharField(_("Message-ID"), max_length=150, default=make_message_id, editable=False)

    request_id = models.CharField(
        _("id of the request that caused it"),
        max_length=128,
        blank=True,
        default=request_ids.current,
        editable=False,
    )

    objects = OutgoingMailQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("mail", "email")
        verbose_name_plural = _("emails")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["message_id"], name="unique_message_id"),
            models.UniqueConstraint(
                fields=["run", "account", "is_ahead"],
                condition=Q(kind="progress"),
                name="one_mail_per_person_and_part_of_import",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["held", "waiting", "stopped"], ended_at=None)
                | (~Q(state__in=["held", "waiting", "stopped"]) & Q(ended_at__isnull=False)),
                name="mail_ended_when_not_waiting",
            ),
        ]
        indexes = [
            # The worker's query; sent mails, which are nearly all, are not in it.
            models.Index(
                fields=["priority", "next_attempt_at", "id"],
                condition=Q(state="waiting"),
                name="mails_to_send",
            ),
            # What waits for an address to be corrected: hardly any mail does.
            models.Index(fields=["address"], condition=Q(state="stopped"), name="mails_kept_back"),
            # The clerk's list: a court's newest mails, without sorting all of them.
            models.Index(fields=["court", "-created_at"], name="mails_of_court"),
            # How long until people knew of what was accepted in a month.
            models.Index(fields=["accepted_at"], name="mails_by_acceptance"),
            # The figures of the home page and the reports: how many were sent or failed in a time, from this index alone.
            models.Index(fields=["court", "state", "ended_at"], name="ended_mails_of_court"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"

    # Django lets a model replace what it would generate.
    def get_kind_display(self) -> str:  # type: ignore[no-redef]
        """Return what the mail is called, in the active language; of a notice about the account, what it tells."""
        return KINDS.label_of(self.kind, self.about.get("notice", ""))
