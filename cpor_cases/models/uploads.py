"""What a clerk handed in at the desk and has not yet been taken in whole."""

import datetime as dt
from collections.abc import Iterable, Iterator

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cpor_core.models.courts import Court

from .imports import ImportRun

KEPT_FOR = dt.timedelta(hours=24)
NEVER = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


class UploadQuerySet(models.QuerySet):
    def for_clerk(self, user) -> "UploadQuerySet":
        return self.filter(court__in=Court.objects.for_clerk(user))

    def unfinished(self) -> "UploadQuerySet":
        """Those still to be looked at: being read, waiting for a clerk's word, unreadable, or stopped half-way."""
        return self.exclude(state=Upload.State.TAKEN).exclude(state=Upload.State.TAKING, run__isnull=False)

    def expired(self, at: dt.datetime | None = None) -> "UploadQuerySet":
        return self.filter(uploaded_at__lt=(at or timezone.now()) - KEPT_FOR)

    def due(self, at: dt.datetime | None = None) -> "UploadQuerySet":
        """Those that the worker has to rehearse or take and that no worker has in hand."""
        return self.filter(
            state__in=[Upload.State.REHEARSING, Upload.State.TAKING],
            heartbeat_at__lt=(at or timezone.now()) - Upload.SILENT_TOO_LONG,
        )

    def first_of_each_court(self) -> list[int]:
        """Return the keys of the oldest file of each court, the court first that was served least recently."""
        served = dict(
            Upload.objects.filter(court__in=self.values("court"))
            .values_list("court")
            .annotate(served_at=models.Max("heartbeat_at"))
        )
        oldest = dict(self.order_by().values_list("court").annotate(first=models.Min("pk")))
        return [oldest[court] for court in sorted(oldest, key=lambda court: (served[court], oldest[court]))]


class Upload(models.Model):
    """A court's export on its way: rehearsed, then taken when its clerk says so. The file goes with the row."""

    class State(models.TextChoices):
        REHEARSING = "rehearsing", _("dry run under way")
        REHEARSED = "rehearsed", _("waits for your word")
        UNREADABLE = "unreadable", _("cannot be read")
        TAKING = "taking", _("being taken")
        TAKEN = "taken", _("taken")
        STOPPED = "stopped", _("stopped")

    SILENT_TOO_LONG = dt.timedelta(minutes=2)

    court = models.ForeignKey(Court, on_delete=models.CASCADE, related_name="+", verbose_name=_("court"))
    clerk = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("clerk")
    )
    language = models.CharField(_("language"), max_length=10, default="zh-hant")
    file_name = models.CharField(pgettext_lazy("import", "file"), max_length=200)
    uploaded_at = models.DateTimeField(_("uploaded"), default=timezone.now)
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.REHEARSING)
    heartbeat_at = models.DateTimeField(_("last heartbeat"), default=NEVER)
    tries = models.PositiveSmallIntegerField(
        _("tries"), default=0, help_text=_("How many workers have begun the dry run.")
    )
    rows_read = models.PositiveIntegerField(_("read"), default=0)
    finding = models.JSONField(_("result of the dry run"), default=dict, encoder=DjangoJSONEncoder)
    failure = models.CharField(_("why it cannot be read"), max_length=500, blank=True)
    run = models.OneToOneField(
        ImportRun, on_delete=models.SET_NULL, null=True, related_name="upload", verbose_name=_("import")
    )

    objects = UploadQuerySet.as_manager()

    class Meta:
        verbose_name = _("uploaded file")
        verbose_name_plural = _("uploaded files")

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_in_work(self) -> bool:
        return self.state in {self.State.REHEARSING, self.State.TAKING}

    @property
    def may_be_taken(self) -> bool:
        return self.state in {self.State.REHEARSED, self.State.STOPPED}


class UploadPart(models.Model):
    """A piece of an uploaded file: in the database, which all machines share and nobody can browse."""

    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="parts")
    number = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["upload", "number"], name="unique_upload_part")]

    def __str__(self) -> str:
        return f"{self.upload_id}/{self.number}"

    @classmethod
    def keep(cls, upload: Upload, pieces: Iterable[bytes]) -> None:
        for number, piece in enumerate(pieces):
            cls.objects.create(upload=upload, number=number, content=piece)

    @classmethod
    def pieces_of(cls, upload: Upload) -> Iterator[bytes]:
        """Yield the file piece by piece: never the whole of it in memory."""
        for number in cls.objects.filter(upload=upload).values_list("number", flat=True):
            yield bytes(cls.objects.get(upload=upload, number=number).content)
