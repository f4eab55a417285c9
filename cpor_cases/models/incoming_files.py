"""The exports that courts hand in, from their receipt until the worker has imported them."""

import datetime as dt

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Max, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cpor_core import languages
from cpor_core.models.courts import Court

from .api_tokens import ApiToken
from .import_runs import ImportRun

UPLOADS_KEPT_FOR = dt.timedelta(hours=24)
KEYS_KEPT_FOR = dt.timedelta(hours=48)
"""For so long the interface gives the same answer to the same Idempotency-Key."""


MOST_SMALL_ROWS = 500


def is_small(rows: int | None) -> bool:
    """Whether a file of so many rows is stored between two batches of a large one. One whose rows were not counted is not."""
    return rows is not None and rows <= MOST_SMALL_ROWS


class IncomingFileState(models.TextChoices):
    RECEIVING = "receiving", _("being received")
    DRY_RUN = "dry_run", _("dry run under way")
    READY = "ready", _("waits for your decision")
    UNREADABLE = "unreadable", _("cannot be read")
    IMPORTING = "importing", _("being imported")
    IMPORTED = "imported", _("imported")
    STOPPED = "stopped", _("stopped")


IN_WORK = (IncomingFileState.DRY_RUN, IncomingFileState.IMPORTING)
"""What the worker has to do, is doing, or was doing when it died."""
MAY_BE_IMPORTED = (IncomingFileState.READY, IncomingFileState.STOPPED)


class IncomingFileQuerySet(models.QuerySet["IncomingFile"]):
    def for_clerk(self, user) -> "IncomingFileQuerySet":
        """The files that clerks uploaded for the courts of this one."""
        return self.filter(clerk__isnull=False, court__in=Court.objects.for_clerk(user))

    def unfinished(self) -> "IncomingFileQuerySet":
        """The files a clerk still has to see to. One that is being imported, or was, is listed as an import."""
        return self.exclude(state__in=[IncomingFileState.IMPORTING, IncomingFileState.IMPORTED])

    def in_work(self) -> "IncomingFileQuerySet":
        return self.filter(state__in=IN_WORK)

    def expired(self, at: dt.datetime | None = None) -> "IncomingFileQuerySet":
        at = at or timezone.now()
        old_uploads = Q(clerk__isnull=False, received_at__lt=at - UPLOADS_KEPT_FOR)
        old_calls = Q(token__isnull=False, received_at__lt=at - KEYS_KEPT_FOR)
        return self.exclude(state__in=IN_WORK).filter(old_uploads | old_calls)

    def in_order(self) -> "IncomingFileQuerySet":
        """The oldest first: dry runs, for which a clerk waits, then imports in the order in which they were accepted."""
        return self.order_by(F("run").asc(nulls_first=True), "pk")

    def first_of_each_lane(self) -> list["IncomingFile"]:
        """Return the oldest small and the oldest large file of each court: the small ones first, and of each kind that of
        the court first that was served least recently."""
        oldest: dict[tuple[int, bool], IncomingFile] = {}
        for file in self.only("court", "is_small", "run").in_order():
            oldest.setdefault((file.court_id, file.is_small), file)
        courts = {court for court, _is_small in oldest}
        of_these_courts = IncomingFile.objects.filter(court__in=courts, claimed_at__isnull=False)
        served = dict(of_these_courts.values_list("court").annotate(at=Max("claimed_at")))
        never = dt.datetime.min.replace(tzinfo=dt.UTC)
        return sorted(
            oldest.values(), key=lambda file: (not file.is_small, served.get(file.court_id, never), file.pk)
        )


class IncomingFile(models.Model):
    """A court's export: sent by its system with a token, or uploaded by a clerk, who decides after a dry run.

    Its content goes when it has been imported. What the court's system sent stays without it for as long as the same
    Idempotency-Key must have the same answer.
    """

    State = IncomingFileState

    court = models.ForeignKey(Court, on_delete=models.CASCADE, related_name="+", verbose_name=_("court"))
    token = models.ForeignKey(
        ApiToken,
        on_delete=models.CASCADE,
        null=True,
        related_name="+",
        verbose_name=pgettext_lazy("court system", "API token"),
    )
    clerk = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        related_name="+",
        verbose_name=_("clerk"),
    )
    idempotency_key = models.CharField(_("idempotency key"), max_length=128, blank=True)
    digest = models.CharField(_("digest"), max_length=64, blank=True)
    language = models.CharField(_("language"), max_length=10, default=languages.first)
    file_name = models.CharField(pgettext_lazy("import", "file"), max_length=200, blank=True)
    received_at = models.DateTimeField(_("received"), default=timezone.now)
    is_small = models.BooleanField(
        _("small"),
        default=False,
        help_text=_("So few rows that it need not wait for a large file of the court."),
    )
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.RECEIVING)
    claimed_at = models.DateTimeField(_("last taken up by a worker"), null=True)
    tries = models.PositiveSmallIntegerField(
        _("tries"), default=0, help_text=_("How many workers have begun the dry run.")
    )
    rows_read = models.PositiveIntegerField(_("read"), default=0)
    dry_run_result = models.JSONField(_("result of the dry run"), default=dict, encoder=DjangoJSONEncoder)
    failure = models.CharField(_("why it cannot be read"), max_length=500, blank=True)
    run = models.OneToOneField(
        ImportRun,
        on_delete=models.CASCADE,
        null=True,
        related_name="incoming_file",
        verbose_name=_("import"),
    )

    objects = IncomingFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("incoming file")
        verbose_name_plural = _("incoming files")
        constraints = [
            models.UniqueConstraint(
                fields=["token", "idempotency_key"],
                condition=~Q(idempotency_key=""),
                name="unique_idempotency_key_of_token",
            ),
            models.CheckConstraint(
                condition=Q(token=None, clerk__isnull=False) | Q(token__isnull=False, clerk=None),
                name="incoming_file_by_token_or_clerk",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["importing", "imported", "stopped"]) | Q(run__isnull=False),
                name="incoming_file_imported_by_run",
            ),
        ]

    def __str__(self) -> str:
        return self.file_name or f"{self.pk}"

    @property
    def is_in_work(self) -> bool:
        return self.state in IN_WORK

    @property
    def may_be_imported(self) -> bool:
        return self.clerk_id is not None and self.state in MAY_BE_IMPORTED

    @property
    def has_run_begun(self) -> bool:
        return self.run is not None and self.run.state != ImportRun.State.WAITING
