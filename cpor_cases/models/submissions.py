"""What a court's system sent through the interface, until the worker has taken it in."""

import datetime as dt
from collections.abc import Iterable, Iterator

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .api_tokens import ApiToken
from .imports import ImportRun

KEPT_FOR = dt.timedelta(hours=48)


class SubmissionQuerySet(models.QuerySet):
    def not_taken_in(self) -> "SubmissionQuerySet":
        """Those that wait for a worker, or whose worker may have died over them."""
        states = [ImportRun.State.WAITING, ImportRun.State.RUNNING]
        return self.filter(run__state__in=states).select_related("run__court")

    def first_of_each_court(self) -> list[int]:
        """Return the keys of the oldest of each court, the court first that was served least recently."""
        served = dict(
            Submission.objects.exclude(run=None)
            .exclude(run__state=ImportRun.State.WAITING)
            .values_list("run__court")
            .annotate(served_at=models.Max("run__heartbeat_at"))
        )
        oldest = dict(self.order_by().values_list("run__court").annotate(first=models.Min("pk")))
        never = dt.datetime.min.replace(tzinfo=dt.UTC)
        return [
            oldest[court]
            for court in sorted(oldest, key=lambda court: (served.get(court, never), oldest[court]))
        ]

    def expired(self, at: dt.datetime | None = None) -> "SubmissionQuerySet":
        over = Q(run=None) | ~Q(run__state__in=[ImportRun.State.WAITING, ImportRun.State.RUNNING])
        return self.filter(over, received_at__lt=(at or timezone.now()) - KEPT_FOR)


class Submission(models.Model):
    """One body sent with one token. Under its key (Idempotency-Key) the same body has the same answer."""

    token = models.ForeignKey(
        ApiToken,
        on_delete=models.CASCADE,
        related_name="submissions",
        verbose_name=pgettext_lazy("court system", "API token"),
    )
    idempotency_key = models.CharField(_("idempotency key"), max_length=128, blank=True)
    digest = models.CharField(_("digest"), max_length=64, blank=True)
    language = models.CharField(_("language"), max_length=10)
    received_at = models.DateTimeField(_("received"), default=timezone.now)
    run = models.OneToOneField(
        ImportRun, on_delete=models.CASCADE, null=True, related_name="submission", verbose_name=_("import")
    )

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        verbose_name = _("submission")
        verbose_name_plural = _("submissions")
        constraints = [
            models.UniqueConstraint(
                fields=["token", "idempotency_key"],
                condition=~Q(idempotency_key=""),
                name="unique_idempotency_key_of_token",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"


class SubmissionPart(models.Model):
    """A piece of a body: in the database, which all machines share and no web server shows."""

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="parts")
    number = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["submission", "number"], name="unique_submission_part")
        ]

    def __str__(self) -> str:
        return f"{self.submission_id}/{self.number}"

    @classmethod
    def keep(cls, submission: Submission, pieces: Iterable[bytes]) -> None:
        for number, piece in enumerate(pieces):
            cls.objects.create(submission=submission, number=number, content=piece)

    @classmethod
    def pieces_of(cls, submission: Submission) -> Iterator[bytes]:
        """Yield the body piece by piece: never the whole of it in memory."""
        numbers = list(cls.objects.filter(submission=submission).values_list("number", flat=True))
        for number in numbers:
            yield bytes(cls.objects.get(submission=submission, number=number).content)
