"""What courts' systems say they hold, and where that differs from what is on record here."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cpor_core.models.courts import Court

from .api_tokens import ApiToken


class Manifest(models.Model):
    """How many entries a court holds of each case, or of each day, with a digest; or the digests of single entries."""

    class By(models.TextChoices):
        CASE = "case", _("by case")
        DAY = "day", _("by day")

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        COMPARED = "compared", pgettext_lazy("manifest", "compared")

    court = models.ForeignKey(Court, on_delete=models.CASCADE, related_name="+", verbose_name=_("court"))
    token = models.ForeignKey(
        ApiToken,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=pgettext_lazy("court system", "API token"),
    )
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("started by"),
    )
    idempotency_key = models.CharField(_("idempotency key"), max_length=128, blank=True)
    digest = models.CharField(_("digest"), max_length=64, blank=True)
    by = models.CharField(pgettext_lazy("manifest", "grouped"), max_length=4, choices=By)
    is_complete = models.BooleanField(
        _("names every group"), default=False, help_text=_("Groups that it does not name are extra here.")
    )
    is_detailed = models.BooleanField(_("names single entries"), default=False)
    received_at = models.DateTimeField(_("received"), default=timezone.now)
    last_import = models.BigIntegerField(
        _("key of the last import accepted before"),
        default=0,
        help_text=_("It is compared with the record as it is once this one and all before have ended."),
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    claimed_at = models.DateTimeField(_("last taken up by a worker"), null=True)
    compared_at = models.DateTimeField(pgettext_lazy("manifest", "compared"), null=True)
    stated = models.PositiveIntegerField(pgettext_lazy("manifest", "groups named"), default=0)
    equal = models.PositiveIntegerField(pgettext_lazy("manifest", "groups that agree"), default=0)
    left_out = models.PositiveIntegerField(
        pgettext_lazy("manifest", "groups left out"),
        default=0,
        help_text=_("Cases that were merged here, and what changed after the manifest was received."),
    )

    class Meta:
        verbose_name = _("manifest")
        verbose_name_plural = _("manifests")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["token", "idempotency_key"],
                condition=~Q(idempotency_key=""),
                name="unique_manifest_key_of_token",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", compared_at=None)
                | Q(state="compared", compared_at__isnull=False),
                name="manifest_compared_at",
            ),
        ]
        indexes = [
            # The clock's query every minute: hardly any waits.
            models.Index(fields=["received_at"], condition=Q(state="waiting"), name="manifests_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.court} {timezone.localtime(self.received_at):%Y-%m-%d %H:%M}"


class ManifestPart(models.Model):
    """Some rows of a manifest, until they have been compared."""

    manifest = models.ForeignKey(Manifest, on_delete=models.CASCADE, related_name="parts")
    number = models.PositiveIntegerField()
    rows = models.JSONField()

    class Meta:
        ordering = ["number"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["manifest", "number"], name="unique_part_of_manifest")]

    def __str__(self) -> str:
        return f"{self.manifest_id}/{self.number}"


class ManifestDifferenceQuerySet(models.QuerySet["ManifestDifference"]):
    def for_clerk(self, user) -> "ManifestDifferenceQuerySet":
        return self.filter(court__in=Court.objects.for_clerk(user))

    def open(self) -> "ManifestDifferenceQuerySet":
        """Those that no later manifest has found settled, or anew."""
        return self.filter(closed_at=None)


class ManifestDifference(models.Model):
    """A case or a day of which the court holds other entries than are on record here."""

    class Kind(models.TextChoices):
        MISSING = "missing", pgettext_lazy("manifest", "missing here")
        EXTRA = "extra", pgettext_lazy("manifest", "not at the court")
        DIFFERENT = "different", pgettext_lazy("manifest", "different")

    manifest = models.ForeignKey(
        Manifest, on_delete=models.CASCADE, related_name="differences", verbose_name=_("manifest")
    )
    court = models.ForeignKey(
        Court, on_delete=models.CASCADE, related_name="+", db_index=False, verbose_name=_("court")
    )
    by = models.CharField(pgettext_lazy("manifest", "grouped"), max_length=4, choices=Manifest.By)
    group = models.CharField(
        pgettext_lazy("manifest", "case or day"),
        max_length=80,
        help_text=_("The number of the case with its category, or the day."),
    )
    kind = models.CharField(pgettext_lazy("manifest", "what differs"), max_length=10, choices=Kind)
    entries_there = models.PositiveIntegerField(_("entries at the court"))
    entries_here = models.PositiveIntegerField(_("entries here"))
    entries = models.JSONField(
        _("entries that differ"),
        default=dict,
        help_text=_("Their numbers, by what differs, if they are known."),
    )
    since = models.DateTimeField(_("since"))
    closed_at = models.DateTimeField(pgettext_lazy("manifest", "settled"), null=True)
    closed_by = models.ForeignKey(
        Manifest,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=pgettext_lazy("manifest", "settled by"),
    )

    objects = ManifestDifferenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("difference from a court's record")
        verbose_name_plural = _("differences from courts' records")
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(
                fields=["manifest", "group"], name="one_difference_per_manifest_and_group"
            )
        ]
        indexes = [
            # What the first page counts, and each comparison asks of its groups: few are open.
            models.Index(
                fields=["court", "by", "group"],
                condition=Q(closed_at=None),
                name="open_manifest_differences",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.group} {self.kind}"
