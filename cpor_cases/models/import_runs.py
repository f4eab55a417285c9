"""Imports of progress entries."""

import datetime as dt
from collections.abc import Collection

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cpor_core import conf
from cpor_core.models.courts import Court

from .api_tokens import ApiToken


class ImportRunQuerySet(models.QuerySet):
    def for_clerk(self, user) -> "ImportRunQuerySet":
        """Runs of the clerk's own courts. A run for several courts is seen by nobody here: whoever ran it has its output."""
        return self.filter(court__in=Court.objects.for_clerk(user))

    def of_files(self) -> "ImportRunQuerySet":
        return self.exclude(source=ImportRun.Source.TYPED)

    def unfinished(self) -> "ImportRunQuerySet":
        """Those that have been accepted and may still store something."""
        return self.filter(ended_at=None)

    def concerning(self, courts: Collection[int]) -> "ImportRunQuerySet":
        """Those that may bring something of one of these courts."""
        return self.filter(Q(court__in=courts) | Q(court=None))

    def faulty(self) -> "ImportRunQuerySet":
        """Those that did not take all that was sent."""
        return self.filter(Q(rows_rejected__gt=0) | Q(state=ImportRun.State.ABORTED))

    def to_repair(self) -> "ImportRunQuerySet":
        """Those of which something is still missing: no later import has taken it, and nobody has said why not.

        Of rows that were rejected several times only the latest import is work.
        """
        return self.faulty().filter(repaired_at=None, settled_at=None, continued_in=None)

    def seen_to(self) -> "ImportRunQuerySet":
        """Those of which something was missing that has been taken since, or of which a clerk has said why not.

        And those for which a later import that sent the same rows stands.
        """
        return self.faulty().exclude(repaired_at=None, settled_at=None, continued_in=None)


class ImportRun(models.Model):
    """One batch of progress entries: a file, a call of the API, or one entry typed in the office.

    Of two runs of a court the one with the higher key was accepted later: what it says counts, whichever is stored first
    (docs/decisions/0011).
    """

    class Source(models.TextChoices):
        COMMAND = "command", _("command")
        TYPED = "typed", _("typed in the office")
        UPLOAD = "upload", _("uploaded")
        API = "api", _("interface")

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        ABORTED = "aborted", _("aborted")
        STOPPED = "stopped", _("stopped")

    court = models.ForeignKey(
        Court,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="import_runs",
        verbose_name=_("court"),
        help_text=_("The court whose rows alone were imported; empty for a file of several courts."),
    )
    source = models.CharField(_("source"), max_length=10, choices=Source.choices)
    file_name = models.CharField(pgettext_lazy("import", "file"), max_length=200, blank=True)
    is_small = models.BooleanField(
        _("small"),
        default=False,
        editable=False,
        help_text=_("So few rows that it need not wait for a large file of the court."),
    )
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("started by"),
    )
    token = models.ForeignKey(
        ApiToken,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="import_runs",
        verbose_name=pgettext_lazy("court system", "API token"),
        help_text=_("Which token of the court's system sent it."),
    )
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.RUNNING)
    started_at = models.DateTimeField(_("started"), default=timezone.now)
    heartbeat_at = models.DateTimeField(_("last heartbeat"), default=timezone.now)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    rows_read = models.PositiveIntegerField(_("read"), default=0)
    rows_created = models.PositiveIntegerField(pgettext_lazy("import", "created"), default=0)
    rows_changed = models.PositiveIntegerField(_("changed"), default=0)
    rows_unchanged = models.PositiveIntegerField(_("unchanged"), default=0)
    rows_withdrawn = models.PositiveIntegerField(_("withdrawn"), default=0)
    rows_rejected = models.PositiveIntegerField(_("rejected"), default=0)
    rows_superseded = models.PositiveIntegerField(
        pgettext_lazy("import", "superseded"),
        default=0,
        help_text=_("Rows about entries of which a later import had spoken before this one came to them."),
    )
    tries = models.PositiveSmallIntegerField(
        _("tries"), default=1, editable=False, help_text=_("How many workers began with it.")
    )
    repaired_at = models.DateTimeField(
        _("repaired"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("When a later import had taken all that this one rejected or left out."),
    )
    settled_at = models.DateTimeField(
        _("settled"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("When a clerk had said of all that is missing why it does not come in corrected."),
    )
    continued_in = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("sent again in"),
        help_text=_(
            "The later import that rejected all that was still missing once more: it is seen to there."
        ),
    )
    open_since = models.DateTimeField(
        _("open since"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("When the first import that rejected these rows was started, if it was not this one."),
    )
    failure = models.CharField(_("why it was aborted"), max_length=300, blank=True)
    digest = models.CharField(
        _("digest"),
        max_length=64,
        blank=True,
        editable=False,
        help_text=_("Of the file and of all that decides what becomes of its rows."),
    )
    repeats = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("repeats"),
        help_text=_("The import that had taken the same file: nothing has changed since."),
    )

    objects = ImportRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-started_at", "-pk"]
        indexes = [
            # Was this file taken before? Typed entries, most of all runs, have no digest.
            models.Index(fields=["digest"], condition=~Q(digest=""), name="imports_by_digest"),
            # What the first page lists, and each import asks for when it ends: few runs are faulty.
            models.Index(
                fields=["court", "started_at"],
                condition=Q(
                    Q(rows_rejected__gt=0) | Q(state="aborted"),
                    repaired_at=None,
                    settled_at=None,
                    continued_in=None,
                ),
                name="imports_to_do",
            ),
            # Each batch asks whether an earlier import of its court is under way: hardly any is.
            models.Index(fields=["court"], condition=Q(ended_at=None), name="unfinished_imports"),
            # When did a court last send? Typed entries, most of all runs, are no sendings.
            models.Index(fields=["court", "started_at"], condition=~Q(source="typed"), name="files_of_court"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "running"], ended_at=None)
                | (~Q(state__in=["waiting", "running"]) & Q(ended_at__isnull=False)),
                name="import_ended_when_not_running",
            ),
            models.CheckConstraint(
                condition=~Q(state="done")
                | Q(
                    rows_read=F("rows_created")
                    + F("rows_changed")
                    + F("rows_unchanged")
                    + F("rows_withdrawn")
                    + F("rows_rejected")
                    + F("rows_superseded")
                ),
                name="import_accounts_for_every_row",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_source_display()} {timezone.localtime(self.started_at):%Y-%m-%d %H:%M}"

    @property
    def is_running(self) -> bool:
        return self.state == self.State.RUNNING

    @property
    def is_to_repair(self) -> bool:
        """Whether something of it is still missing, and nobody has said why."""
        is_faulty = self.rows_rejected > 0 or self.state == self.State.ABORTED
        is_closed = self.repaired_at or self.settled_at or self.continued_in_id
        return is_faulty and not is_closed

    @property
    def rows_done(self) -> int:
        """Of how many rows it is known what became of them."""
        settled = self.rows_created + self.rows_changed + self.rows_unchanged + self.rows_withdrawn
        return settled + self.rows_rejected + self.rows_superseded

    def end_of_hold(self, now: dt.datetime) -> dt.datetime | None:
        """Return until when people are not told of what this run stores `now`; None if they are at once.

        Only what a clerk types is put on hold.
        """
        if self.source != self.Source.TYPED or not conf.TYPED_ENTRY_HOLD_MINUTES:
            return None
        return now + dt.timedelta(minutes=conf.TYPED_ENTRY_HOLD_MINUTES)
