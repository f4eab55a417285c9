"""What a comparison found, kept: each group that differs, since when, and whether a later manifest settled it."""

import datetime as dt
from collections.abc import Collection, Iterator

from django.db import transaction
from django.db.models import QuerySet

from cpor_cases.models import Manifest
from cpor_cases.models import ManifestDifference as Difference

from .comparison import Result

KEYS_AT_ONCE = 5000


@transaction.atomic
def forget(manifest: Manifest) -> None:
    """Take back what a worker that died over the comparison had found so far."""
    manifest.differences.all().delete()
    Difference.objects.filter(closed_by=manifest).update(closed_at=None, closed_by=None)


@transaction.atomic
def keep(manifest: Manifest, results: list[Result], now: dt.datetime) -> None:
    """Keep the differences among some results; close those of earlier manifests that are settled, or found anew."""
    earlier = _earlier_of(manifest).filter(group__in=[result.group.key for result in results])
    since = dict(earlier.order_by("-since").values_list("group", "since"))
    earlier.update(closed_at=now, closed_by=manifest)
    Difference.objects.bulk_create(
        (
            Difference(
                manifest=manifest,
                court_id=manifest.court_id,
                by=manifest.by,
                group=result.group.key,
                kind=result.kind,
                entries_there=result.there,
                entries_here=result.here,
                entries=result.entries,
                since=since.get(result.group.key, now),
            )
            for result in results
            if not result.is_equal
        ),
        batch_size=500,
    )


def _earlier_of(manifest: Manifest) -> QuerySet[Difference]:
    """Return the open differences of earlier manifests that count as this one does."""
    own = Difference.objects.open().filter(court=manifest.court_id, by=manifest.by)
    return own.exclude(manifest=manifest)


@transaction.atomic
def leave_out(manifest: Manifest, groups: set[str]) -> int:
    """Drop what was found of these groups, and open what it settled again; return of how many groups that was."""
    dropped = 0
    for some in _parts(groups):
        found = manifest.differences.filter(group__in=some)
        dropped += found.count()
        found.delete()
        Difference.objects.filter(closed_by=manifest, group__in=some).update(closed_at=None, closed_by=None)
    return dropped


@transaction.atomic
def end(manifest: Manifest, *, equal: int, left_out: int, but: set[str], now: dt.datetime) -> None:
    """Record that a manifest was compared. What a complete one does not name, and what is not here either, is settled,
    `but` for the groups of which it says nothing."""
    if manifest.is_complete:
        earlier = _earlier_of(manifest).filter(manifest__received_at__lt=manifest.received_at)
        gone = {key for key, group in earlier.values_list("pk", "group") if group not in but}
        for some in _parts(gone):
            Difference.objects.filter(pk__in=some).update(closed_at=now, closed_by=manifest)
    manifest.parts.all().delete()
    Manifest.objects.filter(pk=manifest.pk).update(
        state=Manifest.State.COMPARED, compared_at=now, equal=equal, left_out=left_out
    )


def _parts(keys: Collection) -> Iterator[list]:
    listed = sorted(keys)
    for start in range(0, len(listed), KEYS_AT_ONCE):
        yield listed[start : start + KEYS_AT_ONCE]
